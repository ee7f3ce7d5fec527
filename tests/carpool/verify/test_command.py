"""`carpool verify` as a stranger runs it: the bound, what is wrong with it, or why a file cannot be used."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from carpool.certificate import Certificate, file_sha256, write_certificate
from carpool.files import write_instance
from carpool.instance import PinnedTrip
from tests.carpool.build import a_driver, a_matrix, a_rider, an_instance

INSTANCE = an_instance(a_driver(max_detour_minutes=60.0), a_rider(), matrix=a_matrix(3))
CERTIFICATE = Certificate(bound=10.0, events={"e": 1.0}, drivers={"d": 2 - 0.022})


def verify(folder: Path, certificate: Certificate, **changes: Any) -> subprocess.CompletedProcess[str]:
    instance, prices = folder / "instance.json", folder / "certificate.json"
    write_instance(replace(INSTANCE, **changes), instance)
    write_certificate(prices, certificate)
    command = [sys.executable, "-m", "carpool", "verify", str(instance), str(prices)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_good_certificate_is_answered_by_its_bound(tmp_path: Path) -> None:
    run = verify(tmp_path, CERTIFICATE)
    assert (run.returncode, run.stderr) == (0, "")
    assert float(run.stdout) == pytest.approx(2 - 0.022)


def test_a_value_too_low_is_told_with_the_trip_that_shows_it(tmp_path: Path) -> None:
    run = verify(tmp_path, replace(CERTIFICATE, drivers={"d": 1.5}))
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout.startswith('d: value 1.5, but to drive "r" to "e" is worth 1.97')


def test_a_bound_too_low_is_told(tmp_path: Path) -> None:
    run = verify(tmp_path, replace(CERTIFICATE, bound=1.5))
    assert run.returncode == 1
    assert run.stdout.startswith("bound: 1.5, but by these prices and values it is 1.97")


def test_what_cannot_be_used_ends_with_2(tmp_path: Path) -> None:
    run = verify(tmp_path, replace(CERTIFICATE, people={"nobody": 1.0}))
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == 'people.nobody: "nobody": expected the id of a driver or rider\n'
    run = verify(tmp_path, CERTIFICATE, pinned=(PinnedTrip("d", "e", ("r",)),), riders=(a_rider(party=9),))
    assert run.returncode == 2 and run.stderr.startswith('pinned[0]: "d" to "e": no plan can keep it')


def test_a_certificate_is_of_one_instance(tmp_path: Path) -> None:
    assert verify(tmp_path, CERTIFICATE).returncode == 0
    digest = file_sha256(tmp_path / "instance.json")
    assert verify(tmp_path, replace(CERTIFICATE, instance_sha256=digest)).returncode == 0
    run = verify(tmp_path, replace(CERTIFICATE, instance_sha256=digest), dwell_minutes=1.0)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f'instance_sha256: "{digest[:50]}') and "expected" in run.stderr
