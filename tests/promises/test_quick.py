"""The quick form of every promise's measurement, in a process of its own, as `make prove` runs it."""

import subprocess
import sys
from importlib import import_module

import pytest

from tests.promises.__main__ import programs
from tests.promises.frame import PROJECT, Promise, Size

PROMISES: dict[str, Promise] = {name: import_module(name).PROMISE for name in programs()}
MEASURED = [name for name, promise in PROMISES.items() if not promise.by_tests]


@pytest.mark.parametrize("module", MEASURED)
def test_it_is_kept(module: str) -> None:
    command = [sys.executable, "-m", module, "--size", Size.QUICK]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tests_that_measure_the_others_are_there() -> None:
    """They run by themselves."""
    paths = [path for promise in PROMISES.values() for path in promise.by_tests]
    assert [path for path in paths if not (PROJECT / path.partition("::")[0]).exists()] == []


def test_each_program_bears_the_number_of_its_promise() -> None:
    assert [promise.number for promise in PROMISES.values()] == [
        int(name.split(".p")[-1][:2]) for name in PROMISES
    ]
