"""The quick form of every measurement of `make endure`, in a process of its own."""

import subprocess
import sys

import pytest

from tests.endurance.__main__ import programs
from tests.promises.frame import PROJECT, Size


@pytest.mark.parametrize("module", programs())
def test_it_is_kept(module: str) -> None:
    command = [sys.executable, "-m", module, "--size", Size.QUICK]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
