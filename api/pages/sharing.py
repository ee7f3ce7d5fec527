"""What leaves the pages for a calendar, a message or a leaflet: files, pictures, sheets to print; and the map's coast.

Pictures speak English: networks fetch them once for everybody, and their font has no ŵ.
"""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import Public
from api.calendars import MEDIA_TYPE, Entry, calendar_file
from api.errors import NotFound
from api.language import ENGLISH, N_, gettext, speaking
from api.pages.rendering import as_file, page
from api.pages.wording import clock, full_day, number
from api.pictures import coast
from api.pictures.qr import qr_code
from api.pictures.share import Card, share_picture
from api.services import campaigns, places
from api.services.local import now
from api.services.places import PlaceView
from api.services.views import EventView
from api.settings import Settings
from api.transaction import Database

router = APIRouter()
AN_HOUR = {"Cache-Control": "public, max-age=3600"}
A_WEEK = {"Cache-Control": "public, max-age=604800"}
SLOGAN = "Go where one more person counts most"
WAYS = N_("Offer a lift, or ask for one")


@router.get("/picture.png")
def picture(_: Public) -> Response:
    return _png(Card("Lifts for volunteers", SLOGAN, (WAYS,)))


@router.get("/c/{slug}/picture.png")
def picture_of_campaign(db: Database, _: Public, slug: str) -> Response:
    campaign = campaigns.find(db, slug)
    return _png(Card(campaign.organiser, campaign.name, (WAYS,)))


@router.get("/c/{slug}/places/{code}/picture.png")
def picture_of_place(db: Database, _: Public, slug: str, code: str) -> Response:
    campaign = campaigns.find(db, slug)
    there = places.constituency(db, campaign, code)
    return _png(Card(campaign.name, there.name, (_majority(there), WAYS), there.place))


@router.get("/c/{slug}/events/{event_id}/picture.png")
def picture_of_event(db: Database, _: Public, slug: str, event_id: UUID) -> Response:
    found, there = places.event(db, campaigns.find(db, slug), event_id)
    said = "This event is cancelled" if found.cancelled else _majority(there)
    with speaking(ENGLISH):
        when = f"{full_day(found.starts_at)}, {clock(found.starts_at)}"
    return _png(Card(there.name, found.title, (when, said), there.place))


@router.get("/c/{slug}/events/{event_id}/calendar.ics")
def calendar_of_event(request: Request, db: Database, _: Public, slug: str, event_id: UUID) -> Response:
    """The event for a calendar. Taken in again after the event was cancelled, it goes out of the calendar."""
    settings: Settings = request.app.state.settings
    found, there = places.event(db, campaigns.find(db, slug), event_id)
    address = f"{settings.public_url}/c/{slug}/events/{event_id}"
    entry = Entry(
        uid=f"event-{event_id}@keyseat-carpool",
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        title=f"{found.title}, {there.name}",
        place=f"{found.place_name}, {found.postcode}",
        text=f"{gettext(WAYS)}: {address}",
        url=address,
        made_at=now(),
        sequence=int(found.cancelled),
        cancelled=found.cancelled,
    )
    return Response(calendar_file([entry]), media_type=MEDIA_TYPE, headers=as_file("event.ics"))


@router.get("/c/{slug}/places/{code}/sheet")
def sheet_of_place(request: Request, db: Database, _: Public, slug: str, code: str) -> HTMLResponse:
    there = places.constituency(db, campaigns.find(db, slug), code)
    return _sheet(request, db, slug, f"/c/{slug}/places/{code}", there, None)


@router.get("/c/{slug}/events/{event_id}/sheet")
def sheet_of_event(request: Request, db: Database, _: Public, slug: str, event_id: UUID) -> HTMLResponse:
    """For an event that people can still come to."""
    found, there = places.event(db, campaigns.find(db, slug), event_id)
    if found.cancelled or found.over:
        raise NotFound(gettext("This event is over or cancelled, so there is no sheet for it."))
    return _sheet(request, db, slug, f"/c/{slug}/events/{event_id}", there, found)


@router.get("/coast.json")
def coast_of_map(_: Public) -> Response:
    """The ground of the map, for a browser that asked for one."""
    if not coast.rings():
        raise NotFound
    return Response(coast.geojson(), media_type="application/geo+json", headers=A_WEEK)


def _sheet(
    request: Request, db: Database, slug: str, path: str, place: PlaceView, event: EventView | None
) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    code = qr_code(f"{settings.public_url}{path}")
    return page(
        request,
        "volunteers/sheet.html",
        campaign=campaigns.view(campaigns.find(db, slug)),
        place=place,
        event=event,
        # What people type is the campaign's address: nobody copies the number of an event by hand.
        short_address=f"{settings.public_url}/c/{slug}".partition("://")[2],
        code=code.path,
        code_size=code.size,
        back_to=path,
    )


def _majority(place: PlaceView) -> str:
    votes = "1 vote" if place.majority == 1 else f"{number(place.majority)} votes"
    return f"Won by {votes} last time"


def _png(card: Card) -> Response:
    return Response(share_picture(card), media_type="image/png", headers=AN_HOUR)
