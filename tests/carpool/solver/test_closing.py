"""Closing the gap: against brute force where people are few, and against optima that were proven in a long run."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from carpool.check import violations
from carpool.files import dumps, instance_to_json
from carpool.generate import generate
from carpool.instance import Instance
from carpool.pins import pin_faults
from carpool.plan import Status
from carpool.solver import closing
from carpool.solver.growth import Budget
from carpool.solver.incumbent import Progress
from carpool.solver.solve import solve
from tests.carpool.brute_force import best_plan
from tests.carpool.solver.crowds import a_crowd
from tests.carpool.strategies import instances

NO_BUDGET = Budget(labels=0, columns=0)
OPTIMA: list[dict[str, Any]] = json.loads(Path("tests/data/optima.json").read_text(encoding="utf-8"))


@settings(max_examples=60, deadline=None)
@given(instances())
def test_without_enumeration_tiny_instances_are_proven_too(instance: Instance) -> None:
    if pin_faults(instance):
        return
    plan, best = solve(instance, seconds=None, rounds=0, budget=NO_BUDGET), best_plan(instance)
    assert violations(instance, plan) == []
    assert plan.score == pytest.approx(best.score, abs=1e-6)
    assert plan.status is Status.OPTIMAL


@pytest.mark.parametrize("known", OPTIMA, ids=lambda known: f"seed {known['seed']}")
def test_no_bound_is_below_a_known_optimum_and_no_plan_above(known: dict[str, Any]) -> None:
    instance = generate(people=known["people"], seed=known["seed"])
    assert hashlib.sha256(dumps(instance_to_json(instance)).encode()).hexdigest() == known["sha256"]
    said: list[Progress] = []
    plan = solve(instance, seconds=None, rounds=2, progress=said.append)
    assert violations(instance, plan) == []
    assert max(progress.score for progress in said) <= known["optimum"] + 1e-9
    assert min(progress.bound for progress in said if progress.bound is not None) >= known["optimum"] - 1e-9
    assert plan.gap is not None
    assert plan.gap <= 0.0005


def test_a_gap_that_is_closed_again_closes_the_same_way() -> None:
    instance = a_crowd(55, 140, 5, seed=3, towns=2)
    first, second = (solve(instance, seconds=None, rounds=1, workers=workers) for workers in (1, 2))
    assert (first.trips, first.score, first.bound) == (second.trips, second.score, second.bound)
    assert first.gap is not None
    assert first.gap <= 0.002


def test_with_many_cars_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The relaxation is not even begun."""
    monkeypatch.setattr(closing, "UNTIMED_CARS", 10)
    monkeypatch.setattr(closing, "pool_trips", None)
    plan = solve(a_crowd(55, 140, 5, seed=3, towns=2), seconds=None, rounds=0)
    assert plan.status is Status.FEASIBLE


def test_where_trips_are_too_many_the_bound_is_still_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = a_crowd(55, 140, 5, seed=3, towns=2)
    best = solve(instance, seconds=None, rounds=5)
    monkeypatch.setattr(closing, "MOST_TRIPS", 200)
    plan = solve(instance, seconds=None, rounds=0)
    assert plan.bound is not None
    assert best.score is not None
    assert plan.bound >= best.score - 1e-9


def test_an_end_in_between_leaves_plan_and_bound() -> None:
    """Asked again and again, at any moment."""
    instance = a_crowd(55, 140, 5, seed=3, towns=2)
    for most in np.random.default_rng(1).integers(50, 400, 3).tolist():
        asked = [0]

        def stop(most: int = most, asked: list[int] = asked) -> bool:
            asked[0] += 1
            return asked[0] > most

        plan = solve(instance, seconds=None, rounds=0, stop=stop)
        assert violations(instance, plan) == []
        assert plan.bound is not None
        assert plan.score is not None
        assert plan.bound >= plan.score
