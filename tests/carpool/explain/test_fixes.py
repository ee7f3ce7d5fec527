"""What people are told would have helped does help: the change is made, by the figure told, and the reason is gone."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from carpool.explain import explain
from carpool.instance import CanDrive, Driver, Instance, Rider
from carpool.pairs import Pairs
from carpool.plan import Plan, Reason, Trip, Unmatched
from tests.carpool.explain.plans import chance_trips, everybody_with
from tests.carpool.explain.reasons_oracle import Oracle
from tests.carpool.strategies import instances

Change = Callable[[Any], dict[str, Any]]


def everywhere(
    instance: Instance, car: Change = lambda _: {}, rider: Change = lambda _: {}, **changes: Any
) -> Instance:
    """The instance with other members of everybody who drives or could, and of all riders."""

    def changed(person: Rider) -> Rider:
        can = person.can_drive
        return replace(person, can_drive=can and replace(can, **_known(can, car(can))), **rider(person))

    drivers = tuple(replace(driver, **car(driver)) for driver in instance.drivers)
    return replace(instance, drivers=drivers, riders=tuple(map(changed, instance.riders)), **changes)


def _known(can: CanDrive, changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if hasattr(can, name)}


def figure(words: str) -> float | None:
    """The figure in some words, if there is one."""
    found = re.search(r"\d+", words)
    return None if found is None else float(found[0])


def journey(instance: Instance, left: Unmatched, most: float) -> Instance:
    """The person would travel for so many minutes, in whichever role."""

    def change(person: Driver | Rider | CanDrive) -> dict[str, Any]:
        others = not isinstance(person, CanDrive) and person.id != left.id
        return {} if others else {"max_travel_minutes": max(most, person.max_travel_minutes)}

    return everywhere(instance, change, change)


def longer_drives(instance: Instance, left: Unmatched, minutes: float) -> Instance:
    """Everybody else would drive so many minutes longer."""

    def change(car: Driver | CanDrive) -> dict[str, Any]:
        return {
            "max_detour_minutes": car.max_detour_minutes + minutes,
            "max_travel_minutes": car.max_travel_minutes + minutes,
        }

    changed = everywhere(instance, change)
    pairs = zip(instance.riders, changed.riders, strict=True)
    return replace(changed, riders=tuple(own if own.id == left.id else other for own, other in pairs))


def room(instance: Instance, _: Unmatched, people: float) -> Instance:
    events = (
        replace(e, capacity=None if e.capacity is None else e.capacity + int(people)) for e in instance.events
    )
    return replace(instance, events=tuple(events))


def later(instance: Instance, _: Unmatched, minutes: float) -> Instance:
    def change(person: Any) -> dict[str, Any]:
        return {"home_by": person.home_by and person.home_by + timedelta(minutes=minutes)}

    return everywhere(instance, change, change)


def earlier(instance: Instance, _: Unmatched, minutes: float) -> Instance:
    def change(person: Any) -> dict[str, Any]:
        return {"ready_at": person.ready_at and person.ready_at - timedelta(minutes=minutes)}

    return everywhere(instance, change, change)


def larger_cars(instance: Instance, _: Unmatched, seats: float) -> Instance:
    return everywhere(instance, lambda car: {"seats": max(car.seats, int(seats))})


def more_seats(instance: Instance, _: Unmatched, seats: float) -> Instance:
    return everywhere(instance, lambda car: {"seats": car.seats + int(seats)})


def more_drivers(instance: Instance) -> Instance:
    """Beside everybody who could drive there is another who can take the same people, and is bound to nobody."""
    cars = [replace(car, id=f"{car.id} too") for car in instance.driver_by_id.values()]
    first = len(instance.drivers)
    homes = [instance.index[person] for person in instance.driver_by_id]
    order = [*range(first), *homes, *range(first, len(instance.places))]
    matrix, pairs = instance.matrix, instance.pairs
    if matrix is not None:
        matrix = tuple(tuple(matrix[a][b] for b in order) for a in order)
    if pairs is not None:
        known = {(a, b): minutes for a, b, minutes in pairs} | {(a, a): 0.0 for a in order}
        drives = [
            (i, j, known[a, b])
            for (i, a), (j, b) in product(enumerate(order), repeat=2)
            if i != j and (a, b) in known
        ]
        pairs = Pairs.of(drives, pairs.otherwise)
    return replace(instance, drivers=(*instance.drivers, *cars), matrix=matrix, pairs=pairs)


def offers(instance: Instance, _: Unmatched, __: float) -> Instance:
    needs = {need: 9 for rider in instance.riders for need in rider.needs}
    return everywhere(instance, lambda car: {"offers": needs})


def company(instance: Instance, _: Unmatched, __: float) -> Instance:
    traits = {"traits": ("woman", "student")}
    return everywhere(instance, lambda _: traits, lambda _: traits)


def in_two_cars(instance: Instance, left: Unmatched, _: float) -> Instance:
    unit = everybody_with(instance, left.id)
    return replace(instance, together=tuple(group for group in instance.together if not unit & set(group)))


def another_driver(instance: Instance, _: Unmatched, __: float) -> Instance:
    return replace(instance, apart=())


FIXES: dict[Reason, Callable[[Instance, Unmatched, float], Instance]] = {
    Reason.NO_EVENT_IN_REACH: journey,
    Reason.PARTY_TOO_LARGE: larger_cars,
    Reason.NO_DRIVER_IN_REACH: longer_drives,
    Reason.EVENT_FULL: room,
    Reason.NOT_HOME_IN_TIME: later,
    Reason.NOT_READY_IN_TIME: earlier,
    Reason.NEEDS_NOT_OFFERED: offers,
    Reason.COMPANY_NOT_MET: company,
    Reason.TOGETHER_NOT_MET: in_two_cars,
    Reason.KEPT_APART: another_driver,
    Reason.SEATS_TAKEN: more_seats,
}
BY_MINUTES = frozenset(
    {Reason.NO_EVENT_IN_REACH, Reason.NO_DRIVER_IN_REACH, Reason.NOT_HOME_IN_TIME, Reason.NOT_READY_IN_TIME}
)
ORDER = list(Reason)


def still(instance: Instance, trips: tuple[Trip, ...], person: str) -> Reason:
    return next(Reason(left.reason or "") for left in explain(instance, trips) if left.id == person)


def is_fixed(instance: Instance, trips: tuple[Trip, ...], left: Unmatched) -> bool:
    """Whether the change that is told takes the person past this reason; true where nothing can be tried out."""
    reason, told = Reason(left.reason or ""), figure(left.fix or "")
    if reason not in FIXES or (told is None and reason in BY_MINUTES):
        return True
    fixed = [FIXES[reason](instance, left, math.nan if told is None else told)]
    if reason is Reason.SEATS_TAKEN:
        fixed.append(
            more_drivers(instance)
        )  # Either is told: a car whose driver rides elsewhere needs no seat.
    return any(ORDER.index(still(after, trips, left.id)) > ORDER.index(reason) for after in fixed)


def less_would_do(instance: Instance, trips: tuple[Trip, ...], left: Unmatched) -> bool:
    """Whether a minute less than what is told takes the person past this reason, too."""
    reason, told = Reason(left.reason or ""), figure(left.fix or "")
    if reason not in BY_MINUTES or told is None or told < 2:
        return False
    return still(FIXES[reason](instance, left, told - 1), trips, left.id) != reason


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(instances(), st.integers(0, 1000), st.sampled_from([0, 5, 20]))
def test_reasons_are_true_and_what_is_told_helps(instance: Instance, seed: int, tries: int) -> None:
    trips = chance_trips(instance, seed, tries)
    assume(trips is not None)
    assert trips is not None
    travelling = {person for trip in trips for person in (trip.driver, *trip.riders)}
    told = explain(instance, trips)
    assert [left.id for left in told] == [person for person in instance.index if person not in travelling]
    oracle = Oracle(instance, Plan(trips=trips))
    for left in told:
        assert left.text and left.fix
        assert left.reason in oracle.reasons(left.id)
        assert is_fixed(instance, trips, left), left
        assert not less_would_do(instance, trips, left), left
