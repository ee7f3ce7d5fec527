"""The child's work: an instance in, a plan out. Only the child imports this, for it loads the solver."""

import json
import os
import threading
from dataclasses import asdict
from typing import Any

from api.jobs.child import Note, Task
from carpool import solve, warm
from carpool.files import instance_from_json, plan_to_json


def solve_task(task: Task, note: Note, stop: threading.Event) -> dict[str, Any]:
    """Solve within the task's seconds, or until `stop`. Raises `CarpoolError` for an instance that cannot be used."""
    plan = solve(
        instance_from_json(json.loads(task.instance)),
        seconds=task.seconds,
        seed=task.seed,
        workers=workers(),
        progress=lambda progress: note(asdict(progress)),
        stop=stop.is_set,
    )
    # Through text, so that what the pipe carries is what a file would hold: no enumerations, no tuples.
    document: dict[str, Any] = json.loads(json.dumps(plan_to_json(plan)))
    return document


def workers() -> int:
    """One core is left to the web service, which shares the machine."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


# So that all that loads late is loaded, and compiled if set-up did not, before anybody waits for a plan.
warm()
