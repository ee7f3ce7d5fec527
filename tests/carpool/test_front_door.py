"""What the library offers at its front door, and that nothing heavy comes with it."""

import subprocess
import sys

import pytest

import carpool
from carpool import Instance, Plan, score, violations
from tests.carpool.build import a_driver, a_trip, an_instance


def test_the_judge_and_the_score() -> None:
    instance = an_instance(a_driver())
    assert violations(instance, Plan(trips=(a_trip("d", "e"),))) == []
    assert 0.9 < score(instance, [a_trip("d", "e")]) < 1
    assert Instance().drivers == ()


@pytest.mark.parametrize("first", ["carpool.score", "carpool.solver", "carpool.check", "carpool.files"])
def test_the_score_is_the_function_whatever_was_imported_before(first: str) -> None:
    code = f"import {first}; import carpool.score; from carpool import score; assert score(carpool.Instance(), []) == 0"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_only_solving_loads_the_solver() -> None:
    heavy = {"numpy", "ortools", "numba", "scipy", "pandas", "typer", "rich"}
    code = f"import sys, carpool, carpool.files; print(*sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout == "\n"


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="solev"):
        carpool.solev  # noqa: B018  # The access itself is what is tried.
    assert all(callable(getattr(carpool, name)) for name in carpool.__all__)
