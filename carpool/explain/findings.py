"""Which reason holds for whom, and the figures that its words need."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from carpool.explain.field import TOP
from carpool.explain.ladder import RUNGS, Standing, Way
from carpool.explain.legs import Legs
from carpool.explain.reach import Reach
from carpool.explain.seats import Seats
from carpool.explain.situation import NO_GAIN, Situation
from carpool.explain.wheel import Wheel
from carpool.geo.pair_travel import PairTravel
from carpool.instance import Driver, Instance, Rider
from carpool.plan import Reason, Trip
from carpool.schedule import TOLERANCE_MINUTES
from carpool.solver.candidates import Scene


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason and the figures that its words need.

    `minutes` is the nearest event's drive for `no_event_in_reach`, else by how many minutes the best way failed, both less
    what is granted beyond a limit; None if no number of minutes would have helped. `seats` are the largest car's. `people`
    are how many travel only together, the person included. `possible`: at least one insertion is feasible.
    """

    person: Driver | Rider
    reason: Reason
    minutes: float | None = None
    seats: int = 0
    people: int = 0
    possible: bool = False


def find_reasons(instance: Instance, trips: Sequence[Trip], scene: Scene | None) -> list[Finding]:
    """A finding for everybody in none of the trips, in the order of the instance."""
    situation = Situation(instance, trips, scene)
    people: tuple[Driver | Rider, ...] = (*instance.drivers, *instance.riders)
    if not instance.events:
        return [Finding(people[p], Reason.NO_EVENT_ALLOWED) for p in situation.left]
    wheel = Wheel(situation, Legs(situation.open.times))
    seats = Seats(situation, wheel)
    travel = situation.open.times.travel
    reach = Reach(situation, travel) if isinstance(travel, PairTravel) else None
    return [_finding(situation, wheel, seats, reach, people[p], p) for p in situation.left]


def _finding(
    situation: Situation, wheel: Wheel, seats: Seats, reach: Reach | None, who: Driver | Rider, person: int
) -> Finding:
    if person in seats.rising or (person in situation.open.cars and wheel.rises(person)):
        return Finding(who, Reason.SEARCH_ENDED, possible=True)
    driving = wheel.standing(person) if person in situation.open.cars else None
    riding = seats.standing(person)
    near = person in seats.near_an_event or (driving is not None and driving.passed > 0)
    if not near:
        minutes = min(seats.nearest.get(person, math.inf), wheel.nearest(person)) - TOLERANCE_MINUTES
        return Finding(who, Reason.NO_EVENT_IN_REACH, minutes=minutes if math.isfinite(minutes) else None)
    best = _better(driving, riding)
    if best.passed == 0 and (largest := situation.largest_car(person)) < who.party:
        return Finding(who, Reason.PARTY_TOO_LARGE, seats=largest)
    if best.passed < TOP:
        minutes = best.short if math.isfinite(best.short) else None
        return Finding(who, RUNGS[best.passed], minutes=minutes, people=situation.people(person))
    rise = situation.best_insertion(person, _cars_to_try(situation, seats, reach, person, driving, riding))
    gains = rise is not None and rise > NO_GAIN
    reason = Reason.SEARCH_ENDED if gains else Reason.NOT_WORTH_THE_DRIVE
    return Finding(who, reason, possible=rise is not None)


def _cars_to_try(
    situation: Situation,
    seats: Seats,
    reach: Reach | None,
    person: int,
    driving: Standing | None,
    riding: Standing | None,
) -> list[Way]:
    """The cars and events into which somebody who passes all tests could perhaps be inserted.

    By the triangle inequality only the ways that pass; without it a full car may go where an empty one may not.
    """
    if reach is not None:
        return reach.ways(person)
    if not situation.open.times.triangle:
        return [(driver, event) for driver, car in situation.open.cars.items() for event in car.events]
    ways = seats.ways.get(person, []) if riding is not None and riding.passed == TOP else []
    return ways + (driving.ways if driving is not None else [])


def _better(driving: Standing | None, riding: Standing | None) -> Standing:
    """The standing that got further, in the car or at the wheel."""
    found = [standing for standing in (riding, driving) if standing is not None]
    return max(found, key=lambda standing: (standing.passed, -standing.short))
