"""What became of the messages of a day: figures first, then whom to ring, then all of them, filtered in the address."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.auth import needs
from api.errors import Conflict
from api.pages.coordinators import by_hand, wording
from api.pages.coordinators.lists import Listed, page_asked
from api.pages.coordinators.rooms import Day, OneDay
from api.pages.coordinators.wording_of_messages import GROUPS, RESULTS, SAY, WHY
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import day_messages, ringing, sending
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}/messages")
PAGE = "messages"


@router.get("", dependencies=[needs(Right.DAY)])
def show_messages(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    """What became of every message of the day, failures first."""
    return messages_page(request, db, at)


@router.post("/try-again", dependencies=[needs(Right.MATCH)])
def try_again(request: Request, db: Database, at: OneDay) -> Response:
    """Everything that did not arrive goes out once more."""
    return pressed(request, db, at, lambda: sending.try_again(db, at.campaign, at.day, at.coordinator))


@router.post("/{message_id}/ring", dependencies=[needs(Right.CALLS)])
def ring(request: Request, db: Database, at: OneDay, message_id: UUID) -> Response:
    """Somebody's number, and what to say. A press, so that loading a page shows nobody's number."""
    try:
        call = ringing.ring(db, at.campaign, message_id, at.coordinator)
    except Conflict as error:
        return _messages(request, db, at, error)
    shown = at.shown(
        results=RESULTS,
        call=call,
        why=WHY,
        say=SAY,
        message_kinds=wording.MESSAGE_KINDS,
        text=by_hand.text_of(call, at.coordinator.name),
        ways=by_hand.links(call, at.coordinator.name),
    )
    return page(request, "coordinators/ring_them.html", **shown)


@router.post("/{message_id}/rung", dependencies=[needs(Right.CALLS)])
def rung(request: Request, db: Database, at: OneDay, message_id: UUID, posted: Posted) -> Response:
    """What came of it; back to whoever is left to ring."""
    try:
        ringing.ended(db, at.campaign, message_id, str(posted.get("how") or ""), at.coordinator)
    except Conflict as error:
        return _messages(request, db, at, error)
    if not request.state.access.may(Right.DAY):
        return at.to(part="calls")
    return RedirectResponse(f"{at.address}/messages?state=ring", HTTPStatus.SEE_OTHER)


def pressed(request: Request, db: Session, at: Day, act: Callable[[], object]) -> Response:
    """The page as it is once `act` is done, or with why it could not be."""
    try:
        act()
    except Conflict as error:
        return _messages(request, db, at, error)
    return at.to(PAGE)


def _messages(request: Request, db: Session, at: Day, error: Conflict) -> Response:
    """What went wrong, above the list; to somebody who may see it."""
    if not request.state.access.may(Right.DAY):
        raise error
    return messages_page(request, db, at, Filled({}, {PAGE: error.message}), error.status)


def messages_page(
    request: Request, db: Session, at: Day, form: Filled | None = None, status: int = 200
) -> HTMLResponse:
    """The page of the day's messages; with what went wrong in `form`."""
    chosen = day_messages.read(request.query_params)
    found = day_messages.listed(db, at.campaign, at.day, chosen, page_asked(request))
    shown = at.shown(
        posting=found,
        listed=Listed(f"{at.address}/messages", chosen, found.page, found.total, found.size),
        groups=GROUPS,
        why=WHY,
        say=SAY,
        message_kinds=wording.MESSAGE_KINDS,
        message_states=wording.MESSAGE_STATES,
    )
    return page(request, "coordinators/day_messages.html", status, form=form or Filled(), **shown)
