"""The standings in the cars of others, for all who are left at once: event by event, every car with every pick-up near it."""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from carpool.explain.ladder import TOP, Standing, Way, Wheel
from carpool.explain.situation import NO_GAIN, Situation
from carpool.solver.candidates import NEVER, SLACK, Crowd, Mask, View, stamp
from carpool.solver.fleet import Fleet
from carpool.solver.times import Floats, Rows

TRIES, TRIES_IN_A_GROUP = 2, 6
"""Cars at each event into which a rider is tried to be put before anything else is looked at."""

NOWHERE, ELSEWHERE = -1, -2
"""Where a car goes that is in no trip, and one whose driver rides in another."""

Rung = Callable[[Way, int], bool]


@dataclass(frozen=True, slots=True)
class Ways:
    """Cars and pick-ups for one event, side by side: numbers of the car and of the crowd's row, and the drive out.

    `excess`, `late` and `early` are minutes by which the drive is too long for the driver, by which somebody would be home
    too late and would have to be ready too early: at most 0 where there is nothing against the way.
    """

    car: Rows
    row: Rows
    excess: Floats
    late: Floats
    early: Floats
    drive: Floats

    def part(self, chosen: Rows) -> "Ways":
        """Only these."""
        car, row, drive = self.car[chosen], self.row[chosen], self.drive[chosen]
        return Ways(car, row, self.excess[chosen], self.late[chosen], self.early[chosen], drive)


class Seats:
    """`near_an_event`: the riders for whom some event is near enough, whoever drives; `standings` of all riders left.

    `rising` are riders by whom the score would certainly rise: the ways of nobody else have to be looked at further.
    """

    def __init__(self, situation: Situation, wheel: Wheel) -> None:
        self.situation, self.wheel, self.data = situation, wheel, situation.open
        self.crowd = Crowd(self.data, [p for p in situation.left if p in self.data.passengers])
        self.fleet = Cars(situation, self.crowd)
        people = self.crowd.person.tolist()
        self.special = np.array([p in self.data.units or p in self.data.apart for p in people], dtype=bool)
        self.people = np.array([situation.people(p) for p in people], dtype=np.intp)
        self.passed: Rows = np.zeros(len(people), dtype=np.intp)
        self.short = np.full(len(people), math.inf)
        self.done = np.zeros(len(people), dtype=bool)
        self.rising: set[int] = set()
        self._alone: set[tuple[int, int]] = set()
        """Drivers and riders of a group who at the event in hand could go without the others of the group."""
        self.ways: defaultdict[int, list[Way]] = defaultdict(list)
        self.near_an_event: set[int] = set()
        for event in range(len(self.data.goals)):
            view = self._view(event)
            self.near_an_event.update(self.crowd.person[view.rows].tolist())
            ways = self.fleet.ways(event, _part(view, np.flatnonzero(~self.done[view.rows])))
            self._climb(event, ways.part(np.flatnonzero(ways.excess <= 0)))
        for event in range(len(self.data.goals)):
            self._measure(event, self._view(event))
        self.standings = self._standings()

    def _view(self, event: int) -> View:
        """The pick-ups from which the direct ride to this event is not too long."""
        view = self.crowd.view(event)
        near = np.flatnonzero(np.maximum(view.ride, view.drop) <= self.crowd.max_ride[view.rows] + SLACK)
        return _part(view, near)

    def _climb(self, event: int, ways: Ways) -> None:
        """All tests but the first, for the ways that passed it."""
        ways, alive, passed = self._tests_of_all(event, ways)
        self._try_nearest(event, ways.part(np.flatnonzero(alive & self._free(event, ways))))
        still = np.flatnonzero(~self.done[ways.row])
        ways, alive, passed = ways.part(still), alive[still], passed[still]
        in_groups = np.flatnonzero(alive & self.special[ways.row])
        drivers, riders = self.fleet.person[ways.car[in_groups]], self.crowd.person[ways.row[in_groups]]
        self._alone = set(zip(drivers.tolist(), riders.tolist(), strict=True))
        seated = self.people[ways.row] <= self.fleet.free_seats[ways.car]
        for rung, usual in ((self._takes_all, True), (self._not_apart, True), (self._has_seats, seated)):
            alive &= self._but_for_groups(rung, event, ways, alive, usual)
            passed += alive
        self._note(ways, passed)
        useful = alive & self._free(event, ways)
        for car, row in zip(ways.car[useful].tolist(), ways.row[useful].tolist(), strict=True):
            self.ways[int(self.crowd.person[row])].append((int(self.fleet.person[car]), event))

    def _tests_of_all(self, event: int, ways: Ways) -> tuple[Ways, Mask, Rows]:
        """The tests that need no look at single people: who passes them all, and how many they pass."""
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
        return ways, alive, passed

    def _free(self, event: int, ways: Ways) -> Mask:
        """Whether the car goes to this event or nowhere yet, with a seat left: only then can anybody be put into it."""
        goes = self.fleet.goes_to[ways.car]
        free: Mask = ((goes == event) | (goes == NOWHERE)) & (self.fleet.free_seats[ways.car] > 0)
        return free

    def _try_nearest(self, event: int, ways: Ways) -> None:
        """Try each rider in the nearest cars: in an unfinished plan that answers for most of them."""
        order = np.lexsort((ways.drive, ways.row))
        row = ways.row[order]
        first = np.flatnonzero(np.diff(row, prepend=-1))
        rank = np.arange(len(row)) - np.repeat(first, np.diff(np.append(first, len(row))))
        for index in order[rank < np.where(self.special[row], TRIES_IN_A_GROUP, TRIES)].tolist():
            person = int(self.crowd.person[ways.row[index]])
            if person not in self.rising:
                way = int(self.fleet.person[ways.car[index]]), event
                if (rise := self.situation.best_insertion(person, [way])) is not None and rise > NO_GAIN:
                    self.rising |= self.situation.company(person) if self.data.times.triangle else {person}
        self.done = np.isin(self.crowd.person, list(self.rising))

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
        view = _part(view, np.flatnonzero((self.passed[view.rows] == 0) & ~self.done[view.rows]))
        ways = self.fleet.ways(event, view, beyond=math.inf)
        np.minimum.at(self.short, ways.row, ways.excess)

    def _standings(self) -> dict[int, Standing]:
        standings: dict[int, Standing] = {}
        rows = zip(self.crowd.person.tolist(), self.passed.tolist(), self.short.tolist(), strict=True)
        for person, passed, short in rows:
            standing = standings.setdefault(person, Standing(ways=self.ways.get(person, [])))
            standing.note(TOP if person in self.rising else passed, short)
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
        others = self.situation.company(person) - {way[0], person}
        if self.data.times.triangle and not all((way[0], other) in self._alone for other in others):
            return False
        pair = self.wheel.limits.pair(*way)
        return pair is not None and self.wheel.takes(pair, self.situation.company(person))

    def _has_seats(self, way: Way, person: int) -> bool:
        return self.situation.people(person, besides=way[0]) <= self.situation.free_seats(way[0])

    def _not_apart(self, way: Way, person: int) -> bool:
        return way[0] not in self.data.apart.get(person, ())


