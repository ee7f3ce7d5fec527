"""How far the ways of those who are left get: each has to pass one test after another, in the order of the reasons.

A way of a rider is a car, empty but for its driver, and an event; a way of a driver, and of a rider who can drive, is the
own car and an event. The reason is the first test that no way passes which has passed all before it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from carpool.explain.field import EARLY, FULL, LATE, TOP
from carpool.explain.legs import Legs
from carpool.explain.situation import NO_GAIN, Situation
from carpool.plan import Reason
from carpool.schedule import TOLERANCE_MINUTES
from carpool.solver.candidates import NEVER, SLACK, Reach, stamp
from carpool.solver.data import Car
from carpool.solver.enumeration import exact_trip
from carpool.solver.limits import NEAR, Limits, Pair
from carpool.solver.times import Floats, Rows

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

Way = tuple[int, int]
"""A driver and an event."""


@dataclass
class Standing:
    """The tests that somebody's best way passes, the minutes by which it fails the next one, and the ways that pass all."""

    passed: int = 0
    short: float = math.inf
    ways: list[Way] = field(default_factory=list)

    def note(self, passed: int, short: float) -> None:
        """Take one more way into account."""
        if passed > self.passed or (passed == self.passed and short < self.short):
            self.passed, self.short = passed, short


@dataclass(frozen=True, slots=True)
class Drives:
    """The direct drives of one car: to its events, by number, there and back (0 for who drives out only).

    `long`, `late` and `early` are by how many minutes the longer drive exceeds the limit, the return the hour of being
    home, and the start the hour of being ready, all to 1e-9 of a minute and without the tolerance.
    """

    event: Rows
    out: Floats
    long: Floats
    late: Floats
    early: Floats


class Wheel:
    """The standings at the own wheel, of drivers and of riders who can drive."""

    def __init__(self, situation: Situation, legs: Legs) -> None:
        self.situation, self.data, self.legs = situation, situation.open, legs
        self.limits = situation.scene.limits if self.data is situation.data else Limits(self.data)
        self.reach = Reach(self.data, self.limits, by_clock=False)
        goals = self.data.goals
        self._goals = np.array([goal.place for goal in goals], dtype=np.intp)
        self._arrive = np.array([stamp(goal.arrives_at, 0.0) for goal in goals])
        self._leave = np.array([stamp(goal.ends_at, 0.0) for goal in goals])
        self._room = np.array([situation.room(event) for event in range(len(goals))], dtype=np.intp)
        self._taken: dict[tuple[int, int, frozenset[int]], bool] = {}
        self._values: dict[int, Floats] = {}
        self._events: dict[tuple[int, ...], Rows] = {}

    def rises(self, person: int) -> bool:
        """Whether the score would rise if this person drove with nobody but those who must come along."""
        if not self.data.times.triangle:
            return False  # Beside others somebody may get where the direct way is too long, and that reason comes first.
        drives = self._drives(self.data.cars[person])
        good = np.maximum(np.maximum(drives.long, drives.late), drives.early) <= SLACK
        if person not in self.data.units:
            good &= self._gains(person, drives) > NO_GAIN - NEAR
        near = np.flatnonzero(good)
        near = near[np.argsort(drives.out[near], kind="stable")]
        ways = [(person, event) for event in drives.event[near].tolist()]
        rise = self.situation.best_insertion(person, ways)
        return rise is not None and rise > NO_GAIN

    def standing(self, person: int) -> Standing:
        """How far somebody gets who drives with nobody but those who must come along."""
        car, standing = self.data.cars[person], Standing()
        drives = self._drives(car)
        margins = np.array([drives.long, drives.late, drives.early]) - TOLERANCE_MINUTES
        if not self.data.times.triangle or person in self.data.units or (np.abs(margins) <= NEAR).any():
            for pair in self.reach.pairs(person):
                self._try(pair, standing)
            return standing
        good, passed = np.ones(len(drives.event), dtype=bool), np.zeros(len(drives.event), dtype=np.intp)
        room = car.party <= self._room[drives.event]
        for test, past in (
            (margins[0] < 0, FULL),
            (room, LATE),
            (margins[1] < 0, EARLY),
            (margins[2] < 0, TOP),
        ):
            good &= test
            passed[good] = past
        best = int(passed.max(initial=0))
        short = {LATE: margins[1], EARLY: margins[2]}.get(best)
        least = math.inf if short is None else float(short[passed == best].min())
        ways = [(person, event) for event in drives.event[passed == TOP].tolist()]
        return Standing(best, least, ways)

    def nearest(self, person: int) -> float:
        """Minutes to the nearest event that this person would drive to, there or back, whichever takes longer.

        Infinite for who cannot drive.
        """
        car = self.data.cars.get(person)
        return math.inf if car is None else float((self._drives(car).long + car.max_travel).min())

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

    def _drives(self, car: Car) -> Drives:
        event = self._numbers(car.events)
        here, there = np.array([car.person]), self._goals[event]
        out = self.legs.minutes(here, there)
        back = self.legs.minutes(there, here) if car.way_back else np.zeros(len(event))
        home = stamp(car.home_by, NEVER) if car.way_back else NEVER
        ready = stamp(car.ready_at, -NEVER)
        return Drives(
            event=event,
            out=out,
            long=np.maximum(out, back) - car.max_travel,
            late=back - (home - self._leave[event]),
            early=out + (ready - self._arrive[event]),
        )

    def _gains(self, person: int, drives: Drives) -> Floats:
        """What the score rises by if this person drives there alone, to 1e-9."""
        party = self.data.party(person)
        if party not in self._values:
            events = range(len(self.data.goals))
            self._values[party] = np.array([self.situation.layout.value_of(e, party) for e in events])
        gains = self._values[party][drives.event] - drives.out / self.data.instance.minutes_per_volunteer
        if person in self.data.told:
            gains += np.array([self.data.kept(person, person, event) for event in drives.event.tolist()])
        return gains

    def _numbers(self, events: tuple[int, ...]) -> Rows:
        """The events as an array, made once for all who allow the same."""
        if events not in self._events:
            self._events[events] = np.array(events, dtype=np.intp)
        return self._events[events]

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
