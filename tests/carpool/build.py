"""Short ways to build instances in tests: all has a default, so that a test names only what it is about."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from carpool.instance import Driver, Event, Instance, Matrix, Rider
from carpool.plan import Plan, Reason, Status, Stop, Trip, Unmatched
from carpool.schedule import schedule_of, trip_from_schedule
from carpool.score import score_parts

SUMMER = timezone(timedelta(hours=1))


def at(clock: str) -> datetime:
    """A time of the one day on which tests happen, such as "09:30" or "09:30:15"."""
    return datetime.fromisoformat(f"2029-05-03T{clock}+01:00")


def an_event(name: str = "e", **changes: Any) -> Event:
    return replace(Event(name, 51.60, -0.23, at("10:00"), at("13:00"), wanted=10), **changes)


def a_driver(name: str = "d", **changes: Any) -> Driver:
    return replace(Driver(name, 51.75, -0.34, seats=3), **changes)


def a_rider(name: str = "r", **changes: Any) -> Rider:
    return replace(Rider(name, 51.70, -0.30), **changes)


def an_instance(
    *people: Driver | Rider, events: tuple[Event, ...] = (an_event(),), **changes: Any
) -> Instance:
    drivers = tuple(person for person in people if isinstance(person, Driver))
    riders = tuple(person for person in people if isinstance(person, Rider))
    return Instance(events=events, drivers=drivers, riders=riders, **changes)


def a_trip(driver: str, event: str, *stops: str | tuple[str, str]) -> Trip:
    """A trip by hand: a stop is a rider's id, or that and the id of one of the rider's places."""
    pairs = [stop if isinstance(stop, tuple) else (stop, None) for stop in stops]
    return Trip(driver, event, tuple(Stop(rider, place) for rider, place in pairs))


def a_plan(*trips: Trip) -> Plan:
    return Plan(trips=trips)


def a_matrix(size: int, minutes: float | None = 10.0, **legs: float | None) -> Matrix:
    """A matrix of `size` places with `minutes` everywhere but for the legs, named from and to: `_0_2`."""
    rows: list[list[float | None]] = [[minutes] * size for _ in range(size)]
    for name, value in legs.items():
        _, origin, destination = name.split("_")
        rows[int(origin)][int(destination)] = value
    return tuple(tuple(row) for row in rows)


def a_written_plan(instance: Instance, *trips: Trip) -> Plan:
    """The plan of these trips with everything written that the format has, and the score as its own bound."""
    schedules = [schedule_of(instance, trip) for trip in trips]
    parts = score_parts(instance, schedules)
    written = [trip_from_schedule(schedule) for schedule in schedules]
    position = {event.id: number for number, event in enumerate(instance.events)}
    written.sort(key=lambda trip: (position[trip.event], trip.departs_at, trip.driver))
    travels = {person for trip in trips for person in (trip.driver, *trip.riders)}
    left = [person for person in instance.index if person not in travels]
    return Plan(
        trips=tuple(written),
        unmatched=tuple(Unmatched(x, Reason.SEARCH_ENDED, "No lift was found.", "More time.") for x in left),
        score=parts.score,
        volunteers=parts.volunteers,
        weighted_volunteers=parts.weighted_volunteers,
        bound=parts.score,
        gap=0.0,
        status=Status.OPTIMAL,
        seconds=0.5,
        seed=1,
        version="0.1.0",
    )