class Cars(Fleet):
    """All cars in the final plan, and their ways to the pick-ups of a crowd."""

    def __init__(self, situation: Situation, crowd: Crowd) -> None:
        super().__init__(situation.open)
        self.crowd = crowd
        people = self.person.tolist()
        self.free_seats = np.array([situation.free_seats(person) for person in people], dtype=np.intp)
        self.goes_to = np.array([self._goes_to(situation, person) for person in people], dtype=np.intp)
        served = [all(car.offers.get(n, 0) > 0 for n in needs) for car in self.cars for needs in crowd.wishes]
        self.serves = np.array(served, dtype=bool).reshape(len(people), len(crowd.wishes))

    def ways(self, event: int, view: View, beyond: float = 0.0) -> Ways:
        """The cars that may take these pick-ups to the event, by seats and way back, if no hour nor anybody's wish counted.

        All cars that can reach the event alone and whose drive is too long by at most `beyond` minutes, and perhaps more.
        """
        goal, crowd, from_event = self.data.goals[event], self.crowd, self.distances(event)
        back = from_event.back
        cars = np.flatnonzero(from_event.willing)
        longest_out = np.minimum(self.max_travel, from_event.out + self.max_detour) + SLACK
        longest_back = np.minimum(self.max_travel, back + self.max_detour) + SLACK
        longest_back = np.where(self.way_back, longest_back, NEVER)
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
            drive=drive_out,
        )
        return ways.part(np.flatnonzero(self._seated(car, row) & np.isfinite(ways.excess)))

    @staticmethod
    def _goes_to(situation: Situation, driver: int) -> int:
        if situation.layout.free(driver):
            return NOWHERE
        trip = situation.layout.trips.get(driver)
        return ELSEWHERE if trip is None else trip.event

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
