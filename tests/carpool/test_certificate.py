"""The certificate as a file: what is written is read again, and what cannot be used is told, a line a fault."""

import json
from pathlib import Path
from typing import Any

import pytest

from carpool.certificate import (
    Certificate,
    Cut,
    InvalidCertificate,
    file_sha256,
    read_certificate,
    write_certificate,
)
from carpool.errors import CarpoolError
from tests.carpool.build import a_driver, a_rider, an_instance

INSTANCE = an_instance(a_driver(), a_rider("r1"), a_rider("r2"))
GOOD: dict[str, Any] = {"format": "carpool-certificate/1", "bound": 1.5}


def faults(path: Path, document: object, sha256: str | None = None) -> list[str]:
    """What is told about a file with this document."""
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    with pytest.raises(InvalidCertificate) as refused:
        read_certificate(path, INSTANCE, sha256)
    return refused.value.message.splitlines()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    full = Certificate(
        bound=12.25,
        people={"d": 0.5, "r1": 0.0},
        events={"e": 1.0},
        drivers={"d": -0.125},
        cuts=(Cut(("d", "r1", "r2"), 0.25),),
        instance_sha256="0" * 64,
        version="0.1.0",
    )
    for certificate in (full, Certificate(bound=0.1)):
        write_certificate(path, certificate)
        assert read_certificate(path, INSTANCE) == certificate
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_what_cannot_be_written_or_read_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "certificate.json"
    with pytest.raises(CarpoolError, match="cannot be written"):
        write_certificate(missing, Certificate(bound=0.0))
    with pytest.raises(CarpoolError, match="cannot be read"):
        read_certificate(missing, INSTANCE)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"format": "carpool-plan/1"}, 'format: "carpool-plan/1": expected "carpool-certificate/1"'),
        ({"peopel": {}}, "peopel: unknown member: did you mean people?"),
        ({"bound": None}, "bound: null: expected a number"),
        ({"bound": 1e300}, "bound: 1e+300: expected a number from -1e12 to 1e12"),
        ({"people": {"r1": -0.5}}, "people.r1: -0.5: expected a price from 0 to 1e12"),
        ({"people": {"r1": True}}, "people.r1: true: expected a number"),
        ({"people": {"x": 1}}, 'people.x: "x": expected the id of a driver or rider'),
        ({"events": {"x": 1}}, 'events.x: "x": expected the id of an event'),
        ({"events": []}, "events: a list of 0: expected an object"),
        ({"drivers": {"r1": 1}}, 'drivers.r1: "r1": expected the id of somebody who can drive'),
        ({"drivers": {"d": float("nan")}}, "drivers.d: NaN: expected a number"),
        (
            {"cuts": [{"people": ["d", "r1"], "price": 1}]},
            "cuts[0].people: a list of 2: expected 3 ids or more",
        ),
        (
            {"cuts": [{"people": ["d", "r1", "d"], "price": 1}]},
            'cuts[0].people[2]: "d": expected each id once',
        ),
        (
            {"cuts": [{"people": ["d", "r1", "x"], "price": 1}]},
            'cuts[0].people[2]: "x": expected the id of a driver or rider',
        ),
        ({"cuts": [{"people": ["d", "r1", "r2"]}]}, "cuts[0].price: missing: expected a number"),
        ({"instance_sha256": 7}, "instance_sha256: 7: expected a string"),
    ],
)
def test_each_fault_is_told(tmp_path: Path, changes: dict[str, Any], line: str) -> None:
    assert faults(tmp_path / "certificate.json", GOOD | changes) == [line]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    assert faults(path, {"people": {"r1": -1}, "events": {"e": "1"}}) == [
        "people.r1: -1: expected a price from 0 to 1e12",
        'events.e: "1": expected a number',
        'format: missing: expected "carpool-certificate/1"',
        "bound: missing: expected a number",
    ]
    assert faults(path, GOOD | {"people": {f"x{i}": 1 for i in range(30)}})[20] == "and 10 more"
    assert faults(path, '{"bound": 1, "bound": 2')[0].startswith("$: line 1, column")
    assert faults(path, "[" * 200 + "]" * 200) == ["$: nesting deeper than 100: expected at most 100 levels"]


def test_a_certificate_of_another_instance_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    other = tmp_path / "instance.json"
    other.write_text("something")
    digest = file_sha256(other)
    write_certificate(path, Certificate(bound=0.0, instance_sha256=digest.upper()))
    assert read_certificate(path, INSTANCE, digest).bound == 0.0
    (line,) = faults(path, GOOD | {"instance_sha256": "0" * 64, "people": {"x": 1}}, digest)
    assert line.startswith("instance_sha256: ") and digest in line
