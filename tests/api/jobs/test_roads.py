"""A run with a server of road times: planned, stored, checked and replayed by them, and whole when the server is not."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlmodel import Session, col, select, update

from api.jobs.matching import carry_out
from api.jobs.solving import Solver
from api.jobs.tools import Tools
from api.routing import fetching
from api.services import matching, people
from api.store.queries import runs
from api.store.tables import Offer, RoadTimes, Run
from carpool import solve, violations
from carpool.files import instance_from_json, plan_from_json
from tests.api import world
from tests.api.jobs import works
from tests.api.jobs.test_matching import queued, run_of
from tests.osrm import Fault, Osrm, by_road, roads

__all__ = ["by_road", "roads"]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.01)


def test_a_run_is_planned_by_road(db: Session, tools: Tools, by_road: Osrm) -> None:
    run_id = queued(db)
    carry_out(tools, run_id)
    run = run_of(db, run_id)
    assert run.state == "done" and run.instance is not None and run.plan is not None and run.roads is not None
    assert run.roads["known"] == run.roads["wanted"] == len(run.instance["travel"]["minutes"]) == 6
    assert run.instance["travel"]["otherwise"] == "gb-road-1"
    day = instance_from_json(run.instance)
    [trip] = run.plan["trips"]
    home, rider, goal = 0, 1, 2
    assert trip["drive_minutes"] == pytest.approx(
        day.travel.minutes(home, rider) + 2 + day.travel.minutes(rider, goal), abs=0.006
    )
    model = day.travel.roads.minutes(home, goal)  # type: ignore[attr-defined]
    assert day.travel.minutes(home, goal) != pytest.approx(model, abs=0.5)
    view = matching.view(db, run)
    assert view.roads is not None and (view.roads.known, view.roads.why) == (6, "")


def test_what_is_stored_replays_and_checks(db: Session, tools: Tools, by_road: Osrm, tmp_path: Path) -> None:
    run_id = queued(db)
    carry_out(tools, run_id)
    run = run_of(db, run_id)
    by_road.always = Fault(b"", 500)
    assert run.instance is not None and run.plan is not None
    day, plan = instance_from_json(run.instance), plan_from_json(run.plan)
    assert violations(day, plan) == []
    assert solve(day, rounds=10, seed=1).trips == plan.trips
    files = [tmp_path / "instance.json", tmp_path / "plan.json"]
    for file, document in zip(files, (run.instance, run.plan), strict=True):
        file.write_text(json.dumps(document))
    checked = subprocess.run(
        [sys.executable, "-m", "carpool", "check", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    without = {name: value for name, value in run.instance.items() if name != "travel"}
    files[0].write_text(json.dumps(without))
    again = subprocess.run(
        [sys.executable, "-m", "carpool", "check", *map(str, files)], capture_output=True, check=False
    )
    assert again.returncode == 1, "by the model alone these times are wrong"


@pytest.mark.parametrize("fault", [Fault(b"", 500), Fault(b"<html>"), Fault(b"", cut=True)])
def test_a_server_that_is_no_use_costs_the_run_nothing_else(
    db: Session, tools: Tools, by_road: Osrm, fault: Fault
) -> None:
    by_road.always = fault
    run_id = queued(db)
    carry_out(tools, run_id)
    run = run_of(db, run_id)
    assert run.state == "done" and run.instance is not None and "travel" not in run.instance
    assert run.roads == {"wanted": 6, "known": 0, "no_way": 0, "why": "down"}


def test_without_a_server_nothing_is_said_of_one(db: Session, tools: Tools) -> None:
    run_id = queued(db)
    carry_out(tools, run_id)
    assert run_of(db, run_id).roads is None


def test_a_run_that_a_lost_worker_began_keeps_the_road_times_it_had(
    db: Session, tools: Tools, by_road: Osrm
) -> None:
    run_id = queued(db)
    carry_out(tools, run_id)
    first = run_of(db, run_id)
    db.exec(update(Run).where(col(Run.id) == run_id).values(state="running", plan=None))
    db.commit()
    by_road.seconds = lambda a, b: 10_000.0
    by_road.tables.clear()
    db.exec(update(RoadTimes).values(drives=b""))
    db.commit()
    carry_out(tools, run_id)
    second = run_of(db, run_id)
    assert by_road.tables == []
    assert (second.state, second.instance_hash, second.roads) == ("done", first.instance_hash, first.roads)


def test_a_coordinator_sees_that_it_is_asked_and_stops_it(db: Session, tools: Tools, by_road: Osrm) -> None:
    by_road.always = Fault(b"{}", hang=30)
    run_id = queued(db, seconds=60)
    worker = threading.Thread(target=carry_out, args=(tools, run_id))
    worker.start()
    try:
        while (run_of(db, run_id).progress or {}).get("phase") != "road times":
            time.sleep(0.05)
        runs.step(db, run_id, ("running",), stop_asked=True)
        db.commit()
        by_road.always = None
        by_road.ending.set()
    finally:
        worker.join(60)
    assert not worker.is_alive()
    run = run_of(db, run_id)
    assert run.state == "done" and run.plan is not None


def test_no_transaction_waits_for_the_server(db: Session, tools: Tools, by_road: Osrm) -> None:
    """Else a server that hangs would keep a connection, and what PostgreSQL tidies up, for a minute and more."""
    by_road.always = Fault(b"{}", hang=30)
    run_id = queued(db)
    db.close()
    worker = threading.Thread(target=carry_out, args=(tools, run_id))
    worker.start()
    try:
        while not by_road.questions:
            time.sleep(0.05)
        # What it wrote down just before may still be on its way back; while the server hangs nothing else gives one up.
        while (held := tools.engine.pool.checkedout()) and by_road.questions == 1:  # type: ignore[attr-defined]
            time.sleep(0.05)
        assert (held, by_road.questions) == (0, 1)
    finally:
        by_road.always = None
        by_road.ending.set()
        worker.join(60)
    assert run_of(db, run_id).state == "done"


def test_whoever_is_erased_leaves_no_road_times_behind(db: Session, tools: Tools, by_road: Osrm) -> None:
    """How long somebody drives to twenty places says where they live."""
    run_id = queued(db)
    carry_out(tools, run_id)
    offer = db.exec(select(Offer)).one()
    people.erase(db, world.person_of(db, offer))
    db.commit()
    run = run_of(db, run_id)
    assert run.instance is not None and "travel" not in run.instance and run.instance_hash is None


def test_a_worker_that_ends_meanwhile_leaves_the_run_to_another(
    db: Session, tools: Tools, by_road: Osrm
) -> None:
    run_id = queued(db, seed=works.DEAF)
    ending = Solver("tests.api.jobs.works:by_seed", stop_seconds=0.2)
    ending.wind_up()
    with pytest.raises(Exception, match="ending"):
        carry_out(Tools(tools.engine, tools.channel, tools.house, ending), run_id)
    ending.close()
    run = run_of(db, run_id)
    assert run.state == "running" and run.roads is not None and run.roads["known"] == 6
