"""What a coordinator does for single people: notes on who never travels with whom, and drivers who have not answered.

Each look at a person's words or number is a press, and written down.
"""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from api.auth import needs
from api.errors import Invalid
from api.pages.coordinators.rooms import Day, OneDay
from api.pages.filled import Filled, Posted, ids
from api.pages.rendering import page
from api.services import avoidances, deadlines
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")


@router.post("/notes/{note_id}", dependencies=[needs(Right.CARE)])
def read_note(request: Request, db: Database, at: OneDay, note_id: UUID, form: Posted) -> HTMLResponse:
    """A note, and the people whom it may mean; or those of a name that the coordinator looks for."""
    return _note(request, db, at, note_id, Filled({"wanted": _wanted(form)}))


@router.post("/notes/{note_id}/apart", dependencies=[needs(Right.CARE)])
def keep_apart(request: Request, db: Database, at: OneDay, note_id: UUID, form: Posted) -> Response:
    try:
        avoidances.keep_apart(db, at.campaign, note_id, at.coordinator, ids(form, "who"))
    except Invalid as error:
        again = Filled({"wanted": _wanted(form)}, error.errors)
        return _note(request, db, at, note_id, again, error.status)
    return at.to()


@router.post("/notes/{note_id}/close", dependencies=[needs(Right.CARE)])
def close_note(db: Database, at: OneDay, note_id: UUID) -> Response:
    avoidances.close(db, at.campaign, note_id, at.coordinator)
    return at.to()


@router.post("/lifts/{lift_id}/ring", dependencies=[needs(Right.DRIVERS)])
def ring(request: Request, db: Database, at: OneDay, lift_id: UUID) -> HTMLResponse:
    """The number of a driver who has not said that they come."""
    call = deadlines.ring(db, at.campaign, lift_id, at.coordinator)
    return page(request, "coordinators/ring.html", **at.shown(call=call))


@router.post("/lifts/{lift_id}/comes", dependencies=[needs(Right.DRIVERS)])
def comes(db: Database, at: OneDay, lift_id: UUID) -> Response:
    deadlines.comes(db, at.campaign, lift_id, at.coordinator)
    return at.to()


@router.post("/lifts/{lift_id}/off", dependencies=[needs(Right.DRIVERS)])
def call_off(db: Database, at: OneDay, lift_id: UUID) -> Response:
    deadlines.call_off(db, at.campaign, lift_id, at.coordinator)
    return at.to()


def _wanted(form: Posted) -> str:
    return str(form.get("wanted", ""))[:200]


def _note(
    request: Request, db: Session, at: Day, note_id: UUID, form: Filled, status: int = 200
) -> HTMLResponse:
    note = avoidances.read(db, at.campaign, note_id, at.coordinator, str(form.value("wanted")))
    return page(request, "coordinators/note.html", status, form=form, **at.shown(open_note=note))
