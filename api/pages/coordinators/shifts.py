"""A long event becomes shifts, in one step."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.auth import Staff, needs
from api.errors import Invalid
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import campaigns, constituencies, shifts
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/events/{event_id}/shifts")
SEE_OTHER = 303


@router.get("", dependencies=[needs(Right.EVENTS)])
def ask(request: Request, db: Database, coordinator: Staff, slug: str, event_id: UUID) -> HTMLResponse:
    return _ask(request, db, coordinator, slug, event_id, Filled())


@router.post("", dependencies=[needs(Right.EVENTS)])
def make(
    request: Request, db: Database, coordinator: Staff, slug: str, event_id: UUID, form: Posted
) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = {name: str(form.get(name, "")) for name in ("count", "wanted", "ends_at")}
    count, wanted = (_number(typed[name]) for name in ("count", "wanted"))
    try:
        shifts.make(db, campaign, coordinator, event_id, count, wanted, typed["ends_at"])
    except Invalid as error:
        return _ask(request, db, coordinator, slug, event_id, Filled(typed, error.errors), 422)
    return RedirectResponse(f"/coordinate/{slug}#events", SEE_OTHER)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1


def _ask(
    request: Request, db: Session, coordinator: Staff, slug: str, event_id: UUID, form: Filled, status: int = 200
) -> HTMLResponse:  # fmt: skip
    campaign = campaigns.find_for(db, slug, coordinator)
    event = shifts.long_event(db, campaign, event_id)
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "campaign": campaigns.view(campaign),
        "event": campaigns.event_view(event, constituencies.current(db)),
        "ends_at": event.ends_at.isoformat(),
        "ways": shifts.ways(event),
    }
    return page(request, "coordinators/shifts.html", status, form=form, **shown)
