"""The built-in tables hold the published figures, and equal their sources where those are at hand."""

import csv
from pathlib import Path

import pytest

from carpool.geo.constituency import Constituency, constituencies, marginal, postcode_districts
from carpool.geo.islands import CROSSING_MINUTES
from carpool.geo.place import kilometres

DATA = Path(__file__).parents[3] / "carpool" / "geo" / "data"


def named(name: str) -> Constituency:
    return next(constituency for constituency in constituencies() if constituency.name == name)


@pytest.mark.parametrize(
    ("name", "majority"), [("Hendon", 15), ("Poole", 18), ("Basildon and Billericay", 20), ("Ynys Môn", 637)]
)
def test_known_majorities(name: str, majority: int) -> None:
    assert named(name).majority == majority


def test_how_many_there_are_and_how_many_are_marginal() -> None:
    assert len(constituencies()) == len({constituency.code for constituency in constituencies()}) == 650
    assert len(marginal(constituencies(), 5)) == 115
    assert len(marginal(constituencies(), 10)) == 223


def test_marginal_is_strictly_under() -> None:
    poole = named("Poole")
    assert marginal([poole], poole.majority_pct) == ()
    assert marginal([poole], poole.majority_pct + 0.001) == (poole,)


def test_every_field_is_read() -> None:
    aldershot = named("Aldershot")
    assert (aldershot.code, aldershot.region, aldershot.country) == ("E14001063", "South East", "England")
    assert (aldershot.first_party, aldershot.second_party) == ("Lab", "Con")
    assert (aldershot.electorate, aldershot.majority, aldershot.majority_pct) == (78553, 5683, 11.707)
    assert (aldershot.place.lat, aldershot.place.lon, aldershot.adults) == (51.288, -0.765, 94370)


def test_districts() -> None:
    districts = postcode_districts()
    assert len(districts) == 2947
    assert (districts["LS6"].lat, districts["LS6"].lon) == (53.82, -1.57)


def test_islands_of_districts() -> None:
    districts = postcode_districts()
    assert [districts[name].island for name in ("PO30", "PO41")] == ["isle-of-wight"] * 2
    assert [districts[name].island for name in ("BT1", "KA27", "PA20")] == [
        "northern-ireland",
        "arran",
        "bute",
    ]
    assert [districts[name].island for name in ("PA64", "PA75", "PA42", "PA49", "PA60")] == ["mull"] * 2 + [
        "islay"
    ] * 3
    assert [districts[name].island for name in ("HS1", "KW15", "KW17", "ZE1")] == [
        "western-isles", "orkney", "orkney", "shetland",
    ]  # fmt: skip
    assert [districts[name].island for name in ("TR21", "TR25")] == ["isles-of-scilly"] * 2
    bridged_or_mainland = (
        "LL77",
        "IV51",
        "PO11",
        "PO9",
        "PA19",
        "PA21",
        "PA63",
        "PA76",
        "KW14",
        "TR20",
        "KA28",
        "SW1A",
    )
    assert {districts[name].island for name in bridged_or_mainland if name in districts} == {None}


def test_every_island_has_a_crossing_and_a_constituency_lies_where_its_neighbours_do() -> None:
    districts = postcode_districts().values()
    assert {place.island for place in districts} == {None, *CROSSING_MINUTES}
    for constituency in constituencies():
        closest = min(districts, key=lambda place: kilometres(place, constituency.place))
        assert closest.island == constituency.place.island, constituency.name


@pytest.mark.parametrize("name", ["seats.csv", "postcode_districts.csv"])
def test_the_tables_equal_their_sources(geo: Path, name: str) -> None:
    with (
        (geo / name).open(encoding="utf-8", newline="") as theirs,
        (DATA / name).open(encoding="utf-8", newline="") as ours,
    ):
        assert list(csv.reader(ours)) == list(csv.reader(theirs))


@pytest.mark.parametrize(
    "notice", ["Contains OS data", "Royal Mail", "National Statistics", "Open Parliament Licence", "GeoNames"]
)
def test_the_notices_that_the_licences_ask_for(notice: str) -> None:
    assert notice in (DATA / "ATTRIBUTION.md").read_text(encoding="utf-8")
