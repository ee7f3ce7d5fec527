"""The standings at the own wheel of all who are left and can drive: by arrays at once, the doubtful ones pair by pair."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from carpool.explain.field import EARLY, FULL, LATE, TOP
from carpool.explain.ladder import Standing
from carpool.explain.legs import Legs
from carpool.explain.situation import NO_GAIN, Situation
from carpool.schedule import TOLERANCE_MINUTES
from carpool.solver.candidates import NEVER, SLACK, Mask, Reach, stamp
from carpool.solver.enumeration import exact_trip
from carpool.solver.limits import NEAR, Limits, Pair
from carpool.solver.times import Floats, Rows

BLOCK = 500_000
"""Drives looked at at once, some 50 MB."""


@dataclass(frozen=True, slots=True)
class Drives:
    """The direct drives of some cars to all events, arrays (cars, events): there and back (0 for who drives out only).

    `long`, `late` and `early` are by how many minutes the longer drive exceeds the limit, the return the hour of being
    home, and the start the hour of being ready, all to 1e-9 of a minute and without the tolerance; infinite where the
    event is not allowed.
    """

    out: Floats
    long: Floats
    late: Floats
    early: Floats


class Wheel:
    """`people` are those who are left and can drive. Arrays have an item for each of them."""

    def __init__(self, situation: Situation, legs: Legs) -> None:
        self.situation, self.data, self.legs = situation, situation.open, legs
        self.limits = situation.scene.limits if self.data is situation.data else Limits(self.data)
        self.reach = Reach(self.data, self.limits, by_clock=False)
        self.people = [person for person in situation.left if person in self.data.cars]
        self._number = {person: number for number, person in enumerate(self.people)}
        self._taken: dict[tuple[int, int, frozenset[int]], bool] = {}
        self._events()
        self._cars()
        self._look()

    def rises(self, person: int) -> bool:
        """Whether the score would rise if this person drove with nobody but those who must come along."""
        ways = [(person, event) for event in self._tries.get(person, ())]
        rise = self.situation.best_insertion(person, ways)
        return rise is not None and rise > NO_GAIN

    def standing(self, person: int) -> Standing:
        """How far somebody gets who drives with nobody but those who must come along."""
        number = self._number[person]
        if not self._doubtful[number]:
            ways = [(person, event) for event in self._ways.get(person, ())]
            return Standing(int(self._passed[number]), float(self._short[number]), ways)
        standing = Standing()
        for pair in self.reach.pairs(person):
            self._try(pair, standing)
        return standing

    def nearest(self, person: int) -> float:
        """Minutes to the nearest event that this person would drive to, there or back, whichever takes longer.

        Infinite for who cannot drive.
        """
        number = self._number.get(person)
        return math.inf if number is None else float(self._nearest[number])

    def takes(self, pair: Pair, people: Iterable[int]) -> bool:
        """Whether the car can take these people, less its driver, and nobody else."""
        others = frozenset(people) - {pair.car.person}
        if not others:
            return True
        key = (pair.car.person, pair.event, others)
        if key not in self._taken:
            room = sum(map(self.data.party, others)) <= pair.car.seats
            self._taken[key] = room and exact_trip(self.data, self.limits, pair, set(others)) is not None
        return self._taken[key]

    def _events(self) -> None:
        goals = self.data.goals
        self._goals = np.array([goal.place for goal in goals], dtype=np.intp)
        self._arrive = np.array([stamp(goal.arrives_at, 0.0) for goal in goals])
        self._leave = np.array([stamp(goal.ends_at, 0.0) for goal in goals])
        self._room = np.array([self.situation.room(event) for event in range(len(goals))], dtype=np.intp)

    def _cars(self) -> None:
        data, cars = self.data, [self.data.cars[person] for person in self.people]
        lists = {events: number for number, events in enumerate(dict.fromkeys(car.events for car in cars))}
        self._allowed = np.zeros((len(lists), len(data.goals)), dtype=bool)
        for events, number in lists.items():
            self._allowed[number, list(events)] = True
        self._errand = np.array([lists[car.events] for car in cars], dtype=np.intp)
        self._home = np.array(self.people, dtype=np.intp)
        self._party = np.array([car.party for car in cars], dtype=np.intp)
        self._max_travel = np.array([car.max_travel for car in cars])
        self._way_back = np.array([car.way_back for car in cars], dtype=bool)
        self._home_by = np.array([stamp(car.home_by if car.way_back else None, NEVER) for car in cars])
        self._ready = np.array([stamp(car.ready_at, -NEVER) for car in cars])
        self._in_unit = np.array([person in data.units for person in self.people], dtype=bool)

    def _look(self) -> None:
        """How many tests everybody passes, by the arrays; and where the score might rise."""
        count, triangle = len(self.people), self.data.times.triangle
        self._nearest, self._short = np.full(count, math.inf), np.full(count, math.inf)
        self._passed = np.zeros(count, dtype=np.intp)
        self._doubtful = self._in_unit.copy() if triangle else np.ones(count, dtype=bool)
        self._tries: dict[int, list[int]] = {}
        self._ways: dict[int, list[int]] = {}
        size = max(1, BLOCK // len(self.data.goals))
        for start in range(0, count, size):
            cars = np.arange(start, min(start + size, count))
            drives = self._drives(cars)
            self._nearest[cars] = (drives.long + self._max_travel[cars, None]).min(axis=1)
            # Without it somebody may get beside others where the direct way is too long, and that reason comes first.
            if triangle:
                self._note_tries(cars, drives)
                self._climb(cars, drives)

    def _drives(self, cars: Rows) -> Drives:
        here, there = self._home[cars, None], self._goals[None, :]
        out = self.legs.minutes(here, there)
        back = out if self.data.times.symmetric else self.legs.minutes(there, here)
        back = np.where(self._way_back[cars, None], back, 0.0)
        open_to = self._allowed[self._errand[cars]]
        return Drives(
            out=out,
            long=np.where(open_to, np.maximum(out, back) - self._max_travel[cars, None], math.inf),
            late=np.where(open_to, back - (self._home_by[cars, None] - self._leave), math.inf),
            early=np.where(open_to, out + (self._ready[cars, None] - self._arrive), math.inf),
        )

    def _note_tries(self, cars: Rows, drives: Drives) -> None:
        """Where the score might rise if they drove, the shortest drives first."""
        good = np.maximum(np.maximum(drives.long, drives.late), drives.early) <= SLACK
        good &= self._in_unit[cars, None] | (self._gains(cars, drives.out) > NO_GAIN - NEAR)
        car, event = np.nonzero(good)
        order = np.lexsort((drives.out[car, event], car))
        self._collect(self._tries, cars[car[order]], event[order])

    def _climb(self, cars: Rows, drives: Drives) -> None:
        """The tests in order. Who fails or passes one by the last digits is left to be looked at pair by pair."""
        margins = [margin - TOLERANCE_MINUTES for margin in (drives.long, drives.late, drives.early)]
        for margin in margins:
            self._doubtful[cars] |= (np.abs(margin) <= NEAR).any(axis=1)
        long, late, early = margins
        good, passed = np.ones(long.shape, dtype=bool), np.zeros(long.shape, dtype=np.intp)
        room: Mask = self._party[cars, None] <= self._room
        for test, past in ((long < 0, FULL), (room, LATE), (late < 0, EARLY), (early < 0, TOP)):
            good &= test
            passed[good] = past
        best = passed.max(axis=1, initial=0)
        self._passed[cars] = best
        for rung, margin in ((LATE, late), (EARLY, early)):
            stuck = np.flatnonzero(best == rung)
            least = np.where(passed[stuck] == rung, margin[stuck], math.inf).min(axis=1)
            self._short[cars[stuck]] = least
        car, event = np.nonzero(passed == TOP)
        self._collect(self._ways, cars[car], event)

    def _collect(self, lists: dict[int, list[int]], numbers: Rows, events: Rows) -> None:
        for person, event in zip(self._home[numbers].tolist(), events.tolist(), strict=True):
            lists.setdefault(person, []).append(event)

    def _gains(self, cars: Rows, out: Floats) -> Floats:
        """What the score rises by if they drive there alone, to 1e-9."""
        data, kinds = self.data, np.unique(self._party[cars])
        values = np.array([self._values(party) for party in kinds.tolist()])
        gains: Floats = values[np.searchsorted(kinds, self._party[cars])]
        gains -= out / data.instance.minutes_per_volunteer
        for number, person in enumerate(self._home[cars].tolist()):
            told = data.told.get(person)
            if told is not None and told.event is not None:
                gains[number, told.event] += data.kept(person, person, told.event)
        return gains

    def _values(self, party: int) -> Sequence[float]:
        return [self.situation.layout.value_of(event, party) for event in range(len(self.data.goals))]

    def _try(self, pair: Pair, standing: Standing) -> None:
        car = pair.car
        late = pair.direct_back - pair.home if car.way_back else -math.inf
        early = pair.ready + pair.direct_out
        tests = (
            max(pair.direct_out, pair.direct_back) <= car.max_travel + TOLERANCE_MINUTES,
            self.situation.people(car.person) <= self.situation.room(pair.event),
            late <= TOLERANCE_MINUTES,
            early <= TOLERANCE_MINUTES,
            True,
            True,
            self.takes(pair, self.situation.company(car.person)),
            True,
            True,
        )
        passed = tests.index(False) if False in tests else TOP
        short = {LATE: late, EARLY: early}.get(passed, math.inf)
        standing.note(passed, short - TOLERANCE_MINUTES)
        if passed == TOP:
            standing.ways.append((car.person, pair.event))
