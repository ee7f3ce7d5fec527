"""Turns errors into answers: pages, JSON under `/v1`. Values are repeated only in a form to send again."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.auth import is_api, login_address
from api.edge.faults import in_words
from api.errors import (
    CodesWanted,
    ConfirmFirst,
    FormExpired,
    Invalid,
    NoPrivatePage,
    NotFound,
    NotLoggedIn,
    ServiceError,
    TooMany,
    Unavailable,
)
from api.language import N_, gettext
from api.language.library import translated
from api.logs import log
from api.pages.rendering import page
from api.store.embedded import DatabaseUnavailable
from api.transaction import SAFE_METHODS
from carpool.errors import CarpoolError

RETRY_SECONDS = 5
NEVER_REPEATED = frozenset({"csrf", "password", "confirm", "code"})

TITLES = {
    401: N_("Please log in"),
    403: N_("We did not act on this"),
    404: N_("There is nothing here"),
    409: N_("Something changed in the meantime"),
    413: N_("This is too large"),
    422: N_("Please look at your answers again"),
    429: N_("Please wait a while"),
    500: N_("Something went wrong on our side"),
    503: N_("Please try again in a minute"),
}
DID_NOT_WORK = N_("This did not work")
WORDS = {
    400: N_("We could not read what was sent. Please go back and try again."),
    404: NotFound.words,
    405: N_("This address does not work that way. Please start from the front page."),
    413: N_("What was sent is larger than any form of ours. Please shorten your answers and try again."),
}


TABLE_TOO_LARGE = "This file is larger than 10 MB. Save it as CSV, or split it, and choose it again."
_IMPORT = re.compile(r"/coordinate/[^/]+/import")


@dataclass(frozen=True)
class Problem:
    """What the error page shows, in the language spoken. `again`: the fields of a form that `action` takes once more."""

    status: int
    title: str
    message: str
    action: str | None = None
    again: tuple[tuple[str, str], ...] = ()
    request_id: str | None = None


async def answer(request: Request, error: CarpoolError) -> Response:
    """The answer to an error that the service raised on purpose."""
    status = error.status if isinstance(error, ServiceError) else 422
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_SECONDS)
    if is_api(request.url.path):
        return _json(status, error, headers)
    if isinstance(error, NotLoggedIn | NoPrivatePage | CodesWanted):
        return _show_the_way(request, error)
    if isinstance(error, ConfirmFirst):
        return await _ask_again(request, error)
    return await _page(request, status, error, headers)


def _json(status: int, error: CarpoolError, headers: dict[str, str]) -> Response:
    said: dict[str, Any] = {"message": error.message, "field": error.field}
    if isinstance(error, Invalid):
        said["fields"] = error.errors
    if status == HTTPStatus.UNAUTHORIZED:
        headers = {**headers, "WWW-Authenticate": "Bearer"}
    return JSONResponse({"error": said}, status, headers)


def _show_the_way(request: Request, error: ServiceError) -> Response:
    """On to where one gets in. A part of a page that a script asked for moves the whole page there."""
    address = error.way if isinstance(error, NoPrivatePage | CodesWanted) else login_address(request)
    if request.headers.get("hx-request"):
        return Response(status_code=error.status, headers={"HX-Redirect": address})
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


async def _ask_again(request: Request, error: ConfirmFirst) -> Response:
    """The same press once more, with the password or code: nothing that was typed is lost."""
    again = Problem(error.status, "", "", request.url.path, await _typed(request))
    return page(
        request, "login/confirm.html", error.status, again=again, by_code=error.by_code, wrong=error.wrong
    )


async def _page(request: Request, status: int, error: CarpoolError, headers: dict[str, str]) -> Response:
    keeps = isinstance(error, Unavailable | FormExpired) and request.method not in SAFE_METHODS
    problem = Problem(
        status,
        gettext(TITLES.get(status, DID_NOT_WORK)),
        translated(error.message),
        request.url.path if keeps else None,
        await _typed(request) if keeps else (),
        getattr(request.state, "request_id", None),
    )
    response = page(request, "error.html", status, problem=problem)
    response.headers.update(headers)
    return response


async def _typed(request: Request) -> tuple[tuple[str, str], ...]:
    """What somebody typed, to be sent again; secrets are typed again."""
    form = await request.form()
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return tuple((name, value) for name, value in fields if name not in NEVER_REPEATED)


async def _on_purpose(request: Request, error: CarpoolError) -> Response:
    if isinstance(error, DatabaseUnavailable):
        return await answer(request, Unavailable())
    return await answer(request, error)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    """A path that cannot be is simply not there; anything else names its field."""
    faults = error.errors()
    if any(fault["loc"][:1] == ("path",) for fault in faults):
        return await answer(request, NotFound())
    return await answer(request, Invalid(in_words(faults)))


async def _http(request: Request, error: HTTPException) -> Response:
    """The framework's own refusals: no such address, wrong method, too large."""
    words = WORDS.get(error.status_code)
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and is_import(request.url.path):
        words = TABLE_TOO_LARGE
    made = ServiceError(words)
    made.status = error.status_code
    response = await answer(request, made)
    response.headers.update(error.headers or {})
    return response


def is_import(path: str) -> bool:
    """Whether tables are sent here, which are larger than any form."""
    return _IMPORT.fullmatch(path) is not None


async def too_large(request: Request) -> Response:
    """The answer to a body over the limit."""
    return await _http(request, HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))


async def _database_away(request: Request, error: Exception) -> Response:
    # The driver's own word tells a server that is away from two transactions that wait for one another.
    log.error("database unreachable", error=type(getattr(error, "orig", None) or error).__name__)
    return await answer(request, Unavailable())


async def _cannot_be_stored(request: Request, error: DataError) -> Response:
    """Text or a number that no column can hold, such as a NUL character: nothing here has such a name."""
    return await answer(request, NotFound() if request.method in SAFE_METHODS else Invalid({}))


def install(app: FastAPI) -> None:
    """Makes these the answers of the app."""
    app.add_exception_handler(CarpoolError, _on_purpose)  # type: ignore[arg-type]  # Starlette's type knows Exception only.
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    app.add_exception_handler(DataError, _cannot_be_stored)  # type: ignore[arg-type]
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(away, _database_away)
