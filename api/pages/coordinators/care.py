"""What a coordinator does for single people: notes on who never travels with whom, and drivers who have not answered.

Each look at a person's words or number is a press, and written down.
"""

import re
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.auth import Staff
from api.errors import Invalid
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import avoidances, campaigns, deadlines
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")
SEE_OTHER = 303
_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@router.post("/notes/{note_id}")
def read_note(
    request: Request, db: Database, coordinator: Staff, slug: str, day: date, note_id: UUID, form: Posted
) -> HTMLResponse:
    """A note, and the people whom it may mean; or those of a name that the coordinator looks for."""
    wanted = str(form.get("wanted", ""))[:200]
    return _note(request, db, coordinator, slug, day, note_id, Filled({"wanted": wanted}))


@router.post("/notes/{note_id}/apart")
def keep_apart(
    request: Request, db: Database, coordinator: Staff, slug: str, day: date, note_id: UUID, form: Posted
) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    who = [UUID(one) for one in form.getlist("who") if isinstance(one, str) and _UUID.fullmatch(one)]
    try:
        avoidances.keep_apart(db, campaign, note_id, coordinator, who)
    except Invalid as error:
        again = Filled({"wanted": str(form.get("wanted", ""))[:200]}, error.errors)
        return _note(request, db, coordinator, slug, day, note_id, again, error.status)
    return _to(slug, day)


@router.post("/notes/{note_id}/close")
def close_note(db: Database, coordinator: Staff, slug: str, day: date, note_id: UUID) -> Response:
    avoidances.close(db, campaigns.find_for(db, slug, coordinator), note_id, coordinator)
    return _to(slug, day)


@router.post("/lifts/{lift_id}/ring")
def ring(
    request: Request, db: Database, coordinator: Staff, slug: str, day: date, lift_id: UUID
) -> HTMLResponse:
    """The number of a driver who has not said that they come."""
    campaign = campaigns.find_for(db, slug, coordinator)
    call = deadlines.ring(db, campaign, lift_id, coordinator)
    shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign), "day": day}
    return page(request, "coordinators/ring.html", call=call, **shown)


@router.post("/lifts/{lift_id}/comes")
def comes(db: Database, coordinator: Staff, slug: str, day: date, lift_id: UUID) -> Response:
    deadlines.comes(db, campaigns.find_for(db, slug, coordinator), lift_id, coordinator)
    return _to(slug, day)


@router.post("/lifts/{lift_id}/off")
def call_off(db: Database, coordinator: Staff, slug: str, day: date, lift_id: UUID) -> Response:
    deadlines.call_off(db, campaigns.find_for(db, slug, coordinator), lift_id, coordinator)
    return _to(slug, day)


def _to(slug: str, day: date) -> RedirectResponse:
    return RedirectResponse(f"/coordinate/{slug}/{day}", SEE_OTHER)


def _note(
    request: Request,
    db: Session,
    coordinator: Staff,
    slug: str,
    day: date,
    note_id: UUID,
    form: Filled,
    status: int = 200,
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    note = avoidances.read(db, campaign, note_id, coordinator, str(form.value("wanted")))
    shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign), "day": day}
    return page(request, "coordinators/note.html", status, open_note=note, form=form, **shown)
