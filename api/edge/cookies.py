"""Our cookies. Outside development each has the `__Host-` prefix, so that no subdomain can set it."""

import re
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

from api.settings import Settings

TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True)
class Cookie:
    """One kind of cookie: for the whole site, hidden from scripts, not sent along from other sites' forms."""

    name: str
    lasts: timedelta

    def name_in(self, settings: Settings) -> str:
        """Browsers take the prefix only over TLS, which development does without."""
        return f"__Host-{self.name}" if settings.production else self.name

    def read(self, request: HTTPConnection) -> str | None:
        return request.cookies.get(self.name_in(request.app.state.settings)) or None

    def put(self, response: Response, request: HTTPConnection, value: str) -> None:
        """Keeps a token of ours. What cannot be one, as in a link that somebody made up, is not kept."""
        if not TOKEN.fullmatch(value):
            return
        settings: Settings = request.app.state.settings
        response.set_cookie(
            self.name_in(settings),
            value,
            max_age=int(self.lasts.total_seconds()),
            path="/",
            secure=settings.production,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, request: HTTPConnection) -> None:
        settings: Settings = request.app.state.settings
        name = self.name_in(settings)
        response.delete_cookie(name, path="/", secure=settings.production, httponly=True, samesite="lax")


LOGIN = Cookie("login", timedelta(hours=12))
"""A coordinator's log-in session."""
LOGIN_STEP = Cookie("login-step", timedelta(minutes=10))
"""A log-in whose password was right and whose code is still to come."""
DEVICE = Cookie("device", timedelta(days=30))
"""A browser on which a coordinator logged in lately."""
PRIVATE = Cookie("me", timedelta(days=60))
"""A volunteer's private page; the row behind it says how long it is good for."""
LINK = Cookie("link", timedelta(minutes=10))
"""A private link's token on its way from the message to the button that exchanges it."""
HOST = Cookie("host", timedelta(days=60))
"""A host's page of one event; the row behind it says how long it is good for."""
HOST_LINK = Cookie("host-link", timedelta(minutes=10))
"""What `LINK` is, for a host's link."""
INVITATION = Cookie("invitation", timedelta(hours=1))
"""An invitation's token on its way from the message to the form that uses it."""
DRAFT = Cookie("draft", timedelta(days=7))
"""A form that is not sent yet."""
LANGUAGE = Cookie("language", timedelta(days=365))
"""The language that somebody chose."""
FORM = Cookie("form", timedelta(days=30))
"""The number that a form's token is made from."""
