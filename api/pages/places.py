"""A key constituency and an event, each with a page of its own; and how to help from home."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth import Public
from api.errors import Invalid
from api.pages.filled import Filled, refused
from api.pages.rendering import page
from api.services import campaigns, places
from api.services.campaigns import view
from api.transaction import Database

router = APIRouter()
Typed = Annotated[str, Query()]


@router.get("/c/{slug}/places/{code}")
def place(
    request: Request, db: Database, _: Public, slug: str, code: str, postcode: Typed = ""
) -> HTMLResponse:
    """A key constituency; with a postcode or a town, also how far it is from there."""
    campaign = campaigns.find(db, slug)
    there = places.constituency(db, campaign, code)
    form, away, status = Filled({"postcode": postcode}), None, 200
    if postcode:
        try:
            away = places.minutes_from(db, postcode, there.place)
        except Invalid as error:
            form, status = refused(form.values, error), error.status
    shown = {"campaign": view(campaign), "place": there, "away": away, "form": form}
    return page(request, "volunteers/place.html", status, **shown)


@router.get("/c/{slug}/events/{event_id}")
def event(request: Request, db: Database, _: Public, slug: str, event_id: UUID) -> HTMLResponse:
    """An event. One that is over or cancelled says so, and what else is on there."""
    campaign = campaigns.find(db, slug)
    found, there = places.event(db, campaign, event_id)
    return page(request, "volunteers/event.html", campaign=view(campaign), event=found, place=there)


@router.get("/c/{slug}/home")
def from_home(request: Request, db: Database, _: Public, slug: str) -> HTMLResponse:
    return page(request, "volunteers/home.html", campaign=view(campaigns.find(db, slug)))
