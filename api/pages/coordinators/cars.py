"""Where one more car would help most: as a list, on a map, and with a ready call to people near there."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlmodel import Session

from api.auth import CONFIRMED, needs
from api.errors import Conflict, NotFound
from api.pages.coordinators.rooms import Day, OneDay
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import campaigns, worth
from api.services.rights import Right
from api.transaction import Database
from carpool.geo.constituency import postcode_districts

router = APIRouter(prefix="/coordinate/{slug}/{day}/cars")
PAGE = "cars"
LARGE = 40
"""As many people are drawn as one: what a car brings is a few, and a circle of a few is a dot."""


@router.get("", dependencies=[needs(Right.DAY)])
def show(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    return _show(request, db, at)


@router.get("/map.json", dependencies=[needs(Right.DAY)])
def show_map(db: Database, at: OneDay) -> JSONResponse:
    """The districts by how much a car there helps, the events, and which way it would go."""
    places = postcode_districts()
    events = [event for event in campaigns.events(db, at.campaign, at.day) if not event.cancelled]
    spots = {event.id: (event.lat, event.lon) for event in events}
    lines = [line for line in worth.view(db, at.campaign, at.day).lines if line.district in places]
    homes = {one.district: (places[one.district].lat, places[one.district].lon) for one in lines}
    drawn = {
        "districts": [[*homes[one.district], 0, round(LARGE * one.gain), _words(one)] for one in lines],
        "events": [[event.lat, event.lon, event.title] for event in events],
        "ways": [
            [*homes[one.district], *spots[one.event_id], one.people] for one in lines if one.event_id in spots
        ],
    }
    return JSONResponse(drawn)


@router.post("/find", dependencies=[needs(Right.MATCH)])
def find(request: Request, db: Database, at: OneDay) -> Response:
    """Let the worker find it out."""
    try:
        worth.ask(db, at.campaign, at.day, at.coordinator)
    except Conflict as error:
        return _show(request, db, at, Filled({}, {PAGE: error.message}), error.status)
    return at.to(PAGE)


@router.get("/call", dependencies=[needs(Right.PUBLISH)])
def ask_to_call(request: Request, db: Database, at: OneDay, district: str = "") -> Response:
    """Whom a call for drivers would reach, before it goes out."""
    try:
        line = worth.one(db, at.campaign, at.day, district)
    except NotFound:
        return at.to(PAGE)
    return page(request, "coordinators/call_drivers.html", **at.shown(line=line, km=round(worth.NEAR_KM)))


@router.post("/call", dependencies=[needs(Right.PUBLISH), CONFIRMED])
def call(request: Request, db: Database, at: OneDay, posted: Posted) -> Response:
    """Send the call. Nobody gets it twice, whoever presses."""
    try:
        worth.call(db, at.campaign, at.day, str(posted.get("district") or ""), at.coordinator)
    except (Conflict, NotFound) as error:
        return _show(request, db, at, Filled({}, {PAGE: error.message}), error.status)
    return at.to(PAGE, "cars")


def _words(line: worth.CarLine) -> str:
    return f"{line.district}: up to {line.gain:.1f} more people"


def _show(
    request: Request, db: Session, at: Day, form: Filled | None = None, status: int = 200
) -> HTMLResponse:
    number = request.query_params.get("page", "")
    wanted = int(number) if number.isdecimal() and len(number) < 4 and int(number) else 1
    found = worth.view(db, at.campaign, at.day, (wanted - 1) * worth.SHOWN)
    shown: dict[str, Any] = {
        "worth": found,
        "number": wanted,
        "pages": max(1, -(-found.total // worth.SHOWN)),
        "titles": {event.id: event.title for event in campaigns.events(db, at.campaign, at.day)},
        "km": round(worth.NEAR_KM),
        "form": form or Filled(),
    }
    return page(request, "coordinators/cars.html", status, **at.shown(**shown))
