"""A line a request: route, end and time. Never its address, which may hold a private link."""

import time
from secrets import token_hex

import structlog
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth import OPEN_MOUNTS
from api.edge.answers import answer
from api.errors import Failed
from api.language import ENGLISH, gettext, speaking
from api.logs import log

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"/health", "/ready", "/metrics"})
NOWHERE = "-"


class AccessLog:
    """Numbers the request, logs it, and keeps every exception from the server's own log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request_id = token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        seen = _Seen(send, request_id)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, seen)
            except Exception as error:  # noqa: BLE001  Nothing may reach the server, which would log the message whole.
                log.error("request failed", exc_info=error)
                await _apologise(scope, receive, seen)
            finally:
                _write(scope, seen.status, started)
        return None


class _Seen:
    """Passes the answer on, remembers its status and adds the number to its headers."""

    def __init__(self, send: Send, request_id: str) -> None:
        self.send = send
        self.request_id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            MutableHeaders(scope=message)["X-Request-ID"] = self.request_id
        await self.send(message)


async def _apologise(scope: Scope, receive: Receive, seen: _Seen) -> None:
    """A plain page, unless the answer has begun: then the connection's end must tell."""
    if seen.status != 0:
        return
    with speaking(scope["state"].get("language", ENGLISH)):
        try:
            response = await answer(Request(scope, receive), Failed())
        except Exception as error:  # noqa: BLE001  Whatever is wrong with the page, words can still be sent.
            log.error("error page failed", exc_info=error)
            response = PlainTextResponse(gettext(Failed.words), Failed.status)
    await response(scope, receive, seen)


def _write(scope: Scope, status: int, started: float) -> None:
    route = route_of(scope)
    write = log.debug if route in QUIET and status < 500 else log.info
    method = scope["method"] if scope["method"] in METHODS else NOWHERE
    seconds = time.perf_counter() - started
    write("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
    scope["app"].state.meters.count(method, route, status, seconds)


def route_of(scope: Scope) -> str:
    """The pattern of the request's route, such as `/l/{token}`; `-` if no route took it."""
    names: dict[int, str] = scope["app"].state.route_names
    if (name := names.get(id(scope.get("route")))) is not None:
        return name
    return next((mount for mount in OPEN_MOUNTS if scope["path"].startswith(f"{mount}/")), NOWHERE)


def route_names(app: FastAPI) -> dict[int, str]:
    """The full pattern of every route, by the identity that the router leaves in a request's scope."""
    return {id(route.original_route): str(route.path) for route in iter_route_contexts(app.routes)}
