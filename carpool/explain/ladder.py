"""How far the ways of those who are left get: each has to pass one test after another, in the order of the reasons.

A way of a rider is a car, empty but for its driver, and an event; a way of a driver, and of a rider who can drive, is the
own car and an event. The reason is the first test that no way passes which has passed all before it.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from carpool.explain.situation import Situation
from carpool.plan import Reason
from carpool.schedule import TOLERANCE_MINUTES
from carpool.solver.candidates import SLACK, Crowd, Drives, Mask, Reach, Rows, View
from carpool.solver.enumeration import exact_trip
from carpool.solver.limits import Limits, Pair
from carpool.solver.times import Floats

RUNGS = (
    Reason.NO_DRIVER_IN_REACH,
    Reason.EVENT_FULL,
    Reason.NOT_HOME_IN_TIME,
    Reason.NOT_READY_IN_TIME,
    Reason.NEEDS_NOT_OFFERED,
    Reason.COMPANY_NOT_MET,
    Reason.TOGETHER_NOT_MET,
    Reason.KEPT_APART,
    Reason.SEATS_TAKEN,
)
"""The tests in order, each by the reason that holds where no way passes it."""

TOP = len(RUNGS)


@dataclass
class Standing:
    """The tests that somebody's best way passes, the minutes by which it fails the next one, and the ways that pass all."""

    passed: int = 0
    short: float = math.inf
    ways: list[Pair] = field(default_factory=list)

    def note(self, passed: int, short: float, pair: Pair) -> None:
        """Take one more way into account."""
        if passed > self.passed or (passed == self.passed and short < self.short):
            self.passed, self.short = passed, short
        if passed == TOP:
            self.ways.append(pair)


