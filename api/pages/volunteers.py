"""What anybody may see: the front page, the key constituencies in reach, a campaign, what we do with data."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api.auth import Public
from api.errors import Invalid
from api.pages.filled import Filled, refused
from api.pages.rendering import page
from api.services import campaigns, choices
from api.services.nearest import LIMIT, near
from api.services.views import Near
from api.transaction import Database

router = APIRouter()
Typed = Annotated[str, Query()]
SHOWN = 6
"""So many key constituencies are shown at once, all in reach on demand."""


@router.get("/")
def front(request: Request, db: Database, _: Public) -> HTMLResponse:
    return page(request, "volunteers/front.html", campaigns=campaigns.open_campaigns(db))


@router.get("/near")
def near_anywhere(
    request: Request, db: Database, _: Public, postcode: Typed = "", every: bool = False
) -> HTMLResponse:
    """The results for a postcode; one that we cannot place leads back to the front page, as it was typed."""
    form = Filled({"postcode": postcode})
    try:
        found = near(db, postcode, limit=LIMIT if every else SHOWN + 1)
    except Invalid as error:
        shown = campaigns.open_campaigns(db)
        again = refused(form.values, error)
        return page(request, "volunteers/front.html", error.status, campaigns=shown, form=again)
    return _near(request, found, "/near", every=every)


@router.get("/c/{slug}")
def campaign(request: Request, db: Database, _: Public, slug: str) -> HTMLResponse:
    return _campaign(request, db, slug, Filled())


@router.get("/c/{slug}/days/{day}")
def day_of_campaign(request: Request, db: Database, _: Public, slug: str, day: date) -> HTMLResponse:
    """Every place in which something is on that day, for a campaign with more of them than fit its page."""
    found = campaigns.find(db, slug)
    places = choices.places_of_day(db, found, day)
    return page(request, "volunteers/day.html", campaign=campaigns.view(found), day=day, places=places)


@router.get("/c/{slug}/near")
def near_in_campaign(
    request: Request, db: Database, _: Public, slug: str, postcode: Typed = "", every: bool = False
) -> HTMLResponse:
    found = campaigns.find(db, slug)
    form = Filled({"postcode": postcode})
    try:
        places = near(db, postcode, found, limit=LIMIT if every else SHOWN + 1)
    except Invalid as error:
        return _campaign(request, db, slug, refused(form.values, error), error.status)
    return _near(request, places, f"/c/{slug}/near", every=every, campaign=campaigns.view(found))


@router.get("/privacy")
def privacy(request: Request, _: Public) -> HTMLResponse:
    settings = request.app.state.settings
    return page(
        request,
        "volunteers/privacy.html",
        operator=settings.operator_name,
        contact=settings.operator_contact,
    )


def _near(request: Request, found: Near, action: str, *, every: bool, **shown: Any) -> HTMLResponse:
    more = not every and len(found.constituencies) > SHOWN
    rows = found.constituencies[:SHOWN] if more else found.constituencies
    several = len({row.campaign.slug for row in rows if row.campaign}) > 1
    shown |= {"near": found, "rows": rows, "more": more, "several": several, "action": action}
    return page(request, "volunteers/near.html", form=Filled({"postcode": found.place.postcode}), **shown)


def _campaign(request: Request, db: Session, slug: str, form: Filled, status: int = 200) -> HTMLResponse:
    found = campaigns.find(db, slug)
    shown: dict[str, Any] = {"campaign": campaigns.view(found), "days": choices.at_a_glance(db, found)}
    return page(request, "volunteers/campaign.html", status, form=form, **shown)
