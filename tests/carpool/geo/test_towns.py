"""Towns by the list and by the names of constituencies: found however they are typed, and never guessed between."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from carpool.errors import CarpoolError
from carpool.geo import towns
from carpool.geo.constituency import constituencies, postcode_districts
from carpool.geo.place import Place, kilometres
from carpool.geo.towns import SeveralTowns, locate_town

DATA = Path(towns.__file__).parent / "data" / "towns.csv"


@pytest.mark.parametrize(
    ("typed", "name", "near"),
    [
        ("leeds", "Leeds", Place(53.80, -1.55)),
        ("  LEEDS! ", "Leeds", Place(53.80, -1.55)),
        ("hull", "Kingston upon Hull", Place(53.74, -0.34)),
        ("Skipton", "Skipton", Place(53.96, -2.02)),
        ("Abergavenny", "Abergavenny", Place(51.82, -3.02)),
        ("St Albans", "St Albans", Place(51.75, -0.34)),
        ("Saint Andrews", "St Andrews", Place(56.34, -2.80)),
        ("st. andrews", "St Andrews", Place(56.34, -2.80)),
        ("stoke-on-trent", "Stoke-on-Trent", Place(53.0, -2.18)),
        ("Stoke on Trent", "Stoke-on-Trent", Place(53.0, -2.18)),
        ("Newcastle upon Tyne", "Newcastle upon Tyne", Place(54.97, -1.61)),
        ("kings lynn", "King's Lynn", Place(52.75, 0.40)),
        ("King’s Lynn", "King's Lynn", Place(52.75, 0.40)),
        ("Bradford", "Bradford", Place(53.79, -1.75)),
        ("Bradford on Avon", "Bradford-on-Avon", Place(51.35, -2.25)),
        ("Londonderry", "Derry", Place(55.0, -7.31)),
    ],
)
def test_a_town_is_found_however_it_is_typed(typed: str, name: str, near: Place) -> None:
    found = locate_town(typed)
    assert found is not None
    assert (found.text, found.precision, found.question) == (name, "town", None)
    assert kilometres(found.place, near) < 10


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Abertawe", "Swansea"), ("caerdydd", "Cardiff"), ("Y Fenni", "Abergavenny"), ("Casnewydd", "Newport, NP20"),
     ("Wrecsam", "Wrexham"), ("Dinbych-y-pysgod", "Tenby"), ("Llundain", "London")],
)  # fmt: skip
def test_welsh_names_are_names(typed: str, name: str) -> None:
    found = locate_town(typed)
    assert found is not None and found.text == name


@pytest.mark.parametrize(
    ("typed", "name", "near"),
    [
        ("ynys mon", "Ynys Môn", Place(53.25, -4.3)),
        ("North Norfolk", "North Norfolk", Place(52.87, 1.31)),
    ],
)
def test_where_no_town_has_the_name_constituencies_may(typed: str, name: str, near: Place) -> None:
    found = locate_town(typed)
    assert found is not None and found.text == name and kilometres(found.place, near) < 10


@pytest.mark.parametrize(
    "typed", ["", "north", "North West", "and", "nowhere", "LS6 2AB", "Le", "📍", "1", ","]
)
def test_what_is_no_towns_name_is_found_nowhere(typed: str) -> None:
    assert locate_town(typed) is None


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        ("Newcastle", {"Newcastle upon Tyne", "Newcastle under Lyme", "Newcastle, BT33"}),
        ("Richmond", {"Richmond, TW10", "Richmond, DL10"}),
        ("st ives", {"St Ives, PE27", "St Ives, TR26"}),
        ("Bangor", {"Bangor, BT20", "Bangor, LL57"}),
        ("Wells", {"Wells, BA5", "Wells-next-the-Sea"}),
        ("Stratford", {"Stratford, E15", "Stratford-upon-Avon"}),
    ],
)
def test_between_towns_of_one_name_nothing_is_guessed(typed: str, choices: set[str]) -> None:
    with pytest.raises(SeveralTowns, match="more than one place of that name") as caught:
        locate_town(typed)
    assert isinstance(caught.value, CarpoolError) and caught.value.field == "postcode"
    assert {one.text for one in caught.value.choices} == choices
    apart = []
    for one in caught.value.choices:
        found = locate_town(one.text)
        assert found is not None and found.text == one.text and one.near
        apart.append(found.place)
    assert len(set(apart)) == len(choices)


@pytest.mark.parametrize(
    ("typed", "name", "island"),
    [
        ("newport, wales", "Newport, NP20", None),
        ("Newport, isle of wight", "Newport, PO30", "isle-of-wight"),
        ("Bangor, Northern Ireland", "Bangor, BT20", "northern-ireland"),
        ("Leeds, LS1", "Leeds", None),
    ],
)
def test_what_follows_a_comma_chooses(typed: str, name: str, island: str | None) -> None:
    found = locate_town(typed)
    assert found is not None and (found.text, found.place.island) == (name, island)


def test_what_does_not_help_to_choose_counts_only_loosely() -> None:
    assert locate_town("Skipton, North Yorkshire") is None and locate_town("Ashford, Kent") is None
    found = locate_town("Skipton, North Yorkshire", loosely=True)
    assert found is not None and found.text == "Skipton"
    with pytest.raises(SeveralTowns):
        locate_town("Ashford, Kent", loosely=True)
    assert locate_town("12 Nowhere Lane, Leeds", loosely=True) is None


def test_the_list_is_whole_and_every_place_can_be_found_or_chosen() -> None:
    with DATA.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = {one.name for one in constituencies()}
    assert len(rows) == 3991 and DATA.stat().st_size < 220_000
    for row in rows:
        assert (
            row["district"] in postcode_districts()
            and row["constituency"] in names
            and int(row["people"]) >= 1000
        )
        assert all(len(row[axis].partition(".")[2]) == 2 for axis in ("lat", "lon"))
        found = locate_town(f"{row['town']}, {row['district']}")
        here = Place(float(row["lat"]), float(row["lon"]))
        assert found is not None and kilometres(found.place, here) <= towns.ONE_PLACE_KM, row


def test_the_list_is_read_only_when_somebody_types_a_name() -> None:
    code = "import carpool.geo.towns as towns; print(towns._index.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
