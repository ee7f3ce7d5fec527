"""Supply and demand of one day for its coordinators: by event, by region, and by postcode district for the map. No homes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services import day_people, hours
from api.services.constituencies import current
from api.services.day_people import Filters
from api.services.day_sums import of_day
from api.services.hours import HourLine
from api.services.regions import region_of_districts
from api.store.queries import campaigns
from api.store.queries import day_people as queries
from api.store.queries.day_sums import DaySums
from api.store.tables import Campaign, Event
from carpool.geo.constituency import postcode_districts
from carpool.geo.place import Place

MOST_EVENTS = 50
MOST_WAYS = 1500
FEWEST = 10
"""More lines than these hide each other; of fewer people than those no share is told."""


@dataclass(frozen=True)
class EventLine:
    """How many people an event wants, and how many have a lift there."""

    id: UUID
    title: str
    constituency: str
    wanted: int
    people: int

    @property
    def short(self) -> int:
        return max(0, self.wanted - self.people)


@dataclass(frozen=True)
class RegionLine:
    """Who starts in a region: free seats, people who ask for a lift, and those of them who have one."""

    region: str
    drivers: int
    seats: int
    riders: int
    riding: int


@dataclass(frozen=True)
class Rate:
    """How many people ask for a lift and how many of them have one; `needs`: those with access needs, or those without."""

    needs: bool
    asked: int
    riding: int

    @property
    def percent(self) -> int | None:
        """None of a group so small that one person more or less would turn it about."""
        return round(100 * self.riding / self.asked) if self.asked >= FEWEST else None


@dataclass(frozen=True)
class Glance:
    """`events` are those that miss most people, `more` how many others there are."""

    events: tuple[EventLine, ...]
    more: int
    regions: tuple[RegionLine, ...]
    hours: tuple[HourLine, ...]
    rates: tuple[Rate, ...]


def view(db: Session, campaign: Campaign, day: date, filters: Filters, sums: DaySums) -> Glance:
    """`sums` are of those whom the filters leave."""
    events = _wanted(db, campaign, day, filters)
    lines = _events(db, events, sums.events)
    lines.sort(key=lambda line: (-line.short, line.title))
    return Glance(
        tuple(lines[:MOST_EVENTS]),
        max(0, len(lines) - MOST_EVENTS),
        _regions(sums.districts),
        hours.lines(events, sums),
        _rates(sums),
    )


def on_map(db: Session, campaign: Campaign, day: date, filters: Filters) -> dict[str, list[Any]]:
    """What the map draws: districts, events, and lines from one to the other, thickest first; each with its words."""
    who, places = day_people.wanted(filters), postcode_districts()
    sums = of_day(db, campaign, day, filters)
    events = {event.id: event for event in _wanted(db, campaign, day, filters)}
    people = sums.events
    districts = [
        [*_spot(places[row.district]), row.seats, row.riders, _district(row)]
        for row in sums.districts
        if row.district in places
    ]
    spots = [[*_spot(e), _event(e, people.get(e.id, 0))] for e in events.values()]
    ways = [
        [*_spot(places[row.district]), *_spot(events[row.event_id]), int(row.people)]
        for row in queries.ways(db, campaign.id, day, who, MOST_WAYS)
        if row.district in places and row.event_id in events
    ]
    return {"districts": districts, "events": spots, "ways": ways}


def _spot(place: Place | Event) -> tuple[float, float]:
    return place.lat, place.lon


def _wanted(db: Session, campaign: Campaign, day: date, filters: Filters) -> list[Event]:
    every = campaigns.events(db, campaign.id, day)
    return [e for e in every if e.state == "open" and filters.event in ("", str(e.id))]


def _events(db: Session, events: Iterable[Event], people: Mapping[UUID, int]) -> list[EventLine]:
    known = current(db)
    return [
        EventLine(
            e.id,
            e.title,
            known[e.constituency].name if e.constituency in known else "",
            e.wanted,
            people.get(e.id, 0),
        )
        for e in events
    ]


def _regions(rows: Iterable[Any]) -> tuple[RegionLine, ...]:
    """Districts that we do not know are not left out: they stand together under no name."""
    its, found = region_of_districts(), dict[str, list[int]]()
    for row in rows:
        sums = found.setdefault(its.get(row.district, ""), [0, 0, 0, 0])
        for at, value in enumerate((row.drivers, row.seats, row.riders, row.riding)):
            sums[at] += int(value)
    return tuple(RegionLine(region, *sums) for region, sums in sorted(found.items()))


def _rates(sums: DaySums) -> tuple[Rate, ...]:
    """Without needs, then with; none where nobody with needs asks."""
    rows = ((needs, sums.needs.get(needs)) for needs in (False, True))
    found = tuple(Rate(needs, int(row.riders), int(row.riding)) for needs, row in rows if row is not None)
    return found if found and found[-1].needs and found[-1].asked else ()


def _district(row: Any) -> str:
    return f"{row.district}: {row.seats} free seats, {row.riders} ask for a lift"


def _event(event: Event, people: int) -> str:
    return f"{event.title}: {people} of {event.wanted} have a lift there"
