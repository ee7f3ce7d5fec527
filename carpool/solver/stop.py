"""When to stop: the time is up, the rounds are done, or somebody asked."""

import time
from collections.abc import Callable

WRITING_SECONDS = 9e-5
"""Seconds a person that writing a plan and its reasons takes; measured with 30,000 and with 100,000 people."""

LONGEST_WRITING = 0.4
"""Share of the time that is kept back for it at most."""


def never() -> bool:
    """Nobody asks."""
    return False


class Clock:
    """The stopwatch of one solve and its stopping criteria. Without `seconds` no decision depends on the time.

    `asked` is called often and must be cheap; once it has said yes it is not called again. Some time is kept back, by the
    number of `people`, for writing the plan and explaining it.
    """

    def __init__(self, seconds: float | None, asked: Callable[[], bool] = never, people: int = 0) -> None:
        self._start = time.perf_counter()
        self._seconds = seconds
        if seconds is not None:
            self._seconds = seconds - min(LONGEST_WRITING * seconds, WRITING_SECONDS * people)
        self._asked = asked
        self.stopped = False
        """Whether somebody asked, as against the time being up."""

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._start

    @property
    def timed(self) -> bool:
        """Whether there is a time limit."""
        return self._seconds is not None

    def left(self, share: float = 1.0) -> float | None:
        """Seconds until this share of the time for searching is used, below 0 when it has passed; None without a limit."""
        return None if self._seconds is None else share * self._seconds - self.elapsed

    def share(self) -> float:
        """Share of the time that is used; 0 without a limit."""
        return 0.0 if self._seconds is None else self.elapsed / max(self._seconds, 1e-9)

    def asked(self) -> bool:
        """Whether somebody wants the solve to end."""
        self.stopped = self.stopped or self._asked()
        return self.stopped

    def over(self, share: float = 1.0) -> bool:
        """Whether to end now: asked to, or this share of the time is used."""
        left = self.left(share)
        return self.asked() or (left is not None and left <= 0)
