"""`carpool worth` as a coordinator runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from carpool.certificate import Certificate, file_sha256, write_certificate
from carpool.files import write_instance, write_plan
from carpool.instance import Instance
from carpool.plan import Plan
from tests.carpool.build import a_driver, a_matrix, a_rider, an_event, an_instance

RIDERS = [a_rider(f"r{number}") for number in range(2)]
INSTANCE = an_instance(*RIDERS, a_rider("a\nb"))
Run = subprocess.CompletedProcess[str]


def worth(folder: Path, *options: str, instance: Instance = INSTANCE, digest: str | None = None) -> Run:
    paths = [folder / f"{name}.json" for name in ("instance", "plan", "certificate")]
    write_instance(instance, paths[0])
    write_plan(Plan(), paths[1])
    prices = Certificate(
        bound=3.0, events={event.id: 1.0 for event in instance.events}, instance_sha256=digest
    )
    write_certificate(paths[2], prices)
    command = [sys.executable, "-m", "carpool", "worth", *map(str, paths), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_line_of_explanation_and_a_table(tmp_path: Path) -> None:
    run = worth(tmp_path, "--confirm", "2", "--limit", "4")
    assert (run.returncode, run.stderr) == (0, "")
    explanation, head, *rows = run.stdout.splitlines()
    assert "3 free seats" in explanation and "score" in explanation
    assert head.split() == ["district", "predicted", "confirmed", "event", "riders"]
    assert len(rows) == 4
    _, predicted, confirmed, event, *riders = rows[0].split()
    assert float(predicted) == pytest.approx(4, abs=0.1) and confirmed == predicted and event == "e"
    assert set("".join(riders).split(",")) == {"r0", "r1", r"a\u000ab"}
    assert [len(row.split()) for row in rows[2:]] == [len(rows[0].split()) - 1] * 2, "two are not confirmed"


def test_json_has_every_district_in_full(tmp_path: Path) -> None:
    run = worth(tmp_path, "--confirm", "1", "--limit", "1", "--json")
    rows = json.loads(run.stdout)
    assert len(rows) > 100 and rows[0].keys() == {"district", "predicted", "confirmed", "event", "riders"}
    assert rows[0]["confirmed"] == pytest.approx(rows[0]["predicted"], abs=1e-9)
    assert rows[1]["confirmed"] is None and set(rows[0]["riders"]) == {"r0", "r1", "a\nb"}


def test_no_event_in_reach_is_said(tmp_path: Path) -> None:
    run = worth(tmp_path, instance=an_instance(events=()))
    assert (run.returncode, run.stdout) == (0, "No event is in reach of any postcode district.\n")


def test_what_cannot_be_used_ends_with_2(tmp_path: Path) -> None:
    run = worth(tmp_path, instance=an_instance(a_driver(), matrix=a_matrix(2)))
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "An instance with a matrix of minutes has no postcode districts.\n"
    run = worth(tmp_path, instance=an_instance(*RIDERS, events=(an_event("f"),)), digest="0" * 64)
    assert (run.returncode, run.stdout) == (2, "") and run.stderr.startswith("instance_sha256:")
    digest = file_sha256(tmp_path / "instance.json")
    assert worth(tmp_path, "--confirm", "0", digest=digest.upper()).returncode == 2, (
        "it was of another instance"
    )
    assert worth(tmp_path, "--seconds-each", "nan").returncode == 2