class Ladder:
    """The standing of everybody who is left: `as_driver` of who may drive, `as_rider` of who may ride."""

    def __init__(self, situation: Situation) -> None:
        self.situation, self.data = situation, situation.open
        self.limits = Limits(self.data)
        self.reach = Reach(self.data, self.limits, by_clock=False)
        self.crowd = Crowd(self.data, [p for p in situation.left if p in self.data.passengers])
        self.grouped = np.array([p in self.data.units for p in self.crowd.person.tolist()], dtype=bool)
        self.parted = np.array([p in self.data.apart for p in self.crowd.person.tolist()], dtype=bool)
        self.passed: Rows = np.zeros(len(self.crowd.person), dtype=np.intp)
        self.short = np.full(len(self.crowd.person), math.inf)
        self.ways: defaultdict[int, list[Pair]] = defaultdict(list)
        self.as_driver = {p: self._drive(p) for p in situation.left if p in self.data.cars}
        if len(self.crowd.person):
            for driver in self.data.cars:
                for pair in self.reach.pairs(driver):
                    self._ride(pair)
        self.as_rider = self._riders()
        self.near_an_event = self._near_an_event()

    def cars_to_try(self, person: int) -> list[Pair]:
        """The cars and events into which somebody who passes all tests could perhaps be inserted.

        By the triangle inequality only the ways that pass; without it a full car may go where an empty one may not.
        """
        if not self.data.times.triangle:
            return [pair for driver in self.data.cars for pair in self.reach.pairs(driver)]
        standings = (self.as_rider.get(person), self.as_driver.get(person))
        return [pair for standing in standings if standing is not None for pair in standing.ways]

    def _riders(self) -> dict[int, Standing]:
        """The standing of each rider, over all their pick-ups."""
        standings: dict[int, Standing] = {}
        rows = zip(self.crowd.person.tolist(), self.passed.tolist(), self.short.tolist(), strict=True)
        for person, passed, short in rows:
            standing = standings.setdefault(person, Standing(ways=self.ways.get(person, [])))
            if (passed, -short) > (standing.passed, -standing.short):
                standing.passed, standing.short = passed, short
        return standings

    def _near_an_event(self) -> set[int]:
        """The riders for whom some event is near enough, whoever drives."""
        near: set[int] = set()
        for event in range(len(self.data.goals)):
            view = self.crowd.view(event)
            near.update(self.crowd.person[view.rows[_ride_excess(self.crowd, view) <= 0]].tolist())
        return near

    def _drive(self, person: int) -> Standing:
        """The standing of somebody at the own wheel, with nobody but those who must come along."""
        standing = Standing()
        for pair in self.reach.pairs(person):
            car = pair.car
            others = set(self.data.units.get(person, ())) - {person}
            late = max(pair.direct_back - pair.home, -math.inf) if car.way_back else -math.inf
            early = pair.ready + pair.direct_out
            tests = (
                max(pair.direct_out, pair.direct_back) <= car.max_travel + TOLERANCE_MINUTES,
                car.party <= self.situation.room(pair.event),
                late <= TOLERANCE_MINUTES,
                early <= TOLERANCE_MINUTES,
                True,
                True,
                not others or exact_trip(self.data, self.limits, pair, others) is not None,
                True,
                True,
            )
            passed = tests.index(False) if False in tests else TOP
            standing.note(passed, {2: late, 3: early}.get(passed, math.inf), pair)
        return standing

    def _ride(self, pair: Pair) -> None:
        """What this car and event are to each pick-up of those who are left."""
        crowd, view = self.crowd, self.crowd.view(pair.event)
        if not len(view.rows):
            return
        drives = crowd.drives(pair, view)
        excess = np.maximum(_drive_excess(pair, drives), _ride_excess(crowd, view))
        ways = np.flatnonzero(crowd.seated(pair.car, view.rows) & np.isfinite(excess))
        near = excess[ways] <= 0
        far, ways = ways[~near], ways[near]
        self._note(view.rows[far], np.zeros(len(far), dtype=np.intp), excess[far])
        if len(ways):
            self._climb(pair, view, drives, ways)

    def _climb(self, pair: Pair, view: View, drives: Drives, ways: Rows) -> None:
        """All tests but the first, for the rows `ways` of the view, which passed that."""
        rows, situation, crowd = view.rows[ways], self.situation, self.crowd
        late, early = _late(pair, view, drives, ways), _early(pair, view, drives, ways)
        alive = crowd.party[rows] <= situation.room(pair.event)
        passed = 1 + alive.astype(np.intp)
        for test in (late <= 0, early <= 0, crowd.served(pair.car, rows), crowd.company(pair.car, rows)):
            alive = alive & test
            passed += alive
        alive = alive & self._together(pair, rows, alive)
        passed += alive
        alive = alive & self._not_apart(pair, rows, alive)
        passed += alive
        alive = alive & (crowd.party[rows] <= situation.free_seats(pair.car.person))
        passed += alive
        self._note(rows, passed, np.where(passed == 2, late, np.where(passed == 3, early, math.inf)))
        for person in dict.fromkeys(crowd.person[rows[alive]].tolist()):
            self.ways[person].append(pair)

    def _note(self, rows: Rows, passed: Rows, short: Floats) -> None:
        before = self.passed[rows]
        better = (passed > before) | ((passed == before) & (short < self.short[rows]))
        self.passed[rows[better]] = passed[better]
        self.short[rows[better]] = short[better]

    def _together(self, pair: Pair, rows: Rows, alive: Mask) -> Mask:
        """Whether the car can take everybody who must ride with this row's rider."""
        good = np.ones(len(rows), dtype=bool)
        for index in np.flatnonzero(alive & self.grouped[rows]):
            unit = self.data.units[int(self.crowd.person[rows[index]])] - {pair.car.person}
            good[index] = exact_trip(self.data, self.limits, pair, set(unit)) is not None
        return good

    def _not_apart(self, pair: Pair, rows: Rows, alive: Mask) -> Mask:
        good = np.ones(len(rows), dtype=bool)
        for index in np.flatnonzero(alive & self.parted[rows]):
            good[index] = pair.car.person not in self.data.apart[int(self.crowd.person[rows[index]])]
        return good


def _ride_excess(crowd: Crowd, view: View) -> Floats:
    """By how many minutes even the direct ride is too long for the rider."""
    excess: Floats = np.maximum(view.ride, view.drop) - crowd.max_ride[view.rows] - SLACK
    return excess


def _drive_excess(pair: Pair, drives: Drives) -> Floats:
    """By how many minutes the drive with this one stop is too long for the driver, out or back, whatever the hour."""
    car = pair.car
    out = drives.out - min(car.max_travel, pair.direct_out + car.max_detour)
    if not car.way_back:
        return out - SLACK
    return np.maximum(out, drives.back - min(car.max_travel, pair.direct_back + car.max_detour)) - SLACK


def _late(pair: Pair, view: View, drives: Drives, ways: Rows) -> Floats:
    """By how many minutes the rider or the driver would be home too late."""
    own = drives.back[ways] - pair.home - SLACK if pair.car.way_back else -math.inf
    return np.maximum(-view.home[ways], own)


def _early(pair: Pair, view: View, drives: Drives, ways: Rows) -> Floats:
    """By how many minutes the rider or the driver would have to be ready too early."""
    return np.maximum(-view.ready[ways], drives.out[ways] + pair.ready - SLACK)
