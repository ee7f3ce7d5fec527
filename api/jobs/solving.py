"""Solving in a child process that is kept warm: its imports are done before anybody waits for them.

Whatever kills the child (memory, `kill -9`, a fault in a library) fails the one run that it was at, in plain words;
the next run finds a new child.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from api.jobs.child import Task
from api.logs import log
from carpool.errors import CarpoolError

ROOT = Path(__file__).parents[2]
WORK: Final = "api.jobs.work:solve_task"
SECONDS_BETWEEN_LOOKS = 0.5
# The solver may pass its time by a tenth and five seconds; beyond this it hangs.
GRACE_SECONDS = 30.0
# So long the child may take to start and to read its task, which is no part of the time for solving.
LOADING_SECONDS = 180.0
STOP_SECONDS = 10.0

Progress = Mapping[str, Any]
OnProgress = Callable[[Progress], bool]
"""Told now and then how far the run is ({} before the first word of it); True: stop with the best so far."""


class SolverFailed(CarpoolError):
    """There is no plan, for the reason that the message gives in plain words."""


class SolverInterrupted(CarpoolError):
    """The worker ends, and the solver had no plan to give yet: somebody else has to solve it."""


class Child:
    """One child process and the pipe to it."""

    def __init__(self, work: str) -> None:
        ours, theirs = Pipe()
        self.connection: Connection = ours
        # It needs no secret, so it gets none. Its own group of processes keeps a terminal's Ctrl-C from it.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CARPOOL_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api.jobs.child", str(theirs.fileno()), work],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )
        theirs.close()

    def kill(self) -> int:
        """End it, if it has not ended, and say how it did: a negative number is the signal that ended it."""
        self.connection.close()
        with suppress(ProcessLookupError):
            self.process.kill()
        return self.process.wait()


class Solver:
    """Solves one instance at a time, whoever asks first."""

    def __init__(
        self,
        work: str = WORK,
        *,
        grace: float = GRACE_SECONDS,
        loading: float = LOADING_SECONDS,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self._work = work
        self._grace = grace
        self._loading = loading
        self._stop_seconds = stop_seconds
        self._turn = threading.Lock()
        self._ending = threading.Event()
        self._child: Child | None = None

    def warm(self) -> None:
        """Start the child, so that it is ready when the first run comes."""
        with self._turn:
            self._ready()

    def wind_up(self) -> None:
        """Let a run that is going end with the best so far, and take no other. Returns at once."""
        self._ending.set()

    def close(self) -> None:
        """End the child, once the run that is going has ended."""
        self._ending.set()
        with self._turn:
            self._discard()

    def solve(self, task: Task, on_progress: OnProgress) -> dict[str, Any]:
        """The plan as JSON. Raises `SolverFailed` or `SolverInterrupted`, and what `on_progress` raises."""
        with self._turn:
            if self._ending.is_set():
                raise SolverInterrupted("The worker is ending.")
            child = self._ready()
            try:
                child.connection.send(("solve", task))
                return self._follow(child, task, on_progress)
            except (EOFError, OSError) as error:
                raise SolverFailed(_last_words(self._discard())) from error
            except SolverFailed:
                raise
            except BaseException:
                self._discard()
                raise
            finally:
                if not self._ending.is_set():
                    self._ready()

    def _follow(self, child: Child, task: Task, on_progress: OnProgress) -> dict[str, Any]:
        """Wait for the plan, looking up twice a second to pass on progress and to hear whether to stop."""
        deadline = time.monotonic() + self._loading
        progress: Progress = {}
        begun, stopping = False, False
        while time.monotonic() < deadline:
            looked = time.monotonic()
            while (left := looked + SECONDS_BETWEEN_LOOKS - time.monotonic()) > 0 and child.connection.poll(
                left
            ):
                kind, content = child.connection.recv()
                if kind == "plan":
                    return dict(content)
                if kind == "error":
                    raise SolverFailed(content)
                progress = content
                if not begun and not stopping:
                    deadline = time.monotonic() + task.seconds * 1.1 + self._grace
                begun = True
            if (on_progress(progress) or self._ending.is_set()) and not stopping:
                stopping = True
                child.connection.send(("stop", None))
                deadline = min(deadline, time.monotonic() + self._stop_seconds)
        if self._ending.is_set():
            raise SolverInterrupted("The worker is ending.")
        self._discard()
        raise SolverFailed(
            "The solver did not end in time and was ended. Try again, with more time if you can."
        )

    def _ready(self) -> Child:
        if self._child is None or self._child.process.poll() is not None:
            self._discard()
            self._child = Child(self._work)
        return self._child

    def _discard(self) -> int:
        """End the child, and say how it ended."""
        child, self._child = self._child, None
        if child is None:
            return 0
        code = child.process.poll()
        ended = child.kill()
        if code not in (None, 0):
            log.warning("solver ended", state=str(code))
        return ended if code is None else code


def _last_words(code: int) -> str:
    if code == -9:
        return "The solver was killed, perhaps because memory ran short. No plan was kept. Please try again."
    return f"The solver broke off (code {code}). No plan was kept. Try again; the operator's log says more."
