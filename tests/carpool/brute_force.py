"""The best plan of a tiny instance, found by trying them all and asking nobody but the judge. Slow, simple and independent."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations, product

from carpool.check import Rule, violations
from carpool.instance import Instance
from carpool.plan import Drop, Plan, Stop, Trip
from carpool.score import score

# What a plan of one trip may break, and yet be part of a good one: it is not the whole.
_WHOLE = {Rule.TOGETHER, Rule.PINNED}


@dataclass(frozen=True)
class Best:
    """The optimum; `trips` None where no plan is feasible (then the score is −∞)."""

    score: float
    trips: tuple[Trip, ...] | None


def best_plan(instance: Instance) -> Best:
    """Every plan of the best trips for each car, event and set of riders, judged in the order of their scores."""
    by_driver = [_options(instance, driver) for driver in instance.driver_by_id]
    plans = list(_disjoint(by_driver, 0, frozenset()))
    ranked = sorted(((score(instance, trips), number) for number, trips in enumerate(plans)), reverse=True)
    for value, number in ranked:
        if not violations(instance, Plan(trips=plans[number])):
            return Best(value, plans[number])
    return Best(-math.inf, None)


def feasible_trips(instance: Instance) -> list[Trip]:
    """Every order and choice of places of every trip that could stand in a feasible plan."""
    return [trip for driver in instance.driver_by_id for trip in _feasible(instance, driver)]


def _options(instance: Instance, driver: str) -> list[Trip]:
    """Of each event and set of riders, the trip with the best score: nothing else in a plan depends on order and places."""
    best: dict[tuple[str, frozenset[str]], tuple[float, Trip]] = {}
    for trip in _feasible(instance, driver):
        key, value = (trip.event, frozenset(trip.riders)), score(instance, [trip])
        if key not in best or value > best[key][0]:
            best[key] = (value, trip)
    return [trip for _, trip in best.values()]


def _feasible(instance: Instance, driver: str) -> Iterator[Trip]:
    pin = next((pin for pin in instance.pinned if pin.driver == driver), None)
    for event in instance.event_by_id:
        for stops in _stops(instance, driver, event):
            trip = Trip(driver, event, stops)
            if instance.driver_by_id[driver].at is not None:
                trip = Trip(driver, event, back=tuple(Drop(stop.rider, place=stop.place) for stop in stops))
            broken = violations(instance, Plan(trips=(trip,)))
            own_pin = pin is not None and any(
                v.rule is Rule.PINNED and _concerns(v.who, trip) for v in broken
            )
            if not own_pin and all(violation.rule in _WHOLE for violation in broken):
                yield trip


def _concerns(who: str, trip: Trip) -> bool:
    return who == trip.driver or who in trip.riders


def _stops(instance: Instance, driver: str, event: str) -> Iterator[tuple[Stop, ...]]:
    """Every order of every set of riders that fits the seats, at every choice of places."""
    seats = instance.driver_by_id[driver].seats
    riders = [
        rider
        for rider in instance.riders
        if rider.id != driver
        and rider.at == instance.driver_by_id[driver].at
        and (rider.at is not None or rider.events is None or event in rider.events)
    ]
    for count in range(len(riders) + 1):
        for chosen in permutations(riders, count):
            if sum(rider.party for rider in chosen) > seats:
                continue
            places = [[None, *(place.id for place in rider.places)] for rider in chosen]
            for at in product(*places):
                yield tuple(Stop(rider.id, place) for rider, place in zip(chosen, at, strict=True))


def _disjoint(by_driver: list[list[Trip]], number: int, used: frozenset[str]) -> Iterator[tuple[Trip, ...]]:
    """Every choice of at most one trip a car in which nobody travels twice."""
    if number == len(by_driver):
        yield ()
        return
    yield from _disjoint(by_driver, number + 1, used)
    for trip in by_driver[number]:
        people = {trip.driver, *trip.riders}
        if used.isdisjoint(people):
            for others in _disjoint(by_driver, number + 1, used | people):
                yield (trip, *others)
