"""What the child process of a test does instead of solving: each is a `Work` of `api.jobs.child`."""

import os
import signal
import sys
import threading
import time
from dataclasses import replace
from typing import Any

from api.jobs.child import Note, Task
from carpool.errors import CarpoolError


def by_instance(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    """Do what the task's instance says."""
    return {
        "echo": echo,
        "patient": patient,
        "deaf": deaf,
        "never begins": never_begins,
        "slow to load": slow_to_load,
        "killed": killed,
        "broken": broken,
        "wrong": wrong,
    }[task.instance](task, note, stop)


def echo(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    return {"seconds": task.seconds, "seed": task.seed, "pid": os.getpid(), "nice": os.nice(0)}


def patient(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    """Reports very often, and ends with the best so far when it is told to."""
    rounds = 0
    while not stop.is_set():
        rounds += 1
        note({"phase": "search", "rounds": rounds})
        time.sleep(0.001)
    return {"status": "stopped", "rounds": rounds}


def deaf(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    note({})
    return never_begins(task, note, stop)


def never_begins(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    while True:
        time.sleep(1)


def slow_to_load(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    """Takes longer to read the task than it would have for solving it, and a while to solve it."""
    time.sleep(1.5)
    note({})
    time.sleep(0.3)
    return echo(task, note, stop)


def killed(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def broken(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  (the traceback is not this test's business)
    raise ZeroDivisionError


def wrong(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    raise CarpoolError("drivers[3].seats: -1: an integer of at least 0")


def by_seed(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    """Solve, unless the seed is that of a mishap."""
    mishap = {BROKEN_PLAN: broken_plan, KILLED: killed, STOPPABLE: stoppable, DEAF: deaf}.get(task.seed)
    return (mishap or solved)(task, note, stop)


BROKEN_PLAN, KILLED, STOPPABLE, DEAF = 101, 102, 103, 104


def solved(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    from api.jobs.work import solve_task

    return solve_task(replace(task, seed=1), note, stop)


def broken_plan(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    """A plan that promises a trip of somebody who does not exist."""
    plan = solved(task, note, stop)
    return plan | {"trips": [*plan["trips"], {"driver": "nobody", "event": "nowhere", "stops": []}]}


def stoppable(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    """Works on and on until it is told to stop, and then has a plan."""
    patient(task, note, stop)
    return solved(task, note, threading.Event())
