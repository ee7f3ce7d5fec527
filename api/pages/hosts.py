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
from api.pages.keys import Door
from api.pages.rendering import page
from api.services import arrivals, hosting, ticking
from api.services.arrivals import Kind
from api.transaction import Database

router = APIRouter()
SEE_OTHER = 303


DOOR = Door(
    "/host/open", "/host", "hosts/get_in.html", cookies.HOST_LINK, cookies.HOST, hosting.exchange, hosting.forget
)  # fmt: skip


@router.get("/h/{token}")
def follow_link(request: Request, _: Public, token: str) -> Response:
    return DOOR.follow(request, token)


@router.get("/host/open")
def get_in(request: Request, _: Public) -> HTMLResponse:
    return DOOR.show(request)


@router.post("/host/open", dependencies=[Depends(limited(LINKS))])
def exchange_link(request: Request, db: Database, _: Public) -> Response:
    """The link becomes a cookie, and that somebody looks is written down."""
    return DOOR.enter(request, db)


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
    return DOOR.leave(request, db)


def _show(request: Request, db: Session, host: HostOfEvent, form: Filled, status: int = 200) -> HTMLResponse:
    try:
        board = arrivals.board(db, host)
    except hosting.NotOpen as error:
        return _closed(request, db, host, error.status)
    return page(request, "hosts/board.html", status, board=board, campaign=board.campaign, form=form)


def _closed(request: Request, db: Session, host: HostOfEvent, status: int) -> HTMLResponse:
    closed = hosting.closed_page(db, host)
    return page(request, "hosts/closed.html", status, closed=closed, campaign=closed.campaign)
