"""Who can ride in which car: all pick-up places as arrays, sifted for one car and one event at a time."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from carpool.collector import at_rest
from carpool.schedule import TOLERANCE_MINUTES
from carpool.solver.data import Car, Data, Goal
from carpool.solver.limits import NEAR, Limits, Pair
from carpool.solver.times import Floats, Rows

Mask = NDArray[np.bool_]
T = TypeVar("T")

NEVER = 1e12
"""Minutes since 1970 of a time that nobody gave. An infinity would turn into no number beside a leg without a way."""

SLACK = TOLERANCE_MINUTES + NEAR
"""What an array test grants beyond a limit: the exact test comes later, one trip at a time."""


@dataclass(frozen=True, slots=True)
class View:
    """The pick-ups from which riders may go to one event, as seen from there. All arrays are (rows,).

    `ride` is the direct ride out, `drop` the direct ride back (0 for who does not ride back). `ready` and `home` say how
    much longer than directly the ride out and back may take by the clock, tolerance included; below 0: not even directly.
    """

    rows: Rows
    ride: Floats
    drop: Floats
    ready: Floats
    home: Floats


@dataclass(frozen=True, slots=True)
class Drives:
    """The drive of one car out and back, if it stops at one pick-up alone: minutes for each row of a view."""

    out: Floats
    back: Floats


class Reach:
    """The events each car can get to, in time for its driver or, without `by_clock`, at whatever hour."""

    def __init__(self, data: Data, limits: Limits, by_clock: bool = True) -> None:
        self.data, self.limits, self.by_clock = data, limits, by_clock
        self.many = data.times.many([goal.place for goal in data.goals])
        self._pairs: dict[int, tuple[Pair, ...]] = {}

    def pairs(self, driver: int) -> tuple[Pair, ...]:
        """The events that this driver may go to and has a way to; by the triangle inequality, also in time alone."""
        if driver not in self._pairs:
            car = self.data.cars[driver]
            near = self._near(car)
            found = (self.limits.pair(driver, event) for event in car.events if event in near)
            self._pairs[driver] = tuple(pair for pair in found if pair is not None and self._in_time(pair))
        return self._pairs[driver]

    def _near(self, car: Car) -> set[int]:
        """The events within the longest drive, looked up all at once."""
        longest = car.max_travel + SLACK if self.data.times.triangle else math.inf
        return set(np.flatnonzero(self.many.reached_from(car.person, longest) <= longest).tolist())

    def _in_time(self, pair: Pair) -> bool:
        if not self.data.times.triangle or not self.by_clock:
            return True
        return pair.leaves_well(pair.direct_out) and pair.returns_well(pair.direct_back)


class Crowd:
    """All pick-ups of all passengers, or of some. Arrays are over pick-ups; a passenger's are neighbours."""

    def __init__(self, data: Data, people: Iterable[int] | None = None) -> None:
        self.data = data
        riders = [data.passengers[person] for person in (data.passengers if people is None else people)]
        pickups = [(rider, pickup) for rider in riders for pickup in rider.pickups]
        self.person = np.array([rider.person for rider, _ in pickups], dtype=np.intp)
        self.walk = np.array([pickup.walk for _, pickup in pickups])
        self.dwell = np.array([rider.dwell for rider, _ in pickups])
        self.party = np.array([rider.party for rider, _ in pickups], dtype=np.intp)
        self.max_ride = np.array([rider.max_ride for rider, _ in pickups])
        self.way_back = np.array([rider.way_back for rider, _ in pickups], dtype=bool)
        self.ready = np.array([stamp(rider.ready_at, -NEVER) for rider, _ in pickups])
        self.home = np.array([stamp(rider.home_by, NEVER) for rider, _ in pickups])
        self.manner = np.array([data.manners[rider.person] for rider, _ in pickups], dtype=np.intp)
        self.wish, self.wishes = by_kind([rider.needs for rider, _ in pickups])
        self.errand, self.errands = by_kind([rider.events for rider, _ in pickups])
        self.many = data.times.many([pickup.place for _, pickup in pickups])
        self.mixes = np.array(data.mixes, dtype=bool).reshape(len(data.mixes), len(data.mixes))
        self.mixes &= self.mixes.T
        self._views: dict[int, View] = {}
        self._row: tuple[int, float, Floats, Floats] | None = None

    def view(self, event: int) -> View:
        """The pick-ups of those who may go to this event and, by the triangle inequality, can bear the ride there."""
        if event not in self._views:
            self._views[event] = self._make_view(event)
        return self._views[event]

    def drives(self, pair: Pair, view: View) -> Drives:
        """The drives of this car with one pick-up. Those much too long may be infinite."""
        to, back = self._legs(pair.car)
        dwell, rides_back = self.dwell[view.rows], self.way_back[view.rows] & pair.car.way_back
        out = to[view.rows] + dwell + view.ride
        return Drives(out, np.where(rides_back, view.drop + dwell + back[view.rows], pair.direct_back))

    def in_time(self, pair: Pair, view: View, drives: Drives) -> Mask:
        """The rows whose drives keep all limits of car and rider, to within `NEAR`."""
        good: Mask = (drives.out <= pair.longest_out + NEAR) & (drives.back <= pair.longest_back + NEAR)
        good &= (view.ready >= 0) & (view.home >= 0)
        return good

    def allowed(self, car: Car, rows: Rows) -> Mask:
        """The rows whose riders have seats, way back, needs and company in this car."""
        return self.seated(car, rows) & self.served(car, rows) & self.company(car, rows)

    def seated(self, car: Car, rows: Rows) -> Mask:
        """The rows whose riders are somebody else, find seats, and drive back if they want to."""
        fits: Mask = (self.party[rows] <= car.seats) & (self.person[rows] != car.person)
        if not car.way_back:
            fits = fits & ~self.way_back[rows]
        return fits

    def served(self, car: Car, rows: Rows) -> Mask:
        """The rows whose riders' needs this car offers."""
        served = [all(car.offers.get(need, 0) > 0 for need in needs) for needs in self.wishes]
        rows_served: Mask = np.array(served, dtype=bool)[self.wish[rows]]
        return rows_served

    def company(self, car: Car, rows: Rows) -> Mask:
        """The rows whose riders and this driver accept each other's company."""
        accepted: Mask = self.mixes[self.data.manners[car.person]][self.manner[rows]]
        return accepted

    def candidates(self, pair: Pair, most: int | None = None) -> list[int]:
        """Passengers who may ride in this car to this event, those who cost the fewest minutes first.

        By the triangle inequality nobody else can; without it, nobody else can without company.
        """
        view = self.view(pair.event)
        drives = self.drives(pair, view)
        near = np.flatnonzero(self.in_time(pair, view, drives))
        near = near[self.allowed(pair.car, view.rows[near])]
        extra = drives.out[near] + self.walk[view.rows[near]]
        near = near[np.argsort(extra, kind="stable")]
        driver, held = pair.car.person, self.data.held
        people: dict[int, None] = {}
        for person in self.person[view.rows[near]].tolist():
            if (
                person not in people
                and held.get(person, driver) == driver
                and not self.data.barred(driver, person)
            ):
                people[person] = None
                if most is not None and len(people) >= most:
                    break
        return list(people)

    def _legs(self, car: Car) -> tuple[Floats, Floats]:
        """Minutes from the car's home to all pick-ups and from them to it, remembered for the last car."""
        within = car.max_travel + SLACK
        if self._row is None or self._row[:2] != (car.person, within):
            to = self.many.reached_from(car.person, within)
            back = to if self.data.times.symmetric else self.many.reaching(car.person, within)
            self._row = (car.person, within, to, back)
        return self._row[2], self._row[3]

    def _make_view(self, event: int) -> View:
        goal = self.data.goals[event]
        willing = np.array([event in events for events in self.errands], dtype=bool)[self.errand]
        ride = self.many.reaching(goal.place)
        drop = np.where(self.way_back, self.many.reached_from(goal.place), 0.0)
        if self.data.times.triangle:
            willing &= (ride <= self.max_ride + SLACK) & (drop <= self.max_ride + SLACK)
        rows = np.flatnonzero(willing)
        return self._seen_from(goal, rows, ride[rows], drop[rows])

    def _seen_from(self, goal: Goal, rows: Rows, ride: Floats, drop: Floats) -> View:
        arrive, leave = stamp(goal.arrives_at, 0.0), stamp(goal.ends_at, 0.0)
        ready = (arrive - self.ready[rows]) - self.walk[rows] - self.dwell[rows] - ride + SLACK
        home = (self.home[rows] - leave) - self.walk[rows] - drop + SLACK
        return View(rows, ride, drop, ready, np.where(self.way_back[rows], home, math.inf))


@dataclass(frozen=True)
class Scene:
    """An instance with all that is worked out of it once: limits, reach of the cars, pick-ups as arrays."""

    data: Data
    limits: Limits
    reach: Reach
    crowd: Crowd


@at_rest()
def make_scene(data: Data) -> Scene:
    """Everything that enumeration and explanation look at."""
    limits = Limits(data)
    return Scene(data, limits, Reach(data, limits), Crowd(data))


def stamp(moment: datetime | None, missing: float) -> float:
    return missing if moment is None else moment.timestamp() / 60


def by_kind(values: Sequence[T]) -> tuple[Rows, list[T]]:
    """The number of each value among the distinct ones, and these."""
    numbers: dict[T, int] = {}
    kinds = np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.intp)
    return kinds, list(numbers)
