"""The child process: what it is told and tells, and that its death is nobody else's."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.jobs.child import Task
from api.jobs.solving import Progress, Solver, SolverFailed, SolverInterrupted
from carpool.files import instance_to_json
from carpool.generate import generate
from tests.patience import until

WORK = "tests.api.jobs.works:by_instance"


@pytest.fixture
def solver() -> Iterator[Solver]:
    solver = Solver(WORK, grace=0.5, stop_seconds=0.5)
    yield solver
    solver.close()


def never(_: Progress) -> bool:
    return False


def task(instance: str, seconds: float = 60.0) -> Task:
    return Task(instance, seconds, seed=7)


def test_a_plan_comes_back_from_another_process_of_low_priority(solver: Solver) -> None:
    plan = solver.solve(task("echo"), never)
    assert plan["pid"] != os.getpid()
    assert (plan["seconds"], plan["seed"]) == (60.0, 7)
    assert plan["nice"] >= 15


def test_the_child_is_kept_for_the_next_run(solver: Solver) -> None:
    solver.warm()
    assert solver.solve(task("echo"), never)["pid"] == solver.solve(task("echo"), never)["pid"]


def test_progress_is_passed_on_and_a_stop_gives_the_best_so_far(solver: Solver) -> None:
    seen: list[Progress] = []

    def stop_after_three(progress: Progress) -> bool:
        seen.append(progress)
        return len(seen) == 3

    plan = solver.solve(task("patient"), stop_after_three)
    assert plan["status"] == "stopped"
    assert seen[-1]["rounds"] > 1
    assert plan["rounds"] > len(seen) * 10, "it reports far more often than it is noted"


def test_a_killed_child_fails_this_run_alone(solver: Solver) -> None:
    with pytest.raises(SolverFailed, match="killed, perhaps because memory ran short"):
        solver.solve(task("killed"), never)
    assert solver.solve(task("echo"), never)["seed"] == 7


def test_a_child_killed_from_outside_while_it_solves(solver: Solver) -> None:
    pid = solver.solve(task("echo"), never)["pid"]

    def kill(_: Progress) -> bool:
        os.kill(pid, signal.SIGKILL)
        return False

    with pytest.raises(SolverFailed, match="killed"):
        solver.solve(task("patient"), kill)
    assert solver.solve(task("echo"), never)["pid"] != pid


def test_a_child_killed_while_it_waits_is_replaced(solver: Solver) -> None:
    pid = solver.solve(task("echo"), never)["pid"]
    os.kill(pid, signal.SIGKILL)
    for _ in range(2):
        try:
            again = solver.solve(task("echo"), never)["pid"]
        except SolverFailed:
            continue  # It had not quite ended when we looked; that run failed in plain words.
        break
    assert again != pid


def test_a_fault_in_the_solver_is_said_plainly(solver: Solver) -> None:
    with pytest.raises(SolverFailed, match="broke off"):
        solver.solve(task("broken"), never)
    assert solver.solve(task("echo"), never)["seed"] == 7


def test_bad_input_is_told_in_its_own_words_and_the_child_lives_on(solver: Solver) -> None:
    pid = solver.solve(task("echo"), never)["pid"]
    with pytest.raises(SolverFailed, match=r"drivers\[3\]\.seats"):
        solver.solve(task("wrong"), never)
    assert solver.solve(task("echo"), never)["pid"] == pid


def test_a_solver_that_hangs_is_ended(solver: Solver) -> None:
    with pytest.raises(SolverFailed, match="did not end in time"):
        solver.solve(task("deaf", seconds=0.1), never)
    assert solver.solve(task("echo"), never)["seed"] == 7


def test_reading_the_task_is_no_part_of_the_time_for_solving(solver: Solver) -> None:
    assert solver.solve(task("slow to load", seconds=0.1), never)["seed"] == 7


def test_a_gap_that_is_small_enough_ends_it_before_the_time_is_up() -> None:
    solver, instance = Solver(), json.dumps(instance_to_json(generate(400)))
    patient, quick = (
        solver.solve(Task(instance, 3.0, 1, enough=enough), never)["status"] for enough in (0.0, 1.0)
    )
    solver.close()
    assert (patient != "stopped", quick) == (True, "stopped")


def test_a_solver_that_never_begins_is_ended_too() -> None:
    solver = Solver(WORK, grace=0.5, loading=0.5)
    with pytest.raises(SolverFailed, match="did not end in time"):
        solver.solve(task("never begins"), never)
    solver.close()


def test_one_that_does_not_hear_the_stop_is_ended(solver: Solver) -> None:
    with pytest.raises(SolverFailed, match="did not end in time"):
        solver.solve(task("deaf"), lambda _: True)


def test_winding_up_takes_the_best_so_far(solver: Solver) -> None:
    def end(_: Progress) -> bool:
        solver.wind_up()
        return False

    assert solver.solve(task("patient"), end)["status"] == "stopped"
    with pytest.raises(SolverInterrupted):
        solver.solve(task("echo"), never)


def test_winding_up_without_a_plan_leaves_the_run_to_others(solver: Solver) -> None:
    def end(_: Progress) -> bool:
        solver.wind_up()
        return False

    with pytest.raises(SolverInterrupted):
        solver.solve(task("deaf"), end)


def test_what_on_progress_raises_ends_the_solving(solver: Solver) -> None:
    pid = solver.solve(task("echo"), never)["pid"]

    def lose_the_database(_: Progress) -> bool:
        raise LookupError

    with pytest.raises(LookupError):
        solver.solve(task("patient"), lose_the_database)
    assert solver.solve(task("echo"), never)["pid"] != pid, "nobody waits for the old task's plan"


def test_two_at_once_take_turns(solver: Solver) -> None:
    plans: list[object] = []
    threads = [
        threading.Thread(target=lambda: plans.append(solver.solve(task("echo"), never)["pid"]))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(plans) == 3
    assert len(set(plans)) == 1


PARENT = f"""
from api.jobs.solving import Solver
from api.jobs.child import Task
solver = Solver({WORK!r})
print(solver.solve(Task("echo", 1, 1), lambda _: False)["pid"], flush=True)
solver.solve(Task("deaf", 60, 1), lambda _: False)
"""


def test_the_child_ends_with_its_parent_however_that_ends() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    until(lambda: not is_alive(child), "the child's end")


def is_alive(pid: int) -> bool:
    """Zombies, which nobody has asked about yet, are not."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_child_is_told_no_secret(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARPOOL_SECRET_KEY", "canary")
    pid = solver.solve(task("echo"), never)["pid"]
    assert b"canary" not in Path(f"/proc/{pid}/environ").read_bytes()
