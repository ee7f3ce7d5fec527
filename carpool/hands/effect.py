"""What a change of a few cars does: to the score, to everybody's times, and to the rules."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from carpool.check import LIMITS, Rule, Violation, violations
from carpool.hands.corner import Corner
from carpool.instance import Instance, PinnedTrip
from carpool.plan import Plan, Trip
from carpool.schedule import Schedule, schedule_of, time_back, time_out, trip_from_schedule
from carpool.score import changed_people, event_value

FORCEABLE = LIMITS - {Rule.NO_WAY}
"""The rules that a pin with force lifts: minutes and hours, and never a missing way."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a trip is for one of its people. `at`: when a driver sets off, or a rider is picked up at `place`.

    `minutes` in the car on the way out; `back_at` is when they are back there, None for who does not ride back.
    """

    driver: str
    event: str
    drives: bool
    at: datetime
    minutes: float
    place: str | None
    back_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonChange:
    """Somebody for whom a trip, an event or a time becomes another; None: no trip."""

    person: str
    before: Part | None
    after: Part | None


@dataclass(frozen=True)
class Effect:
    """A corner's trips before and after, as they would be written, and what lies between them.

    `score`, `people`, `minutes` (of driving) and `promises` (people who are told something else than they were) are
    differences. `broken`: the rules that the trips break afterwards; with one of them nothing is taken.
    """

    before: tuple[Trip, ...]
    after: tuple[Trip, ...]
    score: float
    people: int
    minutes: float
    promises: int
    changes: tuple[PersonChange, ...]
    broken: tuple[Violation, ...]

    @cached_property
    def forceable(self) -> bool:
        """Whether only rules are broken that a pin with force lifts."""
        return bool(self.broken) and all(violation.rule in FORCEABLE for violation in self.broken)


@dataclass(frozen=True, slots=True)
class _Figures:
    score: float
    people: int
    minutes: float
    promises: int


def effect(corner: Corner, after: Sequence[Trip], forced: Sequence[str] = ()) -> Effect:
    """What becomes of the corner when `after` are its trips. `forced`: drivers whose trips are pinned with force.

    Raises `KeyError` for a trip with somebody whom the corner lacks.
    """
    old, new = _schedules(corner.instance, corner.trips), _schedules(corner.instance, after)
    was, will = _figures(corner, corner.trips, old), _figures(corner, after, new)
    return Effect(
        before=tuple(_written(trip, one) for trip, one in zip(corner.trips, old, strict=True)),
        after=tuple(_written(trip, one) for trip, one in zip(after, new, strict=True)),
        score=will.score - was.score if math.isfinite(was.score) else 0.0,
        people=will.people - was.people,
        minutes=will.minutes - was.minutes if math.isfinite(was.minutes) else 0.0,
        promises=will.promises - was.promises,
        changes=tuple(_changes(old, new)),
        broken=(*_broken(corner.instance, after, forced), *_too_many(corner, after)),
    )


def _schedules(instance: Instance, trips: Sequence[Trip]) -> list[Schedule]:
    return [schedule_of(instance, trip) for trip in trips]


def _figures(corner: Corner, trips: Sequence[Trip], schedules: Sequence[Schedule]) -> _Figures:
    """The part of the score that these trips can change. That of all others is the same before and after."""
    instance, people = corner.instance, corner.people_at(trips)
    weighted = math.fsum(event_value(event, people[event.id]) for event in instance.events)
    drive = math.fsum(schedule.drive_minutes for schedule in schedules)
    walk = math.fsum(schedule.walk_minutes for schedule in schedules)
    promises = changed_people(instance, schedules)
    spent = (drive + walk) / instance.minutes_per_volunteer + instance.change_penalty * promises
    return _Figures(weighted - spent, people.total(), drive, promises)


def _written(trip: Trip, schedule: Schedule) -> Trip:
    """The trip with its times; as it is, where there is no way."""
    ways = [schedule.drive_minutes, schedule.back.drive_minutes if schedule.back else 0.0]
    detours = [schedule.detour_minutes, schedule.back.detour_minutes if schedule.back else 0.0]
    return trip_from_schedule(schedule) if all(map(math.isfinite, ways + detours)) else trip


def _broken(instance: Instance, trips: Sequence[Trip], forced: Sequence[str]) -> list[Violation]:
    """By the judge of every plan, but for capacities: who else comes to an event is not in the corner."""
    pins = tuple(
        PinnedTrip(trip.driver, trip.event, trip.riders, force=True)
        for trip in trips
        if trip.driver in forced
    )
    open_ = (event if event.capacity is None else replace(event, capacity=None) for event in instance.events)
    judged = replace(instance, pinned=pins, events=tuple(open_))
    bare = tuple(
        Trip(trip.driver, trip.event, tuple(replace(s, at=None, ride_minutes=None) for s in trip.stops))
        for trip in trips
    )
    return violations(judged, Plan(trips=bare))


def _too_many(corner: Corner, after: Sequence[Trip]) -> Iterator[Violation]:
    """The events that the move fills beyond what they take."""
    before, people = corner.people_at(corner.trips), corner.people_at(after)
    for event in corner.instance.events:
        count = people[event.id]
        if event.capacity is not None and event.capacity < count and before[event.id] < count:
            text = f"people coming: {count}, capacity: {event.capacity}, {count - event.capacity} too many"
            yield Violation(Rule.CAPACITY, event.id, text)


def _changes(old: Sequence[Schedule], new: Sequence[Schedule]) -> Iterator[PersonChange]:
    before, after = _parts(old), _parts(new)
    for person in dict.fromkeys((*before, *after)):
        if before.get(person) != after.get(person):
            yield PersonChange(person, before.get(person), after.get(person))


def _parts(schedules: Sequence[Schedule]) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for schedule in schedules:
        if math.isfinite(schedule.drive_minutes) and (
            schedule.back is None or math.isfinite(schedule.back.drive_minutes)
        ):
            parts |= {part[0]: part[1] for part in _parts_of(schedule)}
    return parts


def _parts_of(schedule: Schedule) -> Iterator[tuple[str, Part]]:
    driver, event, back = schedule.driver.id, schedule.event.id, schedule.back
    leaves = time_out(schedule, -schedule.drive_minutes)
    home = time_back(schedule, back.drive_minutes) if back else None
    yield driver, Part(driver, event, True, leaves, schedule.drive_minutes, None, home)
    drops = {pickup.rider.id: minutes for pickup, minutes in back.drops} if back else {}
    for pickup in schedule.pickups:
        rider = pickup.rider.id
        at, dropped = time_out(schedule, pickup.minutes), drops.get(rider)
        back_at = None if dropped is None else time_back(schedule, dropped)
        yield rider, Part(driver, event, False, at, pickup.ride_minutes, pickup.place, back_at)
