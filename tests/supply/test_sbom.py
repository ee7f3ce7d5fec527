"""The bill of materials: valid, whole, and the same each time but for its stamp."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.supply.locks import IN_BROWSER, IN_SERVICE, PROJECT, Package, everything
from tests.supply.sbom import SBOM, InvalidSbom, sbom


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sbom(everything()))
    return found


def test_it_holds_every_locked_package(document: dict[str, Any]) -> None:
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert document["metadata"]["component"]["name"] == "keyseat-carpool"
    found = {(each["purl"].split("@")[0].split("?")[0], each["version"]) for each in document["components"]}
    assert len(found) == len(document["components"]) == len(everything())
    assert {name for name, _ in found} >= {
        "pkg:pypi/fastapi",
        "pkg:pypi/ortools",
        "pkg:npm/htmx.org",
        "pkg:npm/leaflet",
    }


def test_it_says_what_is_delivered(document: dict[str, Any]) -> None:
    scope = {each["name"]: each["scope"] for each in document["components"]}
    assert scope["psycopg"] == scope["htmx.org"] == "required"
    assert scope["pytest"] == scope["axe-core"] == "excluded"


def test_each_has_a_licence_and_what_one_file_has_is_hashed(document: dict[str, Any]) -> None:
    assert all(each["licenses"] for each in document["components"])
    by_name = {each["name"]: each for each in document["components"]}
    assert by_name["leaflet"]["hashes"][0]["alg"] == "SHA-512"
    assert len(by_name["leaflet"]["hashes"][0]["content"]) == 128
    single = [each for each in everything() if each.ecosystem == "pypi" and len(each.hashes) == 1]
    for package in single:
        assert by_name[package.name]["hashes"][0]["content"] == package.hashes[0].removeprefix("sha256:")


def test_what_is_no_sbom_is_not_written() -> None:
    wrong = Package("npm", "bent", "1.0", ("sha256:not-a-digest",), IN_BROWSER, licence="MIT")
    with pytest.raises(InvalidSbom):
        sbom([wrong])


def test_the_command_writes_it() -> None:
    asked = [sys.executable, "-m", "tests.supply", "sbom"]
    done = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    used = {
        each["properties"][0]["value"]
        for each in json.loads(SBOM.read_text())["components"]
        if each["name"] == "uvicorn"
    }
    assert used == {IN_SERVICE}
    kept = subprocess.run(["git", "check-ignore", "-q", str(SBOM)], cwd=PROJECT, check=False)
    assert kept.returncode == 0, "it is made anew, and not kept"
