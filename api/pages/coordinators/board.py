"""The board of a day that goes on: who has no way home, proposals to answer, and the cars under way."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from api.auth import CONFIRMED, needs
from api.errors import Conflict, Invalid, NotFound
from api.pages.coordinators import wording
from api.pages.coordinators.rooms import Day, OneDay
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services.repair import answering, board, calling
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}/board")
BOARD = "board"
MOST_PAGES = 10_000

State = Annotated[str, Query(max_length=20)]
Number = Annotated[int, Query(alias="page", ge=1, le=MOST_PAGES)]


@router.get("", dependencies=[needs(Right.DAY)])
def show(request: Request, db: Database, at: OneDay, state: State = "", number: Number = 1) -> HTMLResponse:
    return _show(request, db, at, state, number)


@router.get("/live", dependencies=[needs(Right.DAY)])
def show_live(
    request: Request, db: Database, at: OneDay, state: State = "", number: Number = 1
) -> HTMLResponse:
    """The part of the page that a script asks for again and again."""
    return page(request, "coordinators/board_live.html", **_about(db, at, state, number))


@router.post("/repairs/{repair_id}/approve", dependencies=[needs(Right.PUBLISH), CONFIRMED])
def approve(request: Request, db: Database, at: OneDay, repair_id: UUID) -> Response:
    """Publish a proposal. Whoever comes second is told who was first."""
    try:
        answering.approve(db, at.campaign, repair_id, at.coordinator)
    except (Conflict, NotFound) as error:
        return _again(request, db, at, error)
    return at.to(BOARD)


@router.post("/repairs/{repair_id}/refuse", dependencies=[needs(Right.MATCH)])
def refuse(request: Request, db: Database, at: OneDay, repair_id: UUID) -> Response:
    try:
        answering.refuse(db, at.campaign, repair_id, at.coordinator)
    except (Conflict, NotFound) as error:
        return _again(request, db, at, error)
    return at.to(BOARD)


@router.post("/search", dependencies=[needs(Right.MATCH)])
def search(db: Database, at: OneDay) -> Response:
    """Look for lifts once more, though nothing happened."""
    calling.search_again(db, at.campaign, at.day, at.coordinator)
    return at.to(BOARD)


@router.post("/settings", dependencies=[needs(Right.SETTINGS)])
def settle(request: Request, db: Database, at: OneDay, form: Posted) -> Response:
    typed = {name: str(form.get(name, "")) for name in ("alone", "minutes", "unanswered")}
    minutes = int(typed["minutes"]) if typed["minutes"].isdecimal() else 0
    choice = {"alone": typed["alone"] == "yes", "unanswered": typed["unanswered"] == "publish"}
    try:
        calling.settle(db, at.campaign, at.coordinator, minutes=minutes, **choice)
    except Invalid as error:
        return _show(request, db, at, form=Filled(typed, error.errors), status=error.status)
    return at.to(BOARD, "settings")


@router.post("/cars/{lift_id}", dependencies=[needs(Right.DRIVERS)])
def ring_car(request: Request, db: Database, at: OneDay, lift_id: UUID) -> Response:
    """The numbers of the people in a car. A press, so that loading a page shows nobody's number."""
    try:
        call = calling.ring_car(db, at.campaign, lift_id, at.coordinator)
    except Conflict as error:
        return _again(request, db, at, error)
    return page(request, "coordinators/board_car.html", **at.shown(call=call))


@router.post("/cars/{lift_id}/broken-down", dependencies=[needs(Right.DRIVERS)])
def broken_down(request: Request, db: Database, at: OneDay, lift_id: UUID) -> Response:
    """A driver rang: the car cannot go on."""
    try:
        calling.broken_down(db, at.campaign, lift_id, at.coordinator)
    except Conflict as error:
        return _again(request, db, at, error)
    return at.to(at.first or BOARD)


@router.post("/people/{request_id}", dependencies=[needs(Right.CALLS)])
def ring_rider(request: Request, db: Database, at: OneDay, request_id: UUID) -> Response:
    """The number of somebody who has no way home."""
    try:
        call = calling.ring_rider(db, at.campaign, request_id, at.coordinator)
    except NotFound as error:
        return _again(request, db, at, error)
    return page(request, "coordinators/board_rider.html", **at.shown(call=call))


def _again(request: Request, db: Session, at: Day, error: Conflict | NotFound) -> HTMLResponse:
    """The board as it is now, with what happened on top."""
    return _show(request, db, at, form=Filled({}, {"": error.message}), status=error.status)


def _about(db: Session, at: Day, state: str, number: int) -> dict[str, Any]:
    words = {"causes": wording.REPAIR_CAUSES, "ends": wording.REPAIR_STATES, "car_states": wording.CAR_STATES}
    return at.shown(board=board.board(db, at.campaign, at.day, state, number), **words)


def _show(
    request: Request, db: Session, at: Day, state: str = "", number: int = 1,
    form: Filled | None = None, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    campaign = at.campaign
    now = {
        "alone": "yes" if campaign.repairs_alone else "no",
        "minutes": campaign.repair_minutes,
        "unanswered": "publish" if campaign.repairs_unanswered else "no_lift",
    }
    shown = _about(db, at, state, number) | {"minutes": calling.MINUTES, "now": now}
    return page(request, "coordinators/board.html", status, form=form or Filled(), **shown)
