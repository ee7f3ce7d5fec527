"""How far the ways of those who are left get: each has to pass one test after another, in the order of the reasons.

A way of a rider is a car, empty but for its driver, and an event; a way of a driver, and of a rider who can drive, is the
own car and an event. The reason is the first test that no way passes which has passed all before it.
"""

import math
from dataclasses import dataclass, field

from carpool.plan import Reason

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
