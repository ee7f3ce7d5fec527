"""From the rows of a day to the instance that the solver takes, and back from its ids to whom they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from carpool.day.clock import at
from carpool.day.reading import DayTables, Named, Somebody
from carpool.geo.islands import CROSSING_MINUTES
from carpool.geo.nearest import default_weight
from carpool.geo.postcode import LocatedPostcode, locate_postcode
from carpool.instance import CanDrive, Driver, Event, Instance, Rider

DWELL_MINUTES = 2.0
LOADING_MINUTES = {"wheelchair": 3, "wheelchair_place": 8}
"""How much longer a stop takes at least: to fold a wheelchair and stow it, to let down a ramp and fasten one."""
USUAL_DETOUR = 20.0
NOT_OF_CARS = ("step_free",)
"""What a rider needs of the place where the car stops: every car can, so it keeps nobody out of one."""


@dataclass(frozen=True)
class Day:
    """A day ready to be matched. Ids are d, r and e with the number of the row: they name nobody."""

    day: date
    instance: Instance
    people: Mapping[str, Somebody]
    events: Mapping[str, Named]
    tables: DayTables
    doubtful: tuple[tuple[Somebody, str], ...]
    """Postcodes that stand in no list of all postcodes, with what to ask."""


def build(tables: DayTables) -> Day:
    """Everybody at the middle of their postcode district: that is what the built-in tables know."""
    people = {_id(one): one for one in tables.people}
    places = {key: locate_postcode(one.person.postcode) for key, one in people.items()}
    events = {f"e{one.number}": one for one in tables.events}
    drivers = [_driver(key, one, places[key]) for key, one in people.items() if key.startswith("d")]
    riders = [_rider(key, one, places[key]) for key, one in people.items() if key.startswith("r")]
    instance = Instance(
        events=tuple(_event(key, one) for key, one in events.items()),
        drivers=tuple(drivers),
        riders=tuple(riders),
        crossings=CROSSING_MINUTES,
    )
    doubtful = tuple((people[key], place.question) for key, place in places.items() if place.question)
    return Day(tables.day, instance, people, events, tables, doubtful)


def _id(one: Somebody) -> str:
    return f"{'d' if one.person.role == 'driver' else 'r'}{one.number}"


def _event(key: str, one: Named) -> Event:
    row, home = one.event, locate_postcode(one.event.postcode).place
    return Event(
        id=key, lat=home.lat, lon=home.lon, island=home.island, starts_at=at(row.day, row.starts),
        ends_at=at(row.day, row.ends), wanted=row.wanted, capacity=row.capacity,
        weight=default_weight(one.code.majority_pct) if one.code else 1.0,
    )  # fmt: skip


def _driver(key: str, one: Somebody, home: LocatedPostcode) -> Driver:
    row, women = one.person, ("woman",) if one.person.women_only else ()
    return Driver(
        id=key, lat=home.place.lat, lon=home.place.lon, island=home.place.island, party=row.people, seats=row.seats,
        ready_at=_moment(row.day, row.ready_at), home_by=_moment(row.day, row.home_by), way_back=row.way_back,
        max_detour_minutes=_detour(one), events=_wanted(one), offers=dict(row.takes), traits=women, company=women,
    )  # fmt: skip


def _rider(key: str, one: Somebody, home: LocatedPostcode) -> Rider:
    row, women = one.person, ("woman",) if one.person.women_only else ()
    return Rider(
        id=key, lat=home.place.lat, lon=home.place.lon, island=home.place.island, party=row.people,
        ready_at=_moment(row.day, row.ready_at), home_by=_moment(row.day, row.home_by), way_back=row.way_back,
        events=_wanted(one), needs=tuple(sorted(row.needs - set(NOT_OF_CARS))), traits=women, company=women,
        dwell_minutes=_dwell(one), can_drive=_can_drive(one) if row.role == "either" else None,
    )  # fmt: skip


def _can_drive(one: Somebody) -> CanDrive:
    row = one.person
    return CanDrive(
        seats=row.seats, ready_at=_moment(row.day, row.ready_at), home_by=_moment(row.day, row.home_by),
        events=_wanted(one), way_back=row.way_back, max_detour_minutes=_detour(one), offers=dict(row.takes),
    )  # fmt: skip


def _detour(one: Somebody) -> float:
    minutes = one.person.max_detour_minutes
    return USUAL_DETOUR if minutes is None else float(minutes)


def _dwell(one: Somebody) -> float | None:
    extra = max([minutes for need, minutes in LOADING_MINUTES.items() if need in one.person.needs], default=0)
    return DWELL_MINUTES + extra if extra else None


def _wanted(one: Somebody) -> tuple[str, ...] | None:
    return None if one.events is None else tuple(f"e{number}" for number in one.events)


def _moment(day: date, clock: time | None) -> datetime | None:
    return at(day, clock) if clock else None
