"""Nothing is asked for that nobody uses."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.supply import used
from tests.supply.locks import PROJECT


def test_every_package_for_tests_is_used() -> None:
    assert used.unused() == []


def test_one_that_is_not_is_named(tmp_path: Path) -> None:
    written = (PROJECT / "pyproject.toml").read_text().replace('"aiosmtpd",', '"aiosmtpd",\n    "left-over",')
    (tmp_path / "pyproject.toml").write_text(written)
    shutil.copy(PROJECT / "Makefile", tmp_path)
    for folder in ("api", "carpool", "tests"):
        (tmp_path / folder).symlink_to(PROJECT / folder)
    assert used.unused(tmp_path) == ["left-over"]


def test_of_the_service_deptry_finds_one(tmp_path: Path) -> None:
    """As `make check` runs it: a package that nobody imports fails it."""
    written = (
        (PROJECT / "pyproject.toml")
        .read_text()
        .replace('    "aiosmtplib",', '    "aiosmtplib",\n    "networkx",')
    )
    (tmp_path / "pyproject.toml").write_text(written)
    for folder in ("api", "carpool"):
        shutil.copytree(
            PROJECT / folder,
            tmp_path / folder,
            ignore=shutil.ignore_patterns("static", "data", "__pycache__"),
        )
    asked = [sys.executable, "-m", "deptry", "."]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DEP002" in done.stderr
    assert "networkx" in done.stderr
    assert "Found 1 dependency issue" in done.stderr
