"""Promise 3: a run is whole or not at all. Workers are killed with all their children at any moment of a run.

After each kill the row must hold no plan, or all of one; and with a worker there again it must be over within a minute.
From the input that is stored anybody can work the plan out again: the same seed and number of rounds give the same plan.
"""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import select

from api.services.demo import Demo
from api.store.embedded import EmbeddedServer
from api.store.queries import runs
from api.store.session import make_engine, open_session
from api.store.tables import Run
from carpool import solve, violations
from carpool.files import instance_from_json, instance_to_json, plan_from_json, plan_to_json
from carpool.generate import generate
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import demo_day, start_run
from tests.promises.stack import LOOKS_EVERY, Stack, database, stack

PEOPLE, SOLVING_SECONDS, ROUNDS = 60, 3.0, 2
BACK_SECONDS = 60
PATIENCE_SECONDS = 150


@dataclass(frozen=True)
class Kill:
    """What was found after one: whether the row was whole both times, and how long the run took to be over."""

    whole: bool
    seconds: float
    state: str


def measure(size: Size) -> Outcome:
    stacks, kills = size.pick(1, 6, 6), size.pick(1, 2, 17)
    with database() as server, ThreadPoolExecutor(stacks) as pool:
        jobs = [pool.submit(_killed, server, f"stack_{number}", kills) for number in range(stacks)]
        found = [kill for job in jobs for kill in job.result()[0]]
        replayed = all(job.result()[1] for job in jobs)
    seen = _half_is_seen()
    partial, slowest = sum(not kill.whole for kill in found), max(kill.seconds for kill in found)
    states = {kill.state for kill in found}
    figure = (
        f"{len(found)} × kill -9 of the worker while it solved, {partial} partial plans; over {slowest:.0f} s after the "
        f"restart at the latest (limit {BACK_SECONDS} s), {' or '.join(sorted(states))}; the stored input gives the same plan "
        f"with the same seed and rounds: {'yes' if replayed else 'NO'}; a plan cut in half is seen: {'yes' if seen else 'NO'}"
    )
    kept = partial == 0 and slowest <= BACK_SECONDS and states <= {"done", "failed"} and replayed and seen
    return Outcome(figure, kept)


def _killed(server: EmbeddedServer, name: str, kills: int) -> tuple[list[Kill], bool]:
    with stack(server, name) as made:
        engine = make_engine(made.url)
        day = demo_day(engine, PEOPLE)
        made.start("worker")
        found = [_one(made, engine, day) for _ in range(kills)]
        replayed = _replays(engine)
        engine.dispose()
    return found, replayed


def _one(made: Stack, engine: Engine, day: Demo) -> Kill:
    """A run, and a kill at any moment from when it waits until it should be done."""
    run_id = start_run(engine, day, SOLVING_SECONDS)
    wait(engine, run_id, ("running", "done", "failed"))
    time.sleep(random.uniform(0, SOLVING_SECONDS + 1))
    made.kill("worker")
    whole = is_whole(engine, run_id)
    begun = time.monotonic()
    made.start("worker")
    state = wait(engine, run_id, ("done", "failed"))
    return Kill(whole and is_whole(engine, run_id), time.monotonic() - begun, state)


def row_of(engine: Engine, run_id: UUID) -> Run:
    with open_session(engine) as db:
        row = runs.by_id(db, run_id)
        assert row is not None
        return row


def wait(engine: Engine, run_id: UUID, states: tuple[str, ...]) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (state := row_of(engine, run_id).state) not in states:
        if time.monotonic() > deadline:
            return state
        time.sleep(LOOKS_EVERY)
    return state


def is_whole(engine: Engine, run_id: UUID) -> bool:
    """No plan and not done, or done with all of a plan that holds for the input that is stored with it."""
    row = row_of(engine, run_id)
    if row.state != "done":
        return row.plan is None and row.figures is None
    return row.plan is not None and row.instance is not None and _holds(row.instance, row.plan)


def _holds(instance: dict[str, Any], plan: dict[str, Any]) -> bool:
    """All people are in it or among the unmatched, and the judge passes it."""
    read, written = instance_from_json(instance), plan_from_json(plan)
    inside = {one for trip in written.trips for one in (trip.driver, *trip.riders)}
    named = inside | {one["id"] for one in plan["unmatched"]}
    everybody = {one.id for one in read.drivers} | {one.id for one in read.riders}
    return named == everybody and not violations(read, written)


def _replays(engine: Engine) -> bool:
    with open_session(engine) as db:
        row = db.exec(select(Run).where(Run.state == "done")).first()
    assert row is not None and row.instance is not None
    instance = instance_from_json(row.instance)
    one, two = (plan_to_json(solve(instance, seconds=None, rounds=ROUNDS, seed=row.seed)) for _ in range(2))
    return bool(one["trips"] == two["trips"])


def _half_is_seen() -> bool:
    """The control: of a plan with one trip left out this measurement says that it is not whole."""
    instance = generate(people=PEOPLE, seed=1)
    plan = json.loads(json.dumps(plan_to_json(solve(instance, seconds=None, rounds=1, seed=1))))
    whole = _holds(instance_to_json(instance), plan)
    return whole and not _holds(instance_to_json(instance), {**plan, "trips": plan["trips"][1:]})


PROMISE = Promise(3, "a run is whole or not at all", measure)

if __name__ == "__main__":
    run(PROMISE)
