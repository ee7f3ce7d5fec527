"""A bound below the score is a bug that is told, and never mended in silence; the noise of sums is no bug."""

import re
from functools import cache

import pytest

from carpool.generate import generate
from carpool.pins import judge_pins
from carpool.solver.candidates import Scene, make_scene
from carpool.solver.column import Column, column_of, total_score
from carpool.solver.data import compile_data
from carpool.solver.incumbent import Incumbent, Progress
from carpool.solver.result import not_below, write_plan
from carpool.solver.stop import Clock


def an_incumbent(score: float, said: list[Progress] | None = None) -> Incumbent:
    """One that has a plan without trips, which is said to have this score."""
    found = Incumbent(Clock(None), None if said is None else said.append)
    found.take(score, tuple, "plan")
    return found


@pytest.mark.parametrize("score", [0.25, -0.25, 3.5, 40_000.0, -40_000.0])
def test_noise_is_lifted_and_more_is_told(score: float) -> None:
    noise = 1e-6 * max(1.0, abs(score))
    assert not_below(score, score + 1.0) == score + 1.0
    assert not_below(score, score - 0.9 * noise) == score
    with pytest.raises(RuntimeError, match="please report this bug"):
        not_below(score, score - 1.1 * noise)


def test_a_bound_within_the_noise_is_the_score() -> None:
    found = an_incumbent(100.0)
    found.prove(100.0 - 1e-5, "bound")
    assert (found.bound, found.gap) == (100.0, 0.0)


def test_a_bound_below_the_score_is_told_with_both_figures() -> None:
    said: list[Progress] = []
    found = an_incumbent(100.0, said)
    with pytest.raises(RuntimeError, match=re.escape("100.0") + r".*" + re.escape("99.5")):
        found.prove(99.5, "bound")
    assert [progress.phase for progress in said] == ["plan"]


def test_a_plan_beyond_the_bound_is_told() -> None:
    found = an_incumbent(1.0)
    found.prove(2.0, "bound")
    found.take(2.0 + 1e-7, tuple, "plan")
    assert found.bound == found.score == 2.0 + 1e-7
    with pytest.raises(RuntimeError, match="none scores more than"):
        found.take(2.1, tuple, "plan")


def test_a_bound_before_any_plan_is_kept() -> None:
    found = Incumbent(Clock(None), None)
    found.prove(-5.0, "bound")
    assert found.bound == -5.0


@cache
def a_finished_plan() -> tuple[Scene, tuple[Column, ...], float]:
    """The pins of an instance as a plan, and its score."""
    instance = generate(300, seed=3)
    scene = make_scene(compile_data(instance))
    columns = tuple(column_of(scene.data, scene.limits, trip) for trip in judge_pins(instance).trips)
    return scene, columns, total_score(scene.data, columns)


def test_no_plan_is_written_with_a_bound_below_its_score() -> None:
    scene, columns, score = a_finished_plan()
    with pytest.raises(RuntimeError, match="please report this bug with the instance"):
        write_plan(scene, columns, score - 0.01, Clock(None), seed=1)


def test_a_plan_is_written_with_the_noise_lifted() -> None:
    scene, columns, score = a_finished_plan()
    plan = write_plan(scene, columns, score - 1e-10, Clock(None), seed=1)
    assert plan.bound == plan.score == pytest.approx(score)
    assert plan.gap == 0.0
