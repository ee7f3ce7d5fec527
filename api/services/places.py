"""A constituency and an event as everybody may see them: the pages that a search, a leaflet or a friend leads to."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.errors import NotFound
from api.language import N_
from api.services import constituencies, figures, whereabouts
from api.services.campaigns import event_view
from api.services.local import now
from api.services.views import EventView
from api.store.queries import campaigns as queries
from api.store.tables import Campaign
from carpool.geo.constituency import Constituency
from carpool.geo.islands import CROSSING_MINUTES
from carpool.geo.place import Place
from carpool.geo.travel import road_minutes

NO_PLACE = N_(
    "This campaign has no key seat of that name. The address may be mistyped, or it is no key seat any more."
)
NO_EVENT = N_("This campaign has no such event. The address may be incomplete.")


@dataclass(frozen=True)
class PlaceView:
    """A key constituency with its coming events. The figures are in steps; `full`: nobody more is wanted."""

    code: str
    name: str
    region: str
    place: Place
    majority: int
    majority_pct: float
    full: bool
    wanted: str
    offers: str
    requests: str
    events: tuple[EventView, ...]


def constituency(db: Session, campaign: Campaign, code: str) -> PlaceView:
    """A key constituency of the campaign, or one in which it has something on. Raises `NotFound` for any other."""
    known = constituencies.current(db)
    events = [event_view(event, known) for event in queries.coming_events(db, campaign.id, [code], now())]
    if code not in known or (code not in queries.key_codes(db, campaign.id) and not events):
        raise NotFound(NO_PLACE)
    return _view(db, campaign, known[code], tuple(events))


def event(db: Session, campaign: Campaign, event_id: UUID) -> tuple[EventView, PlaceView]:
    """An event, whether it is to come, over or cancelled, and its constituency with what else is on there."""
    found = queries.event_by_id(db, campaign.id, event_id)
    if found is None:
        raise NotFound(NO_EVENT)
    known = constituencies.current(db)
    others = queries.coming_events(db, campaign.id, [found.constituency], now())
    coming = tuple(event_view(other, known) for other in others if other.id != event_id)
    return event_view(found, known), _view(db, campaign, known[found.constituency], coming)


def minutes_from(db: Session, typed: str, to: Place) -> tuple[str, int]:
    """The usual spelling of a postcode or town, and the minutes by car from there. Raises `Invalid`."""
    start = whereabouts.looked_for(db, typed)
    return start.text, round(road_minutes(start.place, to, CROSSING_MINUTES))


def _view(db: Session, campaign: Campaign, found: Constituency, events: tuple[EventView, ...]) -> PlaceView:
    counted = figures.snapshot(db, campaign.id)
    wanted = queries.wanted_by_constituency(db, campaign.id, now())
    left = figures.still_wanted(wanted, counted).get(found.code, 0)
    return PlaceView(
        code=found.code,
        name=found.name,
        region=found.region,
        place=found.place,
        majority=found.majority,
        majority_pct=found.majority_pct,
        full=found.code in wanted and left == 0,
        wanted=figures.in_steps(left),
        offers=figures.in_steps(counted.offers.get(found.code, 0)),
        requests=figures.in_steps(counted.requests.get(found.code, 0)),
        events=events,
    )
