"""A host's page: who arrives when at one event. In by the link of a message and the press of a button."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.auth import HostOfEvent, Public
from api.edge import cookies
from api.errors import Conflict, NotFound
from api.limits import LINKS, limited
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import arrivals, hosting, ticking
from api.services.arrivals import Kind
from api.transaction import Database

router = APIRouter()
SEE_OTHER = 303


@router.get("/h/{token}")
def follow_link(request: Request, _: Public, token: str) -> Response:
    """Takes the token out of the address before any page is shown. Nothing is changed by it: mail scanners load links."""
    response = RedirectResponse("/host/open", SEE_OTHER)
    cookies.HOST_LINK.put(response, request, token)
    return response


@router.get("/host/open")
def get_in(request: Request, _: Public) -> HTMLResponse:
    return page(request, "hosts/get_in.html", has_link=cookies.HOST_LINK.read(request) is not None)


@router.post("/host/open", dependencies=[Depends(limited(LINKS))])
def exchange_link(request: Request, db: Database, _: Public) -> Response:
    """The press of the button: the link becomes a cookie, and that somebody looks is written down."""
    token = cookies.HOST_LINK.read(request)
    if token is None:
        return RedirectResponse("/host/open", SEE_OTHER)
    try:
        cookie = hosting.exchange(db, token)
    except hosting.LinkUnknown as error:
        form = Filled({}, {"": error.message})
        response: Response = page(request, "hosts/get_in.html", error.status, has_link=False, form=form)
    else:
        response = RedirectResponse("/host", SEE_OTHER)
        cookies.HOST.put(response, request, cookie)
    cookies.HOST_LINK.drop(response, request)
    return response


@router.get("/host")
def show(request: Request, db: Database, host: HostOfEvent) -> HTMLResponse:
    return _show(request, db, host, Filled())


@router.post("/host/people/{kind}/{sign_up_id}")
def tick(
    request: Request, db: Database, host: HostOfEvent, kind: Kind, sign_up_id: UUID, form: Posted
) -> Response:
    """One person, with whoever they bring: arrived, did not come, or neither."""
    try:
        ticking.tick(db, host, kind, sign_up_id, str(form.get("step", "")))
    except (Conflict, NotFound) as error:
        return _show(request, db, host, Filled({}, {"": error.message}), error.status)
    return RedirectResponse(f"/host#{kind}-{sign_up_id}", SEE_OTHER)


@router.post("/host/cars/{lift_id}")
def tick_car(request: Request, db: Database, host: HostOfEvent, lift_id: UUID, form: Posted) -> Response:
    """Everybody in a car at once."""
    try:
        ticking.tick_car(db, host, lift_id, str(form.get("step", "")))
    except NotFound as error:
        return _show(request, db, host, Filled({}, {"": error.message}), error.status)
    return RedirectResponse(f"/host#car-{lift_id}", SEE_OTHER)


@router.post("/host/leave")
def leave_device(request: Request, db: Database, _: HostOfEvent) -> Response:
    """Whoever uses this device next does not see the page."""
    if cookie := cookies.HOST.read(request):
        hosting.forget(db, cookie)
    response = RedirectResponse("/", SEE_OTHER)
    cookies.HOST.drop(response, request)
    return response


def _show(request: Request, db: Session, host: HostOfEvent, form: Filled, status: int = 200) -> HTMLResponse:
    try:
        board = arrivals.board(db, host)
    except hosting.NotOpen as error:
        return _closed(request, db, host, error.status)
    return page(request, "hosts/board.html", status, board=board, campaign=board.campaign, form=form)


def _closed(request: Request, db: Session, host: HostOfEvent, status: int) -> HTMLResponse:
    closed = hosting.closed_page(db, host)
    return page(request, "hosts/closed.html", status, closed=closed, campaign=closed.campaign)
