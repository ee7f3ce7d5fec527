"""Licences: each is known and allowed, and the list is that of what is locked."""

from pathlib import Path

import pytest

from tests.supply import licences
from tests.supply.locks import Package, everything


def package(name: str, licence: str = "", version: str = "1.0") -> Package:
    return Package("npm", name, version, (), "pages", licence=licence)


def test_everything_locked_may_be_used_and_is_listed() -> None:
    assert licences.faults(everything()) == []


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("SSPL-1.0", False),
        ("Our own licence, ask us", False),
        ("", False),
    ],
)
def test_what_may_be_used(expression: str, allowed: bool) -> None:
    assert licences.is_allowed(expression) is allowed


def test_a_new_package_that_may_not_be_used_is_refused(tmp_path: Path) -> None:
    listed = tmp_path / "licences.md"
    packages = [package("kind", "MIT"), package("greedy", "AGPL-3.0-only"), package("silent")]
    listed.write_text(licences.written(packages))
    assert licences.faults(packages, listed) == [
        "greedy: AGPL-3.0-only is not one of the licences that we may use.",
        "silent: nobody knows its licence. Read it, and add it to READ in tests/supply/licences.py.",
    ]


def test_an_old_list_is_refused(tmp_path: Path) -> None:
    listed = tmp_path / "licences.md"
    listed.write_text(licences.written([package("kind", "MIT"), package("gone", "MIT")]))
    now = [package("kind", "MIT", "2.0"), package("new", "ISC")]
    assert licences.faults(now, listed) == [
        "kind 2.0 is not in docs/licences.md: run make licences.",
        "new 1.0 is not in docs/licences.md: run make licences.",
        "gone is in docs/licences.md, and no longer used: run make licences.",
    ]


def test_what_a_package_says_of_itself_is_read() -> None:
    said = {each.name: licences.licence_of(each) for each in everything()}
    assert said["fastapi"] == "MIT", "an expression"
    assert said["tzdata"] == "Apache-2.0", "one word"
    assert said["protobuf"] == "BSD-3-Clause", "words of its own"
    assert said["pwdlib"] == "MIT", "a classifier"
    assert said["jinja2"] == "BSD-3-Clause", "read by a person"
    assert said["leaflet"] == "BSD-2-Clause", "npm's lock file"
    assert all(name in said for name in licences.READ)
