"""Public places are read from a table of one's own or from NaPTAN's stops; what is not sound is refused."""

import csv
from pathlib import Path

import pytest

from api.importing import places
from api.importing.places import NAPTAN, PublicPlace, kind_of, read_places
from api.importing.refusal import ImportRefused

HEADER = "name,kind,lat,lon"
STOP = {
    "ATCOCode": "450010000", "CommonName": "Market Cross", "Indicator": "opp", "LocalityName": "Otley", "GridType": "UKOS",
    "Easting": "420300", "Northing": "445500", "Longitude": "-1.69281", "Latitude": "53.90541", "StopType": "BCT",
    "Status": "active",
}  # fmt: skip


def own(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "places.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def naptan(folder: Path, *changes: dict[str, str]) -> Path:
    """A file with NaPTAN's columns and one of those that we do not read."""
    path = folder / "Stops.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        table = csv.DictWriter(stream, [*NAPTAN, "Street"], restval="")
        table.writeheader()
        table.writerows(STOP | change for change in changes)
    return path


def read(path: Path) -> list[PublicPlace]:
    return [place for batch in read_places(path) for place in batch.rows]


def refusal(path: Path) -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        read(path)
    return refused.value


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    path = own(tmp_path, "Library car park,Car park,53.81,-1.57", '"The Mill, gate 2",corner,53.82,-1.58')
    assert kind_of(path) == "own"
    assert read(path) == [
        PublicPlace("Library car park", "car park", 53.81, -1.57),
        PublicPlace("The Mill, gate 2", "corner", 53.82, -1.58),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",corner,53.8,-1.5", "name"),
        ("The Mill,corner,-1.5,53.8", "lat"),
        ("The Mill,corner,53.8,nan", "lon"),
        ("The Mill,corner,north,-1.5", "lat"),
        ("The Mill\x07,corner,53.8,-1.5", "name"),
    ],
)
def test_a_bad_value_is_refused_with_its_line_and_column(tmp_path: Path, row: str, column: str) -> None:
    refused = refusal(own(tmp_path, "Library,library,53.8,-1.5", row))
    assert (refused.line, refused.column) == (3, column)


def test_other_files_are_refused(tmp_path: Path) -> None:
    assert "NaPTAN" in refusal(own(tmp_path, "a,b", header="name,kind")).expected
    assert "4 columns" in refusal(own(tmp_path, "Library,library,53.8")).expected
    assert "at least one place" in refusal(own(tmp_path)).expected
    assert "can be read" in refusal(tmp_path / "nothing.csv").expected


def test_stops_are_named_by_sign_side_and_village(tmp_path: Path) -> None:
    path = naptan(tmp_path, {}, {"Indicator": "->E", "CommonName": "Otley Bus Station", "StopType": "BST"})
    assert kind_of(path) == "naptan"
    assert [place.name for place in read(path)] == ["Market Cross (opp), Otley", "Otley Bus Station"]
    assert [place.kind for place in read(path)] == ["bus stop", "bus station"]


def test_a_stop_without_degrees_is_placed_by_the_grid(tmp_path: Path) -> None:
    with_degrees, by_grid = read(naptan(tmp_path, {}, {"Longitude": "", "Latitude": ""}))
    assert (by_grid.lat, by_grid.lon) == pytest.approx((with_degrees.lat, with_degrees.lon), abs=0.002)


def test_what_is_closed_nowhere_or_no_place_to_stop_at_is_counted(tmp_path: Path) -> None:
    nowhere = {"Longitude": "", "Latitude": "", "Easting": "", "Northing": ""}
    irish = {"Longitude": "", "Latitude": "", "GridType": "IrishOS"}
    path = naptan(
        tmp_path, {}, {"Status": "inactive"}, {"StopType": "RPL"}, nowhere, irish, {"CommonName": " "}
    )
    (batch,) = read_places(path)
    assert (len(batch.rows), batch.skipped) == (1, 5)


def test_batches_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "BATCH_ROWS", 2)
    assert [len(batch.rows) for batch in read_places(naptan(tmp_path, {}, {}, {}))] == [2, 1]
