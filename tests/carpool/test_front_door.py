"""The front door opens on what it names, and brings no solver along until one is asked for."""

import subprocess
import sys


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_everything_it_names_is_there() -> None:
    assert run("import carpool; print(all(callable(getattr(carpool, name)) for name in carpool.__all__))") == "True"


def test_score_stays_a_function_whoever_imports_its_module() -> None:
    assert run("import carpool.score, carpool; print(callable(carpool.score))") == "True"


def test_the_solver_comes_only_with_solve() -> None:
    heavy = "[x for x in ('ortools', 'numba', 'scipy') if x in sys.modules]"
    assert run(f"import sys, carpool; carpool.violations; print({heavy})") == "[]"
    assert run(f"import sys, carpool; carpool.solve; print({heavy})") == "['ortools']"
