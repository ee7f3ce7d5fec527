"""A clock that tests move: the whole service's, in this process. What waits for other processes goes by another one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

from api.services import backups, local
from api.store.tables import columns

CLOCKS: tuple[Any, ...] = (local, columns, backups)
"""The modules that ask for the time; tests/test_clock.py finds any other."""


class Clock:
    """Real time with something added. `fast`: so many seconds pass in one."""

    def __init__(self, fast: float = 1.0) -> None:
        self._from = self._shown = datetime.now(UTC)
        self._fast = fast

    def now(self) -> datetime:
        return self._shown + (datetime.now(UTC) - self._from) * self._fast

    def set(self, moment: datetime, fast: float | None = None) -> None:
        self._from, self._shown = datetime.now(UTC), moment.astimezone(UTC)
        self._fast = self._fast if fast is None else fast

    def jump(self, by: timedelta) -> None:
        self.set(self.now() + by)


def put_in(clock: Clock, put: Callable[[Any, str, Any], None] = setattr) -> None:
    """From now on the service's time is that of `clock`."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.now().astimezone(tz)

    for module in CLOCKS:
        put(module, "datetime", Moved)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    put_in(made, monkeypatch.setattr)
    return made
