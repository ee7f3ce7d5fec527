"""Campaigns and their events."""

from datetime import date

from fastapi import APIRouter, status

from api.auth import Public, Staff, needs
from api.services import campaigns
from api.services.campaign_forms import CampaignForm, EventForm
from api.services.rights import Right
from api.services.views import CampaignView, EventView
from api.transaction import Database
from api.v1 import schemas
from api.v1.answers import OF_CHANGES, OF_COORDINATORS, refusals

router = APIRouter(prefix="/campaigns", tags=["campaigns"])


@router.get("", response_model=list[schemas.Campaign])
def open_campaigns(_: Public, db: Database) -> list[CampaignView]:
    """The campaigns that people may sign up for."""
    return campaigns.open_campaigns(db)


@router.get("/{slug}", response_model=schemas.Campaign, responses=refusals(404))
def campaign(_: Public, db: Database, slug: str) -> CampaignView:
    """One campaign."""
    return campaigns.view(campaigns.find(db, slug))


@router.get("/{slug}/events", response_model=list[schemas.Event], responses=refusals(404))
def events(_: Public, db: Database, slug: str, day: date | None = None) -> list[EventView]:
    """A campaign's events, by their start; of one day or of all."""
    return campaigns.events(db, campaigns.find(db, slug), day)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=schemas.Campaign,
    responses={**OF_CHANGES, **refusals(401)},
)
def create_campaign(coordinator: Staff, db: Database, form: CampaignForm) -> CampaignView:
    """Sets up a campaign, which its coordinator may run."""
    return campaigns.create(db, coordinator, form)


@router.post(
    "/{slug}/events",
    status_code=status.HTTP_201_CREATED,
    response_model=schemas.Event,
    responses={**OF_CHANGES, **OF_COORDINATORS},
    dependencies=[needs(Right.EVENTS)],
)
def add_event(coordinator: Staff, db: Database, slug: str, form: EventForm) -> EventView:
    """Adds an event."""
    return campaigns.add_event(db, campaigns.find_for(db, slug, coordinator), coordinator, form)
