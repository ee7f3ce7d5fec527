"""Which language a request is answered in: what somebody chose, else what their browser prefers. Programs get English."""

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth import is_api
from api.edge import cookies
from api.language import ENGLISH, NAMES, WELSH, speaking
from api.settings import Settings


class Language:
    """Answers in Welsh where it is wanted and the operator has named somebody who read it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.has_welsh = bool(settings.welsh_reviewer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.has_welsh or is_api(scope["path"]):
            return await self.app(scope, receive, send)
        code = scope.setdefault("state", {})["language"] = wanted(HTTPConnection(scope))
        with speaking(code):
            return await self.app(scope, receive, send)


def wanted(request: HTTPConnection) -> str:
    """The code of the language that this visitor wants."""
    chosen = cookies.LANGUAGE.read(request)
    return chosen if chosen in NAMES else preferred(request.headers)


def preferred(headers: Headers) -> str:
    """Welsh if the browser puts it before English."""
    for part in headers.get("accept-language", "").split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in (ENGLISH, WELSH):
            return code
    return ENGLISH
