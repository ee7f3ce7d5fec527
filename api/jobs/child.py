"""The process that solves: `python -m api.jobs.child DESCRIPTOR MODULE:FUNCTION`, started by `api.jobs.solving`.

It loads the solver ahead of its first task, works at the lowest priority, and ends when its parent does. Whatever
becomes of it, memory or a crash, becomes of nobody else. It is told no address of a database and no key.

Up the pipe come ("solve", task), ("stop", None). Down go ("progress", dict), first of all an empty one when the task is read
and its time begins, ("plan", dict), ("error", words).
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from carpool.errors import CarpoolError

NICE = 15
SECONDS_BETWEEN_NOTES = 0.5
# Where memory runs short the kernel ends what has the highest number: better the solver than the database.
LIKELY_VICTIM = "1000"

Note = Callable[[dict[str, Any]], None]
Work = Callable[["Task", Note, threading.Event], dict[str, Any]]


@dataclass(frozen=True)
class Task:
    """One instance to solve, as JSON, within `seconds`; with a `plan`, to say where one more car would help it most.

    A gap of `enough` or less ends it before the time is up.
    """

    instance: str
    seconds: float
    seed: int
    plan: str = ""
    enough: float = 0.0


class Pen:
    """Passes on how far the solver is, at most twice a second: it may report far more often than anybody looks.

    The empty word, that the task is read and its time begins, is passed on at once.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next = 0.0

    def note(self, progress: dict[str, Any]) -> None:
        moment = time.monotonic()
        if moment >= self._next or not progress:
            self._next = moment + SECONDS_BETWEEN_NOTES if progress else self._next
            self._connection.send(("progress", progress))


def main(descriptor: int, name: str) -> None:
    """Solve what comes up the pipe until it closes."""
    connection = Connection(descriptor)
    _settle()
    tasks: SimpleQueue[tuple[Task, threading.Event]] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, tasks), daemon=True).start()
    module, _, function = name.partition(":")
    work: Work = getattr(import_module(module), function)
    while True:
        task, stop = tasks.get()
        connection.send(_answer(work, task, Pen(connection).note, stop))


def _answer(work: Work, task: Task, note: Note, stop: threading.Event) -> tuple[str, Any]:
    try:
        return "plan", work(task, note, stop)
    except CarpoolError as error:
        return "error", error.message
    except MemoryError:
        return (
            "error",
            "The solver ran out of memory. Use a machine with more of it, or match fewer people at a time.",
        )


def _listen(connection: Connection, tasks: "SimpleQueue[tuple[Task, threading.Event]]") -> None:
    """Runs beside the solver, so that a stop is heard while it works. Without a parent there is nobody to solve for."""
    stop = threading.Event()
    while True:
        try:
            kind, content = connection.recv()
        except (EOFError, OSError):
            os._exit(0)
        if kind == "solve":
            stop = threading.Event()
            tasks.put((content, stop))
        else:
            stop.set()


def _settle() -> None:
    """Ctrl-C in a terminal goes to every process; this one ends by its pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(LIKELY_VICTIM)


if __name__ == "__main__":
    # As `__main__` its classes would be others than those that the parent sends.
    from api.jobs import child

    child.main(int(sys.argv[1]), sys.argv[2])
