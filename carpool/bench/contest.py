"""Runs the contestants on the cases, one after the other, each in a process of its own, and judges what they wrote."""

import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from carpool.bench.child import Task
from carpool.bench.memory import run_measured
from carpool.bench.results import ENGINE, Case, Point, Result
from carpool.bench.rivals import RIVALS
from carpool.bench.robust import share_on_time, value_left
from carpool.check import violations
from carpool.errors import CarpoolError
from carpool.files import read_instance, read_plan, write_instance
from carpool.generate import generate
from carpool.instance import Instance
from carpool.plan import Plan
from carpool.schedule import schedule_of
from carpool.score import score_parts

PATIENCE = 3.0
PATIENCE_AT_LEAST = 180.0
"""A contestant is ended after so many times its seconds, and not before so many seconds more."""
WARM_PEOPLE = 30
LONGEST_SET_UP = 900.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What is the same for all: seconds of the whole process, threads, and the rivals."""

    seconds: float
    workers: int
    rivals: tuple[str, ...]
    folder: Path


def contest(cases: Sequence[Case], rules: Rules, say: Callable[[str], None]) -> list[Result]:
    """Every contestant on every case. `say` hears how it goes.

    The engine's inner loops are compiled first, as at set-up, and each contestant solves a small instance that does not
    count: compiled code and files are then in their caches.
    """
    contestants = [ENGINE, *rules.rivals]
    say("the engine's inner loops are made ready")
    run_measured([sys.executable, "-m", "carpool.solver.warm"], LONGEST_SET_UP)
    small = _write(generate(WARM_PEOPLE), rules.folder / "warm.json")
    for contestant in contestants:
        say(f"{contestant} warms up")
        run_case(contestant, Case("warm", WARM_PEOPLE, 1, str(small)), replace(rules, seconds=5.0))
    results = []
    for case in cases:
        for contestant in contestants:
            results.append(run_case(contestant, case, rules))
            say(_line(results[-1]))
    return results


def made_up(people: int, seed: int, around: str | None, within: float | None, folder: Path) -> Case:
    """An instance of `carpool generate`, written into the folder."""
    region = "" if around is None else f" around {around}"
    region += "" if within is None else f" within {within:g} km"
    name = f"{people:,} people{region}"
    path = folder / f"{name.replace(' ', '-').replace(',', '')}-{seed}.json"
    return Case(name, people, seed, str(_write(generate(people, seed, around, within), path)))


def given(path: Path, seed: int) -> Case:
    """An instance from a file. Raises `CarpoolError` if it is none."""
    instance = read_instance(path)
    return Case(path.name, len(instance.drivers) + len(instance.riders), seed, str(path))


def run_case(contestant: str, case: Case, rules: Rules) -> Result:
    """Let one contestant solve one case, and judge its plan."""
    most = RIVALS[contestant].most_people if contestant in RIVALS else None
    if most is not None and case.people > most:
        return Result(contestant, case, failure=f"skipped: not run with more than {most:,} people")
    plan, notes = rules.folder / "plan.json", rules.folder / "notes.json"
    for path in (plan, notes):
        path.unlink(missing_ok=True)
    task = Task(
        contestant,
        case.path,
        str(plan),
        str(notes),
        rules.seconds,
        case.seed,
        rules.workers,
        time.monotonic(),
    )
    command = [sys.executable, "-m", "carpool.bench.child", json.dumps(asdict(task))]
    longest = max(PATIENCE * rules.seconds, rules.seconds + PATIENCE_AT_LEAST)
    code, seconds, megabytes, said = run_measured(command, longest)
    result = Result(contestant, case, seconds=seconds, megabytes=megabytes)
    if code != 0:
        last = (said.strip().splitlines() or ["no word"])[-1]
        why = f"ended after {longest:.0f} s" if code is None else f"failed: {last}"
        return replace(result, failure=why)
    return judged(result, read_plan(plan), json.loads(notes.read_text()))


def judged(result: Result, plan: Plan, notes: dict[str, Any]) -> Result:
    """The result with the figures of its plan, if that keeps all rules."""
    instance = read_instance(result.case.path)
    result = replace(
        result,
        solving=notes["solving"],
        curve=tuple(Point(**point) for point in notes["curve"]),
    )
    if found := violations(instance, plan):
        return replace(result, failure=f"its plan breaks {len(found)} rules: {found[0]}")
    parts = score_parts(instance, [schedule_of(instance, trip) for trip in plan.trips])
    return replace(
        result,
        score=parts.score,
        volunteers=parts.volunteers,
        bound=plan.bound,
        gap=plan.gap,
        on_time=share_on_time(instance, plan.trips, seed=1),
        value_left=value_left(instance, plan.trips, seed=1),
    )


def _line(result: Result) -> str:
    name = f"{result.case.name}, seed {result.case.seed}: {result.contestant}"
    if result.failure is not None:
        return f"{name} {result.failure}"
    gap = "" if result.gap is None or math.isinf(result.gap) else f", gap {result.gap:.2%}"
    return f"{name} {result.score:,.2f}{gap} in {result.seconds:.1f} s, {result.megabytes:,.0f} MB"


def _write(instance: Instance, path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CarpoolError(f"{path.parent}: cannot be made: {error.strerror}", "out") from None
    write_instance(instance, path)
    return path
