"""The child's work: an instance in, a plan out. Only the child imports this, for it loads the solver."""

import json
import math
import os
import threading
from dataclasses import asdict
from typing import Any

from api.jobs.child import Note, Task
from carpool import one_more_car, solve, warm
from carpool.certificate import Certificate
from carpool.errors import CarpoolError
from carpool.files import instance_from_json, plan_from_json, plan_to_json

NO_PRICES = "There was no time for it: something else waits for the solver. Please try again."
CONFIRMED = 10
"""Districts that are looked at closely."""


def solve_task(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    """Solve within the task's seconds, or until `stop`. Raises `CarpoolError` for an instance that cannot be used."""
    if task.plan:
        return _worth(task, note, stop)
    instance = instance_from_json(json.loads(task.instance))
    note({})
    gap = math.inf

    def told(progress: Any) -> None:
        nonlocal gap
        gap = math.inf if progress.gap is None else progress.gap
        note(asdict(progress))

    plan = solve(
        instance,
        seconds=task.seconds,
        seed=task.seed,
        workers=workers(),
        progress=told,
        stop=lambda: stop.is_set() or gap <= task.enough,
    )
    # Through text, so that what the pipe carries is what a file would hold: no enumerations, no tuples.
    document: dict[str, Any] = json.loads(json.dumps(plan_to_json(plan)))
    return document


def _worth(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    """Where one more car would help the task's plan: half of the time for the prices, half for looking closely."""
    instance, found = instance_from_json(json.loads(task.instance)), list[Certificate]()
    note({})
    seconds = task.seconds / 2
    solve(
        instance, seconds=seconds, seed=task.seed, workers=workers(), stop=stop.is_set, certify=found.append
    )
    if not found:
        raise CarpoolError(NO_PRICES)
    cars = one_more_car(
        instance,
        plan_from_json(json.loads(task.plan)),
        found[-1],
        confirm=CONFIRMED,
        seconds_each=seconds / CONFIRMED / 2,
        workers=workers(),
        stop=stop.is_set,
    )
    return {"cars": [json.loads(json.dumps(asdict(car))) for car in cars]}


def workers() -> int:
    """One core is left to the web service, which shares the machine."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


# So that all that loads late is loaded, and compiled if set-up did not, before anybody waits for a plan.
warm()
