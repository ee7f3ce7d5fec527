"""One event for its coordinators: its hosts, how many have come, and who needs a way home."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from api.auth import Staff, needs
from api.errors import Conflict, Invalid
from api.pages.coordinators.wording import MESSAGE_STATES
from api.pages.filled import Filled, Posted, fields_of
from api.pages.rendering import page
from api.services import arrivals, campaigns, hosting
from api.services.campaign_forms import HostForm, NumberForm
from api.services.plain import refusals
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/events/{event_id}")
SEE_OTHER = 303

PLAIN = {
    "host_name": "Type the host’s name, with at most 120 characters.",
    "host_email": "Type the host’s e-mail address, for example name@example.org.",
    "number": "Type a UK phone number, for example 020 7946 0123, or leave it empty.",
}


@router.get("", dependencies=[needs(Right.EVENT)])
def show(request: Request, db: Database, coordinator: Staff, slug: str, event_id: UUID) -> HTMLResponse:
    return _show(request, db, coordinator, slug, event_id, Filled())


@router.post("/hosts", dependencies=[needs(Right.HOSTS)])
def add_host(
    request: Request, db: Database, coordinator: Staff, slug: str, event_id: UUID, form: Posted
) -> Response:
    """A host, who gets the link by mail."""
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = fields_of(HostForm, form)
    try:
        hosting.add(db, campaign, coordinator, event_id, HostForm.model_validate(typed))
    except ValidationError as error:
        again = Filled(typed, refusals(error, PLAIN))
    except (Conflict, Invalid) as error:
        again = Filled(typed, {error.field or "": error.message})
        return _show(request, db, coordinator, slug, event_id, again, error.status)
    else:
        return _to(slug, event_id)
    return _show(request, db, coordinator, slug, event_id, again, 422)


@router.post("/hosts/{host_id}/link", dependencies=[needs(Right.HOSTS)])
def send_new_link(db: Database, coordinator: Staff, slug: str, event_id: UUID, host_id: UUID) -> Response:
    """Another link; those before it open nothing any more."""
    hosting.send_new_link(db, campaigns.find_for(db, slug, coordinator), coordinator, event_id, host_id)
    return _to(slug, event_id)


@router.post("/hosts/{host_id}/remove", dependencies=[needs(Right.HOSTS)])
def remove_host(db: Database, coordinator: Staff, slug: str, event_id: UUID, host_id: UUID) -> Response:
    hosting.revoke(db, campaigns.find_for(db, slug, coordinator), coordinator, event_id, host_id)
    return _to(slug, event_id)


@router.post("/number", dependencies=[needs(Right.SETTINGS)])
def set_number(
    request: Request, db: Database, coordinator: Staff, slug: str, event_id: UUID, form: Posted
) -> Response:
    """What hosts ring on the day, at every event of the campaign."""
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = fields_of(NumberForm, form)
    try:
        hosting.set_number(db, campaign, coordinator, NumberForm.model_validate(typed))
    except ValidationError as error:
        again = Filled(typed, refusals(error, PLAIN))
        return _show(request, db, coordinator, slug, event_id, again, 422)
    return _to(slug, event_id)


def _to(slug: str, event_id: UUID) -> RedirectResponse:
    return RedirectResponse(f"/coordinate/{slug}/events/{event_id}#hosts", SEE_OTHER)


def _show(
    request: Request,
    db: Session,
    coordinator: Staff,
    slug: str,
    event_id: UUID,
    form: Filled,
    status: int = 200,
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "campaign": campaigns.view(campaign),
        "board": arrivals.board_of(db, campaign, event_id),
        "hosts": hosting.hosts(db, event_id),
        "message_states": MESSAGE_STATES,
    }
    return page(request, "coordinators/event_page.html", status, form=form, **shown)
