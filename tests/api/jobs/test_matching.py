"""Carrying out a run: whole or not at all, in plain words when not, and never by halves after a worker's death."""

import threading
import time
from uuid import UUID

import pytest
from sqlmodel import Session

from api.jobs.matching import carry_out
from api.jobs.solving import Solver, SolverInterrupted
from api.jobs.tools import Tools
from api.services import matching
from api.store.queries import runs
from api.store.tables import Run
from tests.api import world
from tests.api.jobs import works


def queued(db: Session, *, seed: int = 1, seconds: float = 2.0) -> UUID:
    """A run of a day with a driver and a rider."""
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    world.add_offer(db, campaign)
    world.add_request(db, campaign)
    run_id = matching.start(db, campaign, world.DAY, coordinator, seconds=seconds).id
    row = runs.by_id(db, run_id)
    assert row is not None
    row.seed = seed
    db.add(row)
    db.commit()
    return run_id


def run_of(db: Session, run_id: UUID) -> Run:
    db.rollback()
    run = runs.by_id(db, run_id)
    assert run is not None
    return run


def test_a_run_ends_with_a_plan_that_was_checked(db: Session, tools: Tools) -> None:
    run_id = queued(db)
    carry_out(tools, run_id)
    run = run_of(db, run_id)
    assert run.state == "done"
    assert run.plan is not None
    [trip] = run.plan["trips"]
    assert len(trip["stops"]) == 1
    assert run.score == run.plan["score"]
    assert run.finished_at is not None


def test_what_is_over_is_not_done_again(db: Session, tools: Tools) -> None:
    run_id = queued(db)
    carry_out(tools, run_id)
    first = run_of(db, run_id).finished_at
    carry_out(tools, run_id)
    assert run_of(db, run_id).finished_at == first


def test_a_run_that_a_lost_worker_began_begins_again_with_the_same_instance(
    db: Session, tools: Tools
) -> None:
    run_id = queued(db)
    before = matching.begin(db, run_id)
    db.commit()
    assert run_of(db, run_id).state == "running"
    carry_out(tools, run_id)
    run = run_of(db, run_id)
    assert run.state == "done"
    assert matching.begin(db, run_id) is None
    assert before is not None
    assert run.instance_hash is not None


def test_a_killed_solver_fails_its_run_in_plain_words(db: Session, tools: Tools) -> None:
    run_id = queued(db, seed=works.KILLED)
    carry_out(tools, run_id)
    run = run_of(db, run_id)
    assert (run.state, run.plan) == ("failed", None)
    assert "memory" in (run.error or "")


def test_a_plan_that_breaks_a_rule_is_thrown_away(db: Session, tools: Tools) -> None:
    run_id = queued(db, seed=works.BROKEN_PLAN)
    carry_out(tools, run_id)
    run = run_of(db, run_id)
    assert (run.state, run.plan) == ("failed", None)
    assert "broke a rule" in (run.error or "")


def test_a_coordinators_stop_is_heard_and_progress_seen(db: Session, tools: Tools) -> None:
    run_id = queued(db, seed=works.STOPPABLE, seconds=60)
    worker = threading.Thread(target=carry_out, args=(tools, run_id))
    worker.start()
    try:
        while (run_of(db, run_id).progress or {}).get("phase") != "search":
            time.sleep(0.05)
    finally:
        runs.step(db, run_id, ("running",), stop_asked=True)
        db.commit()
        worker.join(30)
    assert not worker.is_alive()
    run = run_of(db, run_id)
    assert run.progress is not None
    assert run.progress["phase"] == "search"
    assert run.state == "done"


def test_a_worker_that_ends_without_a_plan_leaves_the_run_to_another(db: Session, tools: Tools) -> None:
    run_id = queued(db, seed=works.DEAF)
    impatient = Solver("tests.api.jobs.works:by_seed", stop_seconds=0.2)
    ending = threading.Timer(1.0, impatient.wind_up)
    ending.start()
    try:
        with pytest.raises(SolverInterrupted):
            carry_out(Tools(tools.engine, tools.channel, tools.house, impatient), run_id)
    finally:
        ending.join()
        impatient.close()
    assert run_of(db, run_id).state == "running"
