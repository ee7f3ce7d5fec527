"""The standings in the cars of others, for all who are left at once: event by event, every car with every pick-up near it."""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from carpool.explain.ladder import Standing, Way, Wheel
from carpool.explain.situation import Situation
from carpool.solver.candidates import NEVER, SLACK, Crowd, Mask, View, stamp
from carpool.solver.times import Floats, Rows

Rung = Callable[[Way, int], bool]


@dataclass(frozen=True, slots=True)
class Ways:
    """Cars and pick-ups for one event, side by side: numbers of the car and of the crowd's row.

    The minutes by which the drive is too long for the driver, by which somebody would be home too late, and by which
    somebody would have to be ready too early, all at most 0 where there is nothing against the way.
    """

    car: Rows
    row: Rows
    excess: Floats
    late: Floats
    early: Floats

    def part(self, chosen: Rows) -> "Ways":
        """Only these."""
        return Ways(
            self.car[chosen], self.row[chosen], self.excess[chosen], self.late[chosen], self.early[chosen]
        )


class Seats:
    """`near_an_event`: the riders for whom some event is near enough, whoever drives; `standings` of all riders left."""

    def __init__(self, situation: Situation, wheel: Wheel) -> None:
        self.situation, self.wheel, self.data = situation, wheel, situation.open
        self.crowd = Crowd(self.data, [p for p in situation.left if p in self.data.passengers])
        self.fleet = Fleet(situation, self.crowd)
        people = self.crowd.person.tolist()
        self.special = np.array([p in self.data.units or p in self.data.apart for p in people], dtype=bool)
        self.people = np.array([situation.people(p) for p in people], dtype=np.intp)
        self.passed: Rows = np.zeros(len(people), dtype=np.intp)
        self.short = np.full(len(people), math.inf)
        self.ways: defaultdict[int, dict[Way, None]] = defaultdict(dict)
        self.near_an_event: set[int] = set()
        views = [self._view(event) for event in range(len(self.data.goals))]
        for event, view in enumerate(views):
            self.near_an_event.update(self.crowd.person[view.rows].tolist())
            ways = self.fleet.ways(event, view)
            self._climb(event, ways.part(np.flatnonzero(ways.excess <= 0)))
        for event, view in enumerate(views):
            self._measure(event, view)
        self.standings = self._standings()

    def _view(self, event: int) -> View:
        """The pick-ups from which the direct ride to this event is not too long."""
        view = self.crowd.view(event)
        near = np.flatnonzero(np.maximum(view.ride, view.drop) <= self.crowd.max_ride[view.rows] + SLACK)
        return _part(view, near)

    def _climb(self, event: int, ways: Ways) -> None:
        """All tests but the first, for the ways that passed it."""
        fleet, crowd = self.fleet, self.crowd
        alive = self.people[ways.row] <= self.situation.room(event)
        passed = 1 + alive.astype(np.intp)
        for test in (
            ways.late <= 0,
            ways.early <= 0,
            fleet.serves[ways.car, crowd.wish[ways.row]],
            crowd.mixes[fleet.manner[ways.car], crowd.manner[ways.row]],
        ):
            alive &= test
            passed += alive
        seated = self.people[ways.row] <= fleet.free_seats[ways.car]
        for rung, usual in ((self._takes_all, True), (self._not_apart, True), (self._has_seats, seated)):
            alive &= self._but_for_groups(rung, event, ways, alive, usual)
            passed += alive
        self._note(ways, passed)
        for car, row in zip(ways.car[alive].tolist(), ways.row[alive].tolist(), strict=True):
            self.ways[int(crowd.person[row])][int(fleet.person[car]), event] = None

    def _note(self, ways: Ways, passed: Rows) -> None:
        """Keep for each row the best way's tests, and of those ways the least minutes by which they fail the next."""
        before = self.passed.copy()
        np.maximum.at(self.passed, ways.row, passed)
        self.short[self.passed > before] = math.inf
        short = np.where(passed == 2, ways.late, np.where(passed == 3, ways.early, math.inf))
        best = passed == self.passed[ways.row]
        np.minimum.at(self.short, ways.row[best], short[best])

    def _measure(self, event: int, view: View) -> None:
        """By how many minutes the drives of those are too long whom no driver at all could take."""
        view = _part(view, np.flatnonzero(self.passed[view.rows] == 0))
        ways = self.fleet.ways(event, view, beyond=math.inf)
        np.minimum.at(self.short, ways.row, ways.excess)

    def _standings(self) -> dict[int, Standing]:
        standings: dict[int, Standing] = {}
        rows = zip(self.crowd.person.tolist(), self.passed.tolist(), self.short.tolist(), strict=True)
        for person, passed, short in rows:
            standings.setdefault(person, Standing(ways=list(self.ways.get(person, ())))).note(passed, short)
        return standings

    def _but_for_groups(self, rung: Rung, event: int, ways: Ways, alive: Mask, usual: Mask | bool) -> Mask:
        """The `usual` answer to a test, and for people in a group the test itself, one by one."""
        good = alive & usual
        for index in np.flatnonzero(alive & self.special[ways.row]).tolist():
            way = int(self.fleet.person[ways.car[index]]), event
            good[index] = rung(way, int(self.crowd.person[ways.row[index]]))
        return good

    def _takes_all(self, way: Way, person: int) -> bool:
        if person not in self.data.units:
            return True
        pair = self.wheel.limits.pair(*way)
        return pair is not None and self.wheel.takes(pair, self.situation.company(person))

    def _has_seats(self, way: Way, person: int) -> bool:
        return self.situation.people(person, besides=way[0]) <= self.situation.free_seats(way[0])

    def _not_apart(self, way: Way, person: int) -> bool:
        return way[0] not in self.data.apart.get(person, ())


