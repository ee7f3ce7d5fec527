"""How far the ways of those who are left get: each has to pass one test after another, in the order of the reasons.

A way of a rider is a car, empty but for its driver, and an event; a way of a driver, and of a rider who can drive, is the
own car and an event. The reason is the first test that no way passes which has passed all before it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from carpool.explain.situation import NO_GAIN, Situation
from carpool.plan import Reason
from carpool.schedule import TOLERANCE_MINUTES
from carpool.solver.candidates import Reach
from carpool.solver.enumeration import exact_trip
from carpool.solver.limits import Limits, Pair

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


class Wheel:
    """The standings at the own wheel, of drivers and of riders who can drive."""

    def __init__(self, situation: Situation) -> None:
        self.situation, self.data = situation, situation.open
        self.limits = situation.scene.limits if self.data is situation.data else Limits(self.data)
        self.reach = Reach(self.data, self.limits, by_clock=False)
        self._taken: dict[tuple[int, int, frozenset[int]], bool] = {}

    def rises(self, person: int) -> bool:
        """Whether the score would rise if this person drove with nobody but those who must come along."""
        if not self.data.times.triangle:
            return False  # Beside others somebody may get where the direct way is too long, and that reason comes first.
        away = self.reach.many.reached_from(person)
        events = sorted(self.data.cars[person].events, key=away.__getitem__)
        longest = self.data.cars[person].max_travel + 1.0
        near = [event for event in events if away[event] <= longest]
        rise = self.situation.best_insertion(person, [(person, event) for event in near])
        return rise is not None and rise > NO_GAIN

    def standing(self, person: int) -> Standing:
        """How far somebody gets who drives with nobody but those who must come along."""
        standing = Standing()
        for pair in self.reach.pairs(person):
            self._try(pair, standing)
        return standing

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
        standing.note(passed, {2: late, 3: early}.get(passed, math.inf))
        if passed == TOP:
            standing.ways.append((car.person, pair.event))

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
