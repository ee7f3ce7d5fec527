"""Ctrl-C and SIGTERM as a wish and not as an end: whoever solves may finish with the best so far."""

import atexit
import signal
from types import FrameType

_requests: list[int] = []


def take_note() -> None:
    """From now on to the end of the process, Ctrl-C and SIGTERM are only noted. Only the main thread may say so."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _note)
    # Python gives the signals back before the process is gone; nobody who presses twice shall spoil a finished plan.
    atexit.register(_ignore)


def asked() -> bool:
    """Whether somebody has asked this process to end."""
    return bool(_requests)


def _note(number: int, _frame: FrameType | None) -> None:
    _requests.append(number)


def _ignore() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