class Fleet:
    """All cars as arrays, and their ways to the pick-ups of a crowd."""

    def __init__(self, situation: Situation, crowd: Crowd) -> None:
        self.data, self.crowd = situation.open, crowd
        cars = list(self.data.cars.values())
        self.person = np.array([car.person for car in cars], dtype=np.intp)
        self.seats = np.array([car.seats for car in cars], dtype=np.intp)
        self.free_seats = np.array([situation.free_seats(car.person) for car in cars], dtype=np.intp)
        self.max_travel = np.array([car.max_travel for car in cars])
        self.max_detour = np.array([car.max_detour for car in cars])
        self.way_back = np.array([car.way_back for car in cars], dtype=bool)
        self.ready = np.array([stamp(car.ready_at, -NEVER) for car in cars])
        self.home = np.array([stamp(car.home_by, NEVER) for car in cars])
        self.manner = np.array([self.data.manners[car.person] for car in cars], dtype=np.intp)
        served = [all(car.offers.get(n, 0) > 0 for n in needs) for car in cars for needs in crowd.wishes]
        self.serves = np.array(served, dtype=bool).reshape(len(cars), len(crowd.wishes))
        self.events = [frozenset(car.events) for car in cars]
        self.homes = self.data.times.many(self.person.tolist())

    def ways(self, event: int, view: View, beyond: float = 0.0) -> Ways:
        """The cars that may take these pick-ups to the event, by seats and way back, if no hour nor anybody's wish counted.

        All cars that can reach the event alone and whose drive is too long by at most `beyond` minutes, and perhaps more.
        """
        goal, crowd = self.data.goals[event], self.crowd
        out, back = self.homes.reaching(goal.place), self.homes.reached_from(goal.place)
        back = np.where(self.way_back, back, 0.0)
        willing = np.array([event in events for events in self.events], dtype=bool)
        willing &= np.isfinite(out) & np.isfinite(back)
        if self.data.times.triangle:
            willing &= np.maximum(out, back) <= self.max_travel + SLACK
        cars = np.flatnonzero(willing)
        longest_out = np.minimum(self.max_travel, out + self.max_detour) + SLACK
        longest_back = np.where(
            self.way_back, np.minimum(self.max_travel, back + self.max_detour) + SLACK, NEVER
        )
        aside = crowd.dwell[view.rows] + view.ride
        i, j, to, fro = crowd.many.grid(self.person[cars], view.rows, longest_out[cars] + beyond, aside)
        car, row = cars[i], view.rows[j]
        drive_out = to + aside[j]
        drive_back = np.where(crowd.way_back[row], view.drop[j] + crowd.dwell[row] + fro, back[car])
        ways = Ways(
            car=car,
            row=row,
            excess=np.maximum(drive_out - longest_out[car], drive_back - longest_back[car]),
            late=np.maximum(-view.home[j], drive_back - (self.home[car] - stamp(goal.ends_at, 0.0)) - SLACK),
            early=np.maximum(
                -view.ready[j], drive_out + (self.ready[car] - stamp(goal.arrives_at, 0.0)) - SLACK
            ),
        )
        return ways.part(np.flatnonzero(self._seated(car, row) & np.isfinite(ways.excess)))

    def _seated(self, car: Rows, row: Rows) -> Mask:
        """Somebody else's car, with seats enough, that drives back if the rider wants to."""
        crowd = self.crowd
        seats: Mask = crowd.party[row] <= self.seats[car]
        back: Mask = self.way_back[car] | ~crowd.way_back[row]
        others: Mask = self.person[car] != crowd.person[row]
        return seats & back & others


def _part(view: View, chosen: Rows) -> View:
    return View(
        view.rows[chosen], view.ride[chosen], view.drop[chosen], view.ready[chosen], view.home[chosen]
    )
