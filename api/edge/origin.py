"""Only our own pages may post to us: what another site's page sends is refused, by the browser's word."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth import is_api
from api.edge.answers import answer
from api.errors import Refused
from api.language import N_
from api.settings import Settings
from api.transaction import SAFE_METHODS

ELSEWHERE = N_(
    "This was sent from another website, so we did not act on it. Please use the form on our page."
)


class SameOrigin:
    """Refuses every request that changes something and was sent by another site's page."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or self._is_fine(scope):
            return await self.app(scope, receive, send)
        response = await answer(Request(scope, receive), Refused(ELSEWHERE))
        return await response(scope, receive, send)

    def _is_fine(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if is_api(scope["path"]) and headers.get("authorization", "").lower().startswith("bearer "):
            return True  # No browser adds this header by itself, and with it the cookie does not count.
        return came_from_here(headers, self.settings)


def came_from_here(headers: Headers, settings: Settings) -> bool:
    """Whether a page of ours sent it. Programs that are no browsers say nothing, and have no cookie of ours."""
    if (origin := headers.get("origin")) is not None:
        return origin in our_origins(headers, settings)
    if (site := headers.get("sec-fetch-site")) is not None:
        return site in {"same-origin", "none"}
    if (referer := headers.get("referer")) is not None:
        return origin_of(referer) in our_origins(headers, settings)
    return "cookie" not in headers


def our_origins(headers: Headers, settings: Settings) -> set[str | None]:
    """The configured address; without one, as in development, the host that the browser asked for."""
    if settings.base_url:
        return {origin_of(settings.base_url)} - {None}
    host = headers.get("host", "").lower()
    return {f"http://{host}", f"https://{host}"}


def origin_of(address: str) -> str | None:
    """The origin that a browser gives for an address; None if it is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else None
