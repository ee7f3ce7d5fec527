"""What stands on the sheets: for each event its drivers with their stops and its arrivals, and who is left and why."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from carpool.day.building import Day
from carpool.day.reading import Somebody
from carpool.match_words import MATCH_WORDS
from carpool.plan import Plan, Trip, Unmatched

NEEDS = {
    "child_seat": "a child seat",
    "wheelchair": "room for a folded wheelchair",
    "wheelchair_place": "a place for a wheelchair with somebody in it",
    "assistance_dog": "room for an assistance dog",
    "step_free": "a way to the car without steps",
    "woman": "women only",
}


@dataclass(frozen=True)
class StopOnSheet:
    """A pick-up. `name` is the first name alone, for the driver; `back_at` is None for whoever does not ride back."""

    at: str
    name: str
    whole_name: str
    contact: str
    people: int
    where: str
    phone: str
    needs: str
    back_at: str | None


@dataclass(frozen=True)
class DriverSheet:
    """One driver's page. `name` is whole, for whoever hands it out; `people` come in the car, driver's own included."""

    name: str
    contact: str
    phone: str
    own_people: int
    people: int
    car: str
    plate: str
    word: str
    departs: str
    arrives: str
    stops: tuple[StopOnSheet, ...]
    home: str | None
    guests: tuple[tuple[str, int], ...]
    """Who is in the car as hosts see them, first name and initial, with how many they are."""

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def back(self) -> list[StopOnSheet]:
        """Who rides back, in the order in which they are dropped."""
        return sorted((stop for stop in self.stops if stop.back_at), key=lambda stop: stop.back_at or "")


@dataclass(frozen=True)
class EventSheets:
    """An event with all who come to it by car. `file` begins the names of its files."""

    file: str
    title: str
    hours: str
    starts: str
    ends: str
    where: str
    wanted: int
    drivers: tuple[DriverSheet, ...]

    @property
    def people(self) -> int:
        return sum(sheet.people for sheet in self.drivers)


@dataclass(frozen=True)
class Left:
    """Somebody in no car: how to reach them, why, and what would have helped. What is said is said to them."""

    name: str
    role: str
    people: int
    contact: str
    district: str
    why: str
    fix: str


def event_sheets(day: Day, plan: Plan, seed: int) -> list[EventSheets]:
    """The events in the order of their start, those without a car too; drivers by name."""
    trips: dict[str, list[Trip]] = {key: [] for key in day.events}
    for trip in plan.trips:
        trips[trip.event].append(trip)
    words = _words(seed)
    found = []
    ordered = sorted(day.events.items(), key=lambda pair: (pair[1].event.starts, pair[1].event.title))
    for number, (key, one) in enumerate(ordered, start=1):
        row = one.event
        sheets = [_driver(day, trip, next(words)) for trip in trips[key]]
        found.append(
            EventSheets(
                file=f"{number}-{_plain(row.title)}",
                title=row.title,
                hours=f"{row.starts:%H:%M} to {row.ends:%H:%M}",
                starts=f"{row.starts:%H:%M}",
                ends=f"{row.ends:%H:%M}",
                where=f"{row.place_name}, {row.postcode}",
                wanted=row.wanted,
                drivers=tuple(sorted(sheets, key=lambda sheet: (sheet.name.casefold(), sheet.departs))),
            )
        )
    return found


def left(day: Day, plan: Plan) -> list[Left]:
    """Riders first, as they are the ones to be rung; by name."""
    found = [_left(day.people[one.id], one) for one in plan.unmatched or ()]
    return sorted(found, key=lambda one: (one.role == "driver", one.name.casefold()))


def _left(somebody: Somebody, one: Unmatched) -> Left:
    person = somebody.person
    return Left(
        name=person.name,
        role=person.role,
        people=person.people,
        contact=_contact(somebody),
        district=person.postcode.split()[0],
        why=_in_words(one.text or ""),
        fix=_in_words(one.fix or ""),
    )


def _contact(somebody: Somebody) -> str:
    return ", ".join(filter(None, (somebody.person.phone, somebody.person.email)))


def _driver(day: Day, trip: Trip, word: str) -> DriverSheet:
    somebody = day.people[trip.driver]
    person = somebody.person
    riding = [day.people[stop.rider] for stop in trip.stops]
    back = {drop.rider: drop.at for drop in trip.back or ()}
    stops = tuple(
        _stop(rider, stop.at, back.get(stop.rider)) for rider, stop in zip(riding, trip.stops, strict=True)
    )
    return DriverSheet(
        name=person.name,
        contact=_contact(somebody),
        phone=person.phone,
        own_people=person.people,
        people=person.people + sum(rider.person.people for rider in riding),
        car=person.car,
        plate=person.plate,
        word=word,
        departs=_clock(trip.departs_at),
        arrives=_clock(trip.arrives_at),
        stops=stops,
        home=_clock(trip.home_at) if trip.home_at else None,
        guests=tuple((_short(one.person.name), one.person.people) for one in (somebody, *riding)),
    )


def _stop(rider: Somebody, at: datetime | None, back: datetime | None) -> StopOnSheet:
    person = rider.person
    return StopOnSheet(
        at=_clock(at),
        name=person.name.split()[0],
        whole_name=person.name,
        contact=_contact(rider),
        people=person.people,
        where=", ".join(filter(None, (person.pickup, person.postcode))),
        phone=person.phone,
        needs=", ".join(NEEDS.get(need, need) for need in sorted(person.needs)),
        back_at=_clock(back) if back else None,
    )


def _clock(moment: datetime | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _short(name: str) -> str:
    """First name and initial: Rafi R."""
    first, *more = name.split()
    return f"{first} {more[-1][0].upper()}." if more else first


def _plain(title: str) -> str:
    """A title as a part of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:40].strip("-") or "event"


def _words(seed: int) -> Iterator[str]:
    """Words to say, each once before any comes again."""
    words = list(MATCH_WORDS)
    Random(seed).shuffle(words)  # noqa: S311  # The same seed gives the same sheets; no secret hangs on it.
    while True:
        yield from words


def _in_words(said: str) -> str:
    """The engine's words, with needs as people say them rather than as the format writes them."""
    return re.sub(r"\b[a-z_]+\b", lambda found: NEEDS.get(found[0], found[0]), said) if said else said


def totals(sheets: Sequence[EventSheets]) -> tuple[int, int]:
    """Cars and people."""
    return sum(len(one.drivers) for one in sheets), sum(one.people for one in sheets)
