"""One contestant, alone in its process: reads an instance, solves it, writes its plan and how it went."""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from carpool.bench.results import ENGINE, Point
from carpool.bench.rivals import RIVALS
from carpool.files import read_instance, write_plan
from carpool.instance import Instance
from carpool.plan import Plan
from carpool.score import score


@dataclass(frozen=True, slots=True)
class Task:
    """What to do. `started` is when the process was started, by the clock that all processes of a machine share."""

    contestant: str
    instance: str
    plan: str
    notes: str
    seconds: float
    seed: int
    workers: int
    started: float


def main() -> None:
    """Do the task that the first argument says in JSON."""
    task = Task(**json.loads(sys.argv[1]))
    instance = read_instance(task.instance)
    begin = time.monotonic()
    plan, curve = _engine(task, instance) if task.contestant == ENGINE else _rival(task, instance)
    solving = time.monotonic() - begin
    write_plan(plan, task.plan)
    notes = {"solving": solving, "curve": [asdict(point) for point in curve]}
    Path(task.notes).write_text(json.dumps(notes))


def _left(task: Task) -> float:
    return max(0.0, task.seconds - _since(task))


def _since(task: Task) -> float:
    return time.monotonic() - task.started


def _engine(task: Task, instance: Instance) -> tuple[Plan, list[Point]]:
    from carpool import solve  # It brings the solver's libraries, which are no business of the rivals.

    curve: list[Point] = []

    def note(progress: Any) -> None:
        curve.append(Point(_since(task), progress.score, progress.bound))

    plan = solve(instance, seconds=_left(task), seed=task.seed, workers=task.workers, progress=note)
    return plan, [*curve, Point(_since(task), plan.score or 0.0, plan.bound)]


def _rival(task: Task, instance: Instance) -> tuple[Plan, list[Point]]:
    trips = RIVALS[task.contestant].load()(instance, _left(task), task.seed, task.workers)
    reached = score(instance, trips)
    return Plan(trips=tuple(trips), score=reached), [Point(_since(task), reached)]


if __name__ == "__main__":
    main()
