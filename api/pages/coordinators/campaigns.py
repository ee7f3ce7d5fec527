"""A campaign and what it needs: key constituencies and events."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from api.auth import Staff, needs
from api.errors import Invalid, NotFound
from api.pages.coordinators.wording import KINDS
from api.pages.filled import Filled, Posted, fields_of
from api.pages.rendering import page
from api.services import campaigns, constituencies
from api.services.campaign_forms import CampaignForm, EventForm
from api.services.counting import counts
from api.services.plain import refusals
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate")
SEE_OTHER = 303

PLAIN = {
    "name": "Give the campaign a name of at most 120 characters.",
    "organiser": "Say who runs it, in at most 120 characters.",
    "contact_email": "Type an e-mail address, for example team@example.org.",
    "imprint": "Use at most 300 characters for the imprint.",
    "title": "Say what it is, in at most 120 characters.",
    "kind": "Choose a kind.",
    "constituency": "Choose a constituency.",
    "place_name": "Say where people meet, in at most 120 characters.",
    "postcode": "Type the postcode of the meeting point, for example NW4 4BG.",
    "day": "Choose the day.",
    "starts": "Type when it starts, for example 10:00.",
    "ends": "Type when it ends, for example 13:00.",
    "wanted": "Type how many people you want, a whole number up to 10,000.",
    "capacity": "Type how many can come at most, a whole number up to 10,000, or leave it empty.",
    "weight": "Type a number above 0, for example 1 or 1.5, or leave it empty.",
    "under_pct": "Type a percentage above 0, at most 100, for example 5.",
}


@router.get("")
def all_of_them(request: Request, db: Database, coordinator: Staff) -> HTMLResponse:
    mine = campaigns.of_coordinator(db, coordinator)
    return page(request, "coordinators/campaigns.html", coordinator=coordinator, campaigns=mine)


@router.get("/new")
def ask_for_campaign(request: Request, coordinator: Staff) -> HTMLResponse:
    return page(request, "coordinators/new.html", coordinator=coordinator)


@router.post("/new")
def create(request: Request, db: Database, coordinator: Staff, form: Posted) -> Response:
    typed = fields_of(CampaignForm, form)
    try:
        made = campaigns.create(db, coordinator, CampaignForm.model_validate(typed))
    except ValidationError as error:
        again = Filled(typed, refusals(error, PLAIN))
        return page(request, "coordinators/new.html", 422, coordinator=coordinator, form=again)
    return _to(made.slug)


@router.get("/{slug}", dependencies=[needs(Right.LOOK)])
def show(request: Request, db: Database, coordinator: Staff, slug: str) -> HTMLResponse:
    return _show(request, db, coordinator, slug, Filled())


@router.post("/{slug}/keys", dependencies=[needs(Right.SETTINGS)])
def add_close_ones(request: Request, db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    """Every constituency won by less than a percentage becomes a key constituency, in one step."""
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = str(form.get("under_pct", ""))
    try:
        campaigns.add_marginal(db, campaign, coordinator, _percentage(typed))
    except Invalid as error:
        return _show(request, db, coordinator, slug, Filled({"under_pct": typed}, error.errors), 422)
    return _to(slug, "#keys")


@router.post("/{slug}/keys/add", dependencies=[needs(Right.SETTINGS)])
def add_one(request: Request, db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    try:
        campaigns.add_key(db, campaign, coordinator, str(form.get("code", "")))
    except Invalid as error:
        return _show(request, db, coordinator, slug, Filled({}, error.errors), 422)
    return _to(slug, "#keys")


@router.post("/{slug}/keys/remove", dependencies=[needs(Right.SETTINGS)])
def remove_one(db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    campaigns.remove_key(db, campaign, coordinator, str(form.get("code", "")))
    return _to(slug, "#keys")


@router.get("/{slug}/events/new", dependencies=[needs(Right.EVENTS)])
def ask_for_event(request: Request, db: Database, coordinator: Staff, slug: str) -> HTMLResponse:
    return _event(request, db, coordinator, slug, Filled())


@router.post("/{slug}/events/new", dependencies=[needs(Right.EVENTS)])
def add_event(request: Request, db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = fields_of(EventForm, form)
    try:
        campaigns.add_event(db, campaign, coordinator, EventForm.model_validate(typed))
    except ValidationError as error:
        again = Filled(typed, refusals(error, PLAIN))
    except Invalid as error:
        again = Filled(typed, error.errors)
    else:
        return _to(slug, "#events")
    return _event(request, db, coordinator, slug, again, 422)


@router.get("/{slug}/events/{event_id}/cancel", dependencies=[needs(Right.EVENTS)])
def ask_to_cancel_event(
    request: Request, db: Database, coordinator: Staff, slug: str, event_id: UUID
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    event = next((x for x in campaigns.events(db, campaign) if x.id == event_id and not x.cancelled), None)
    if event is None:
        raise NotFound
    shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign), "event": event}
    return page(request, "coordinators/cancel_event.html", **shown)


@router.post("/{slug}/events/{event_id}/cancel", dependencies=[needs(Right.EVENTS)])
def cancel_event(db: Database, coordinator: Staff, slug: str, event_id: UUID) -> Response:
    campaigns.cancel_event(db, campaigns.find_for(db, slug, coordinator), coordinator, event_id)
    return _to(slug, "#events")


def _to(slug: str, part: str = "") -> RedirectResponse:
    return RedirectResponse(f"/coordinate/{slug}{part}", SEE_OTHER)


def _percentage(typed: str) -> float:
    try:
        return float(typed.strip().removesuffix("%"))
    except ValueError:
        raise Invalid({"under_pct": PLAIN["under_pct"]}) from None


def _show(
    request: Request,
    db: Session,
    coordinator: Staff,
    slug: str,
    form: Filled,
    status: int = 200,
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "campaign": campaigns.view(campaign),
        "theirs": request.state.access.events,
        "days": [counts(db, campaign, day) for day in campaigns.days(db, campaign)],
        "events": campaigns.events(db, campaign),
        "keys": campaigns.key_constituencies(db, campaign),
        "all_constituencies": _by_name(db),
    }
    return page(request, "coordinators/campaign.html", status, form=form, **shown)


def _event(
    request: Request,
    db: Session,
    coordinator: Staff,
    slug: str,
    form: Filled,
    status: int = 200,
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    keys = campaigns.key_constituencies(db, campaign)
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "campaign": campaigns.view(campaign),
        "keys": sorted(keys, key=lambda key: key.name),
        "key_codes": {key.code for key in keys},
        "all_constituencies": _by_name(db),
        "kinds": KINDS,
    }
    return page(request, "coordinators/event.html", status, form=form, **shown)


def _by_name(db: Session) -> list[Any]:
    return sorted(constituencies.current(db).values(), key=lambda one: one.name)
