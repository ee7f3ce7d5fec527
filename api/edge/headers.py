"""Headers on every answer: what a browser may load and do, and that nothing personal is kept."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth import OPEN_MOUNTS
from api.edge import cookies
from api.edge.answers import is_import, too_large
from api.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # With no-referrer browsers send `Origin: null` with our own forms too, and `api.edge.origin` refuses them.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
FOR_EVER = "public, max-age=31536000, immutable"
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000"}


class SecurityHeaders:
    """Adds the headers to every answer, and the cookie that belongs to a form on the page."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.headers = {**ALWAYS, **(OVER_TLS if settings.production else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, message["status"], MutableHeaders(scope=message))
            await send(message)

        return await self.app(scope, receive, with_headers)

    def _add(self, scope: Scope, status: int, headers: MutableHeaders) -> None:
        for name, value in self.headers.items():
            headers[name] = value
        headers.setdefault("Cache-Control", _caching(scope) if status < 400 else "no-store")
        nonce = scope.get("state", {}).get("form_nonce")
        if nonce is not None:
            carrier = Response()
            cookies.FORM.put(carrier, Request(scope), nonce)
            headers.append("Set-Cookie", carrier.headers["Set-Cookie"])


def _caching(scope: Scope) -> str:
    """Pages may hold what only their reader may see. Our files may be kept; by version, for ever."""
    if not scope["path"].startswith(tuple(f"{mount}/" for mount in OPEN_MOUNTS)):
        return "no-store"
    return FOR_EVER if scope["query_string"].startswith(b"v=") else "no-cache"


class SizeLimit:
    """Refuses a body that says it is too large before it is read; the app counts those that do not say."""

    def __init__(self, app: ASGIApp, most: int, most_of_table: int) -> None:
        self.app = app
        self.most = most
        self.most_of_table = most_of_table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if scope["type"] != "http" or not self._is_too_large(scope, length):
            return await self.app(scope, receive, send)
        response = await too_large(Request(scope, receive))
        return await response(scope, receive, send)

    def _is_too_large(self, scope: Scope, length: str) -> bool:
        if not length.isdecimal() or int(length) <= self.most:
            return False
        # Whoever is not even logged in is turned away at once.
        is_table = is_import(scope["path"]) and cookies.LOGIN.read(Request(scope)) is not None
        return not is_table or int(length) > self.most_of_table
