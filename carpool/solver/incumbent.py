"""The best plan and the best bound so far."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from carpool.solver.column import Column
from carpool.solver.result import gap_between, not_below
from carpool.solver.stop import Clock


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve is. `bound` and `gap` are None until there is a bound."""

    seconds: float
    score: float
    bound: float | None
    gap: float | None
    phase: str


class Incumbent:
    """Keeps what is best and tells `progress` of every plan and bound that comes in."""

    def __init__(self, clock: Clock, progress: Callable[[Progress], None] | None) -> None:
        self.clock, self.progress = clock, progress
        self.score, self.bound = -math.inf, math.inf
        self._columns: Callable[[], Sequence[Column]] | None = None

    @property
    def found(self) -> bool:
        """Whether there is a plan at all."""
        return self._columns is not None

    @property
    def columns(self) -> Sequence[Column]:
        """The trips of the best plan."""
        return () if self._columns is None else self._columns()

    @property
    def gap(self) -> float:
        """As the format defines it, infinite without a bound."""
        return math.inf if math.isinf(self.bound) else gap_between(self.score, self.bound)

    def take(self, score: float, columns: Callable[[], Sequence[Column]], phase: str) -> bool:
        """Keep a plan of this score if it is better; `columns` is called only when its trips are wanted.

        Raises `RuntimeError` if it is better than the bound allows, by more than noise.
        """
        better = score > self.score
        if better:
            self.score, self._columns = score, columns
            self.bound = not_below(score, self.bound)
            self._tell(phase)
        return better

    def prove(self, bound: float, phase: str) -> None:
        """Keep a bound if it is better. None is below the score but for the noise of other sums.

        Raises `RuntimeError` for one that is.
        """
        if bound < self.bound:
            self.bound = not_below(self.score, bound)
            self._tell(phase)

    def _tell(self, phase: str) -> None:
        if self.progress is not None:
            known = math.isfinite(self.bound)
            bound, gap = (self.bound, self.gap) if known else (None, None)
            self.progress(Progress(self.clock.elapsed, self.score, bound, gap, phase))
