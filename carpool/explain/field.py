"""Those who are left, at their pick-ups, and all cars and events: which way passes how many tests."""

import math
from dataclasses import dataclass

import numpy as np

from carpool.explain.legs import Legs
from carpool.explain.situation import Situation
from carpool.solver.candidates import NEVER, SLACK, Crowd, Mask, stamp
from carpool.solver.fleet import Fleet
from carpool.solver.times import Floats, Rows

FULL, LATE, EARLY, UNIT, TOP = 1, 2, 3, 6, 9
"""How many tests a way has passed that fails at the room, an hour, the test of those who come along; and all of them."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pick-ups and events near enough to them, side by side. `at` is the pick-up's place among those asked for.

    `aside` is the dwell and the direct ride out, `drop` the direct ride back. `home` and `ready` are how much longer
    the rides may take by the clock; `ceiling` is how many tests a way can pass at most, whichever car it is.
    """

    at: Rows
    row: Rows
    event: Rows
    aside: Floats
    drop: Floats
    home: Floats
    ready: Floats
    ceiling: Rows

    def part(self, chosen: Mask) -> "Pairs":
        """Only these."""
        return Pairs(
            self.at[chosen], self.row[chosen], self.event[chosen], self.aside[chosen], self.drop[chosen],
            self.home[chosen], self.ready[chosen], self.ceiling[chosen],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ways:
    """Cars that fetch somebody from a pick-up to an event, side by side, with the drive out and the tests passed.

    `short` is by how many minutes the next test fails, infinite where it is not one of minutes.
    """

    car: Rows
    row: Rows
    event: Rows
    drive: Floats
    passed: Rows
    short: Floats

    def part(self, chosen: Mask | Rows) -> "Ways":
        """Only these."""
        return Ways(
            self.car[chosen], self.row[chosen], self.event[chosen], self.drive[chosen], self.passed[chosen],
            self.short[chosen],
        )  # fmt: skip


class Field:
    """Arrays over pick-ups, events and cars. Tables of cars are (events, cars)."""

    def __init__(self, situation: Situation, legs: Legs) -> None:
        self.situation, self.legs, data = situation, legs, situation.open
        self.symmetric = data.times.symmetric
        self.crowd = Crowd(data, [p for p in situation.left if p in data.passengers])
        self.spots = self.crowd.many.places
        self._events()
        self._cars()
        self._people()

    def _events(self) -> None:
        goals, events = self.situation.open.goals, range(len(self.situation.open.goals))
        self.goals = np.array([goal.place for goal in goals], dtype=np.intp)
        self.arrive = np.array([stamp(goal.arrives_at, 0.0) for goal in goals])
        self.leave = np.array([stamp(goal.ends_at, 0.0) for goal in goals])
        self.room = np.array([self.situation.room(event) for event in events], dtype=np.intp)
        wanted = [[event in errand for event in events] for errand in self.crowd.errands]
        self._wanted = np.array(wanted, dtype=bool).reshape(len(wanted), len(goals))

    def _cars(self) -> None:
        self.fleet = fleet = Fleet(self.situation.open)
        shape = len(self.goals), len(fleet.cars)
        self.longest_out, self.willing = np.empty(shape), np.empty(shape, dtype=bool)
        self._longest_back = self.longest_out if self.symmetric else np.empty(shape)
        for event in range(len(self.goals)):
            drives = fleet.distances(event)
            longest = np.minimum(fleet.max_travel, drives.out + fleet.max_detour) + SLACK
            # A car that is too far away keeps its limit: by so much it is too far.
            self.longest_out[event] = np.where(drives.allowed, longest, -np.inf)
            self.willing[event] = drives.willing
            if not self.symmetric:
                self._longest_back[event] = (
                    np.minimum(fleet.max_travel, drives.back + fleet.max_detour) + SLACK
                )
        # The hour is of no interest for a car that does not drive back.
        self._home = np.where(fleet.way_back, fleet.home, 2 * NEVER)
        free = [self.situation.free_seats(person) for person in fleet.person.tolist()]
        self.free_seats = np.array(free, dtype=np.intp)
        wishes = self.crowd.wishes
        served = [all(car.offers.get(n, 0) > 0 for n in needs) for car in fleet.cars for needs in wishes]
        self.serves = np.array(served, dtype=bool).reshape(len(fleet.cars), len(wishes))

    def _people(self) -> None:
        data, people = self.situation.open, self.crowd.person.tolist()
        self.in_unit = np.array([p in data.units for p in people], dtype=bool)
        self.in_apart = np.array([p in data.apart for p in people], dtype=bool)
        self.people = np.array([self.situation.people(p) for p in people], dtype=np.intp)
        number = {person: car for car, person in enumerate(self.fleet.person.tolist())}
        barred = [
            row * len(number) + number[other]
            for row in np.flatnonzero(self.in_apart).tolist()
            for other in data.apart[people[row]]
            if other in number
        ]
        self._barred = np.array(barred, dtype=np.intp)

    def rides(self, rows: Rows) -> tuple[Floats, Floats, Mask]:
        """The direct rides from these pick-ups to all events and back, and which events their riders allow."""
        here, crowd = self.spots[rows][:, None], self.crowd
        ride = self.legs.minutes(here, self.goals[None, :])
        drop = ride if self.symmetric else self.legs.minutes(self.goals[None, :], here)
        return ride, np.where(crowd.way_back[rows][:, None], drop, 0.0), self._wanted[crowd.errand[rows]]

    def pairs(self, rows: Rows) -> tuple[Pairs, Floats]:
        """These pick-ups with all events near them, and for each pick-up the minutes to the nearest event allowed."""
        crowd = self.crowd
        ride, drop, wanted = self.rides(rows)
        far = np.where(wanted, np.maximum(ride, drop), np.inf)
        at, event = np.nonzero(far <= crowd.max_ride[rows][:, None] + SLACK)
        row, ride, drop = rows[at], ride[at, event], drop[at, event]
        aside, walk = crowd.dwell[row] + ride, crowd.walk[row]
        home = (crowd.home[row] - self.leave[event]) - walk - drop + SLACK
        home = np.where(crowd.way_back[row], home, np.inf)
        ready = (self.arrive[event] - crowd.ready[row]) - walk - aside + SLACK
        ceiling = np.where(self.in_unit[row], UNIT, TOP)
        for test, passed in (
            (ready < 0, EARLY),
            (home < 0, LATE),
            (self.people[row] > self.room[event], FULL),
        ):
            ceiling = np.where(test, passed, ceiling)
        return Pairs(at, row, event, aside, drop, home, ready, ceiling), far.min(axis=1, initial=np.inf)

    def ways(self, pairs: Pairs, pair: Rows, car: Rows, to: Floats, fro: Floats) -> Ways:
        """Ways by the numbers of pair and car, with the minutes between the car's home and the pick-up, there and back."""
        crowd, fleet = self.crowd, self.fleet
        row, event = pairs.row[pair], pairs.event[pair]
        drive = to + pairs.aside[pair]
        returning = pairs.drop[pair] + crowd.dwell[row] + fro
        alone = np.flatnonzero(~crowd.way_back[row])
        returning[alone] = self.back(event[alone], car[alone])
        late = np.maximum(-pairs.home[pair], returning - (self._home[car] - self.leave[event]) - SLACK)
        early = np.maximum(-pairs.ready[pair], drive + (fleet.ready[car] - self.arrive[event]) - SLACK)
        good = (drive <= self.longest_out[event, car]) & (returning <= self.longest_back(event, car))
        good &= self.seated(car, row)
        passed = good.astype(np.intp)
        for test in (
            self.people[row] <= self.room[event],
            late <= 0,
            early <= 0,
            self.serves[car, crowd.wish[row]],
            crowd.mixes[fleet.manner[car], crowd.manner[row]],
            ~self.in_unit[row],
            self._not_apart(car, row),
            self.people[row] <= self.free_seats[car],
        ):
            good &= test
            passed += good
        short = np.where(passed == LATE, late, np.where(passed == EARLY, early, np.inf))
        return Ways(car, row, event, drive, passed, short)

    def back(self, event: Rows, car: Rows) -> Floats:
        """The direct drives of these cars home from these events, 0 for who drives out only."""
        drives = self.legs.minutes(self.goals[event], self.fleet.person[car])
        return np.where(self.fleet.way_back[car], drives, 0.0)

    def longest_back(self, event: Rows, car: Rows) -> Floats:
        """The longest ways back of these cars from these events."""
        return np.where(self.fleet.way_back[car], self._longest_back[event, car], NEVER)

    def farthest(self, pairs: Pairs) -> float:
        """How many minutes away from a pick-up of these pairs a car may be at most; below 0 if there are none."""
        longest = self.fleet.max_travel.max(initial=-math.inf) + SLACK
        return float(longest - pairs.aside.min(initial=math.inf))

    def to_pickup(self, cars: Rows, row: int, within: float) -> Floats:
        """Minutes from the cars' homes to a pick-up; those over `within` may be infinite."""
        if len(cars) < len(self.fleet.cars) // 8:
            return self.legs.minutes(self.fleet.person[cars], self.spots[[row]])
        return self.fleet.homes.reaching(int(self.spots[row]), within)[cars]

    def seated(self, car: Rows, row: Rows) -> Mask:
        """Somebody else's car, with seats enough if it were empty, that drives back if the rider wants to."""
        crowd, fleet = self.crowd, self.fleet
        seats: Mask = crowd.party[row] <= fleet.seats[car]
        back: Mask = fleet.way_back[car] | ~crowd.way_back[row]
        others: Mask = fleet.person[car] != crowd.person[row]
        return seats & back & others

    def pleases(self, car: Rows, row: int) -> Mask:
        """Whether these cars offer the rider at a pick-up what is needed, and the driver's company suits both."""
        crowd, fleet = self.crowd, self.fleet
        good: Mask = self.serves[car, crowd.wish[row]] & crowd.mixes[fleet.manner[car], crowd.manner[row]]
        return good

    def _not_apart(self, car: Rows, row: Rows) -> Mask:
        good = np.ones(len(row), dtype=bool)
        asked = np.flatnonzero(self.in_apart[row])
        if len(asked):
            good[asked] = ~np.isin(row[asked] * len(self.fleet.cars) + car[asked], self._barred)
        return good
