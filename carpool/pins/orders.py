"""A small exact search: in which order and at which places a car can fetch some riders within everybody's limits.

The trip is built from the event outwards. The stop before the event is the last on the way out and the first on the way
back, so that one step settles both rides of a rider, and only the driver's minutes can still grow.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from carpool.check import LIMITS, trip_violations
from carpool.instance import Driver, Event, Instance, Rider
from carpool.plan import Stop, Trip
from carpool.schedule import (
    TOLERANCE_MINUTES,
    dwell_minutes,
    limit_margins,
    make_schedule,
    minutes_between,
    walk_minutes,
)

STEPS_A_SEARCH = 50_000
# Two sums of the same minutes in another order differ by less; and nobody reads a smaller difference.
_NOISE = 1e-9
_SMALLEST_GAIN = 1e-6


class Budget:
    """How many steps all searches together may take."""

    def __init__(self, steps: int = 5 * STEPS_A_SEARCH) -> None:
        self.steps = steps


@dataclass(frozen=True, slots=True)
class Halt:
    """A rider at a place where the car may stop, `here` in the travel model. Hours count from the event, as in a schedule."""

    rider: Rider
    place: str | None
    here: int
    walk: float
    dwell: float
    ready: float
    home_by: float


@dataclass(frozen=True, slots=True)
class _Half:
    """The part of a trip next to the event. `out` and `back` are the minutes between it and the event, dwells included.

    `front` and `rear` are where the car is then, `left` the riders who must still be fetched, `worst` the worst excess
    of a rider's limit so far.
    """

    stops: tuple[Halt, ...]
    left: frozenset[str]
    seats: float
    out: float
    front: int
    back: float
    rear: int
    worst: float


@dataclass(frozen=True, slots=True)
class Found:
    """A trip and the most minutes by which it exceeds a limit: none, if that is not above the tolerance."""

    trip: Trip
    worst: float


class OrderSearch:
    """The search for one car. The `required` riders must come; the `optional` ones may, where a way round is a shorter way.

    `room` is how many people these may be together.
    """

    def __init__(
        self,
        instance: Instance,
        driver: Driver,
        event: Event,
        required: Sequence[Rider],
        optional: Sequence[Rider] = (),
        room: float = math.inf,
    ) -> None:
        self._instance, self._driver, self._event = instance, driver, event
        self._home, self._goal = instance.index[driver.id], instance.event_index[event.id]
        self._required = frozenset(rider.id for rider in required)
        self._seats = min(driver.seats, sum(rider.party for rider in required) + room)
        self._halts = [halt for rider in (*required, *optional) for halt in self._halts_of(rider)]
        self._dwell = {rider.id: dwell_minutes(instance, rider) for rider in required}
        self._legs: dict[tuple[int, int], float] = {}
        self._triangle = instance.travel.triangle
        self._direct, self._direct_back = self._leg(self._home, self._goal), self._leg(self._goal, self._home)
        self._ready, self._home_by = self._hours(driver)

    def best(self, ceiling: float, budget: Budget) -> tuple[Found | None, bool]:
        """The trip that exceeds its limits least, if by no more than `ceiling`, and whether the search saw everything.

        Ends early with the first trip that exceeds none.
        """
        steps = min(STEPS_A_SEARCH, budget.steps)
        found: Found | None = None
        paths = [iter([self._start()])]
        while paths:
            half = next(paths[-1], None)
            if half is None:
                paths.pop()
                continue
            steps, budget.steps = steps - 1, budget.steps - 1
            if steps < 0:
                return found, False
            if self._least(half) > ceiling + _NOISE:
                continue
            whole = self._whole(half)
            if whole is not None and whole.worst <= ceiling:
                found, ceiling = whole, whole.worst - _SMALLEST_GAIN
                if whole.worst <= TOLERANCE_MINUTES:
                    break
            paths.append(iter(self._longer(half)))
        return found, True

    def _start(self) -> _Half:
        seats, goal = self._seats, self._goal
        return _Half((), self._required, seats, 0.0, goal, 0.0, goal, -math.inf)

    def _longer(self, half: _Half) -> list[_Half]:
        """The same with one more stop in front, the nearest first."""
        there = {halt.rider.id for halt in half.stops}
        fit = [h for h in self._halts if h.rider.id not in there and h.rider.party <= half.seats]
        fit.sort(key=lambda halt: self._leg(halt.here, half.front))
        return [self._with(half, halt) for halt in fit]

    def _with(self, half: _Half, halt: Halt) -> _Half:
        rider = halt.rider
        ride = half.out + self._leg(halt.here, half.front)
        out = ride + halt.dwell
        worst = max(half.worst, ride - rider.max_travel_minutes, halt.ready + halt.walk + out)
        back, rear = half.back, half.rear
        if rider.way_back and self._driver.way_back:
            drop = half.back + self._leg(half.rear, halt.here)
            worst = max(worst, drop - rider.max_travel_minutes, drop + halt.walk - halt.home_by)
            back, rear = drop + halt.dwell, halt.here
        left, seats = half.left - {rider.id}, half.seats - rider.party
        return _Half((halt, *half.stops), left, seats, out, halt.here, back, rear, worst)

    def _least(self, half: _Half) -> float:
        """What the worst excess will be at least, whatever stops follow."""
        driver = self._driver
        waits = sum(self._dwell[rider] for rider in half.left)
        drive = half.out + waits + self._to_home(self._home, half.front)
        least = max(
            half.worst,
            drive - driver.max_travel_minutes,
            drive - self._direct - driver.max_detour_minutes,
            self._ready + drive,
        )
        if not driver.way_back:
            return least
        back = half.back + self._to_home(half.rear, self._home)
        spent = max(back - driver.max_travel_minutes, back - self._direct_back - driver.max_detour_minutes)
        return max(least, spent, back - self._home_by)

    def _to_home(self, origin: int, destination: int) -> float:
        """The least that is left to drive. Without the triangle inequality a way round might cost nothing."""
        return self._leg(origin, destination) if self._triangle else 0.0

    def _whole(self, half: _Half) -> Found | None:
        """The trip as it stands, unless somebody is missing or does not go with the others."""
        if half.left:
            return None
        stops = tuple(Stop(halt.rider.id, halt.place) for halt in half.stops)
        trip = Trip(self._driver.id, self._event.id, stops)
        if len(stops) > len(self._required) and not self._is_good_company(trip):
            return None
        pairs = [(stop.rider, stop.place) for stop in stops]
        schedule = make_schedule(self._instance, self._driver, self._event, pairs)
        return Found(trip, max(margin.minutes for margin in limit_margins(schedule)))

    def _is_good_company(self, trip: Trip) -> bool:
        """Whether those who joined break no rule that is not about minutes. Of those who had to come that is known."""
        if any(violation.rule not in LIMITS for violation in trip_violations(self._instance, trip)):
            return False
        people = {trip.driver, *trip.riders}
        groups = {group for person in people for group in self._instance.together_groups.get(person, ())}
        return all(people.issuperset(self._instance.together[group]) for group in groups)

    def _halts_of(self, rider: Rider) -> list[Halt]:
        places = [place.id for place in rider.places]
        dwell, (ready, home_by) = dwell_minutes(self._instance, rider), self._hours(rider)
        return [
            Halt(rider, place, here, walk_minutes(rider, place), dwell, ready, home_by)
            for place in ([None, *places] if rider.home_pickup else places)
            for here in [self._instance.place_index[rider.id, place]]
        ]

    def _hours(self, person: Driver | Rider) -> tuple[float, float]:
        """When somebody is ready, counted from the arrival at the event, and must be home, counted from its end."""
        event, ready, home_by = self._event, -math.inf, math.inf
        if person.ready_at is not None:
            ready = minutes_between(event.starts_at, person.ready_at) + self._instance.arrive_before_minutes
        if person.home_by is not None:
            home_by = minutes_between(event.ends_at, person.home_by)
        return ready, home_by

    def _leg(self, origin: int, destination: int) -> float:
        if (origin, destination) not in self._legs:
            self._legs[origin, destination] = self._instance.travel.minutes(origin, destination)
        return self._legs[origin, destination]
