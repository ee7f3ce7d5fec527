"""Faults without number: the first are told, they are counted up to a limit, and finding them takes no square of time."""

import json
from pathlib import Path
from typing import Any

import pytest

from carpool.errors import InvalidInstance
from carpool.files import instance_from_json

SAMPLE = Path(__file__).parents[1] / "data" / "sample-instance.json"


def people(*, count: int = 30_000, **members: Any) -> dict[str, Any]:
    """The sample's first rider so many times, with other members."""
    sample = json.loads(SAMPLE.read_text())
    found = [{**sample["riders"][0], "id": f"q{number}", **members} for number in range(count)]
    return {**sample, "riders": found, "apart": [], "together": [], "pinned": [], "published": []}


MANY: list[tuple[dict[str, Any], str, str]] = [
    (people(id="same"), 'riders[1].id: "same": expected another id than riders[0] has', "and 29979 more"),
    (people(lat=float("nan")), "riders[0].lat: NaN: expected a number", "and 29980 more"),
    (people(id="\ud800"), 'riders[0].id: "\\ud800": expected an id without lone surrogates', "and 59979 more"),
    (people(traits=[1, 2, 3, 4]), "riders[0].traits[0]: 1: expected a string", "and more than 99980 more"),
    (people(hoome=1), "riders[0].hoome: unknown member: did you mean home_by?", "and 29980 more"),
    (people() | {"crossings": {f"i{k}": -1 for k in range(200_000)}}, "crossings.i0: -1: expected minutes from 0 to 1e6",
     "and more than 99980 more"),
    (people(count=3000) | {name: [[f"q{k}" for k in range(3000)]] * 300 for name in ("together", "apart")},
     'together[0]: "q0" and "q1": expected no pair that apart[0] keeps apart', "and 5980 more"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "first", "last"), MANY, ids=[first for _, first, _ in MANY])
def test_of_faults_without_number_the_first_are_told(document: dict[str, Any], first: str, last: str) -> None:
    with pytest.raises(InvalidInstance) as refused:
        instance_from_json(document)
    lines = str(refused.value).splitlines()
    assert (lines[0], lines[-1], len(lines)) == (first, last, 21)


def test_two_people_in_thousands_of_groups() -> None:
    """Whether any two of a group are kept apart is known without walking through all groups of both."""
    document = people(count=20_003)
    document["apart"] = [[name, f"q{k}"] for k in range(3, 20_003) for name in ("q0", "q1")]
    document["together"] = [["q0", "q1"]] * 20_000
    assert len(instance_from_json(document).together) == 20_000
