"""How many may talk to a server at once, where some get no answer: whoever waits for long keeps nobody else waiting."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition

from api.jobs.backoff import InHand

AT_ONCE = 8
SLOW_SECONDS = 3.0
"""A letter takes a tenth of that. Who has been at it for so long waits for a server that says nothing."""
MOST = 64
"""As many as a server that says nothing can have waiting at a time: eight more every three seconds, for twenty seconds each."""


@dataclass
class Turns:
    """`at_once` have their turn, beside those who have been at it for longer than `slow_seconds`."""

    at_once: int = AT_ONCE
    slow_seconds: float = SLOW_SECONDS
    _ended: bool = False
    _begun: dict[object, float] = field(default_factory=dict)
    _changed: Condition = field(default_factory=Condition)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until it is one's turn, and have it for the block. Raises `InHand` once turns have ended."""
        mine = object()
        with self._changed:
            while (wait := self._wait()) > 0:
                self._changed.wait(wait)
            if self._ended:
                raise InHand(0.0)
            self._begun[mine] = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                del self._begun[mine]
                self._changed.notify()

    def end(self) -> None:
        """Whoever waits leaves it to the next worker. From a signal's handler: it takes no lock, and nobody waits for long."""
        self._ended = True

    def _wait(self) -> float:
        """Seconds until enough of those who are at it count as slow; 0 if there is a turn free."""
        if self._ended:
            return 0.0
        since = time.monotonic() - self.slow_seconds
        quick = sorted(begun for begun in self._begun.values() if begun > since)
        return quick[-self.at_once] - since if len(quick) >= self.at_once else 0.0
