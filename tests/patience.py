"""Waiting for what other processes do: as short as it can be, and not for ever."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 90


def until(true: Callable[[], object], what: str) -> None:
    """Return when `true` says so; fail, naming `what`, if it does not in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)
