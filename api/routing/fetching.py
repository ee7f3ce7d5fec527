"""Asking for many drives: block by block, with patience for a server that stumbles and none for one that is down."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpx
import numpy as np
from numpy.typing import NDArray

from api.logs import log
from api.routing.blocks import SIDE, Block, blocks_of
from api.routing.cells import Cells, Numbers
from api.routing.osrm import Failed, Server, TooMuch

TRIES = 3
PAUSE_SECONDS = 0.5
"""Before the second try, and twice as long before the third."""
FAILURES = 2
"""So many blocks in a row that nothing came of, each tried often enough, and the server is down."""

Noted = Callable[[float], bool]
"""Told now and then which part of the questions is through; True: stop."""


@dataclass
class Answers:
    """What is known of the drives: `seconds` beside `drives`, which are in order. `why`: what ended it early, "" for nothing.

    A drive without an answer is `nan`, one that there is no way for `inf`.
    """

    drives: Numbers
    seconds: NDArray[np.float64]
    why: str = ""

    @classmethod
    def nothing(cls, drives: Numbers) -> "Answers":
        return cls(drives, np.full(len(drives), np.nan))

    def missing(self, drives: Numbers) -> Numbers:
        """Those of these drives that are wanted and have no answer."""
        at, ours = self._find(drives)
        return drives[ours][np.isnan(self.seconds[at[ours]])]

    def put(self, drives: Numbers, seconds: NDArray[np.float64]) -> None:
        """Take what is known of these drives. Those that nobody asked for are let go."""
        at, ours = self._find(drives)
        ours &= ~np.isnan(seconds)
        self.seconds[at[ours]] = seconds[ours]

    def of(self, drives: Numbers) -> NDArray[np.float64]:
        """The seconds of these drives, `nan` for those that nobody wanted as well."""
        at, ours = self._find(drives)
        found = np.full(len(drives), np.nan)
        found[ours] = self.seconds[at[ours]]
        return found

    def _find(self, drives: Numbers) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Where each stands among those that are wanted, and whether it does."""
        if not len(self.drives):
            return np.zeros(len(drives), np.intp), np.zeros(len(drives), bool)
        at = np.minimum(np.searchsorted(self.drives, drives), len(self.drives) - 1)
        return at, self.drives[at] == drives


@dataclass
class Asking:
    """One round of questions, until all is answered, `ends` has come, or the server gives none."""

    server: Server
    cells: Cells
    answers: Answers
    ends: float
    noted: Noted = lambda part: False
    side: int = SIDE
    failures: int = field(default=0, init=False)

    def through(self, kinds: Iterable[Numbers]) -> None:
        """Ask for each kind of drives, the first first."""
        kinds = list(kinds)
        total, done = max(1, sum(len(self.answers.missing(drives)) for drives in kinds)), 0
        for drives in kinds:
            for block in blocks_of(self.cells, self.answers.missing(drives), self.side):
                if self.noted(done / total):
                    self.answers.why = "stopped"
                    return
                before = len(self.answers.missing(self._drives_of(block)))
                if not self._ask(block):
                    return
                done += before

    def _ask(self, block: Block) -> bool:
        """Get what there is of this block; whether to go on."""
        waiting = [block]
        while waiting:
            part = waiting.pop()
            if not len(self.answers.missing(self._drives_of(part))):
                continue
            try:
                self._put(part, self._patiently(part))
                self.failures = 0
            except TooMuch:
                if not part.is_single:
                    waiting += reversed(part.halves())
            except Failed as failed:
                self.failures += 1
                log.warning("the server of road times did not answer", error=failed.why)
                if self.failures >= FAILURES or time.monotonic() >= self.ends:
                    self.answers.why = "late" if time.monotonic() >= self.ends else "down"
                    return False
        return True

    def _patiently(self, block: Block) -> NDArray[np.float64]:
        for again in range(TRIES):
            try:
                return self.server.ask(self.cells, block, self.ends)
            except Failed:
                pause = PAUSE_SECONDS * 2**again
                if again + 1 == TRIES or time.monotonic() + pause >= self.ends:
                    raise
                time.sleep(pause)
        raise AssertionError  # The last try returns or raises.

    def _put(self, block: Block, seconds: NDArray[np.float64]) -> None:
        self.answers.put(self._drives_of(block), seconds.reshape(-1))

    def _drives_of(self, block: Block) -> Numbers:
        drives: Numbers = (block.origins[:, None] * len(self.cells) + block.destinations[None, :]).reshape(-1)
        return drives


def ask(
    url: str, cells: Cells, kinds: Iterable[Numbers], answers: Answers, ends: float, noted: Noted
) -> None:
    """Fill what is missing of `answers` from the server at `url` until the stopwatch shows `ends`."""
    with httpx.Client() as client:
        Asking(Server(url, client), cells, answers, ends, noted).through(kinds)
