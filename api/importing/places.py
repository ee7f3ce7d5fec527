"""Reads public pick-up places: a table of one's own (name, kind, lat, lon), or NaPTAN's stops as published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal

from api.importing.grid import GRID_EAST, GRID_NORTH, in_degrees
from api.importing.lines import numbered_rows
from api.importing.refusal import ImportRefused
from api.importing.row import LONGEST_TEXT, Row
from api.language import N_
from carpool.geo.place import Place

BATCH_ROWS = 20_000
OWN = ("name", "kind", "lat", "lon")
NAPTAN = (
    *("ATCOCode", "CommonName", "Indicator", "LocalityName", "GridType", "Easting", "Northing"),
    *("Longitude", "Latitude", "StopType", "Status"),
)
"""The columns of NaPTAN's file that we read; it has some thirty more."""

# The types of stop at which a car can wait, by the NaPTAN guide. Platforms, berths and bays are inside of others.
KINDS = {
    "RSE": N_("railway station"),
    "RLY": N_("railway station"),
    "TMU": N_("tram or metro station"),
    "MET": N_("tram or metro station"),
    "BST": N_("bus station"),
    "BCE": N_("bus station"),
    "BCT": N_("bus stop"),
    "FTD": N_("ferry terminal"),
    "SDA": N_("set-down area"),
}
_GONE = frozenset({"inactive", "ina", "del", "delete", "deleted", "pen", "pending"})
SOUTH, NORTH, WEST, EAST = 49.0, 61.5, -9.0, 2.5
"""Degrees between which the United Kingdom lies."""


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """Where a car can stop for somebody, in WGS84 degrees to about a metre."""

    name: str
    kind: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class PlaceBatch:
    """At most `BATCH_ROWS` rows; `skipped` counts further ones that are gone, lie nowhere or are no place to stop at."""

    rows: tuple[PublicPlace, ...]
    skipped: int


Kind = Literal["own", "naptan"]


def kind_of(path: Path) -> Kind:
    """Which of the two kinds the file is, by its columns. Raises `ImportRefused` for any other."""
    with _opened(path) as stream:
        return _kind(path.name, *next(numbered_rows(stream, path.name), (1, [])))


def read_places(path: Path) -> Iterator[PlaceBatch]:
    """Read a file of either kind, a batch at a time.

    It is checked while it is read and not before: whoever stores the batches does so in one transaction, and rolls it
    back when `ImportRefused` is raised, which can happen after any batch.
    """
    found = 0
    with _opened(path) as stream:
        rows = numbered_rows(stream, path.name)
        line, columns = next(rows, (1, []))
        places_of = _naptan if _kind(path.name, line, columns) == "naptan" else _own
        while chunk := list(islice(rows, BATCH_ROWS)):
            table = [_row(path.name, number, columns, values) for number, values in chunk]
            places = places_of(table)
            found += len(places)
            yield PlaceBatch(places, len(table) - len(places))
    if not found:
        raise ImportRefused(path.name, "at least one place")


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise ImportRefused(path.name, f"a file that can be read ({error.strerror})") from error


def _kind(file: str, line: int, columns: list[str]) -> Kind:
    if tuple(columns) == OWN:
        return "own"
    if set(NAPTAN) <= set(columns):
        return "naptan"
    expected = f"the columns {','.join(OWN)}, or those of NaPTAN's stops as published"
    raise ImportRefused(file, expected, line=line)


def _row(file: str, line: int, columns: list[str], values: list[str]) -> Row:
    if len(values) != len(columns):
        raise ImportRefused(file, f"{len(columns)} columns", line=line, value=f"{len(values)} columns")
    return Row(file, line, dict(zip(columns, values, strict=True)))


def _own(rows: Sequence[Row]) -> tuple[PublicPlace, ...]:
    return tuple(
        PublicPlace(
            row.text("name"),
            row.text("kind").lower(),
            _degrees(row, "lat", SOUTH, NORTH),
            _degrees(row, "lon", WEST, EAST),
        )
        for row in rows
    )


def _naptan(rows: Sequence[Row]) -> tuple[PublicPlace, ...]:
    here = [row for row in rows if row.values["StopType"] in KINDS and not _is_gone(row)]
    degrees = [row for row in here if _has_degrees(row)]
    grid = [row for row in here if not _has_degrees(row) and _on_the_grid(row)]
    spots = in_degrees([(int(row.values["Easting"]), int(row.values["Northing"])) for row in grid])
    placed = [
        *((row, Place(_degrees(row, "Latitude", SOUTH, NORTH), _degrees(row, "Longitude", WEST, EAST))) for row in degrees),
        *zip(grid, spots, strict=True),
    ]  # fmt: skip
    return tuple(
        PublicPlace(_name(row), KINDS[row.values["StopType"]], round(spot.lat, 5), round(spot.lon, 5))
        for row, spot in placed
        if row.values["CommonName"].strip()
    )


def _has_degrees(row: Row) -> bool:
    return bool(row.values["Latitude"] and row.values["Longitude"])


def _is_gone(row: Row) -> bool:
    return row.values["Status"].strip().lower() in _GONE


def _on_the_grid(row: Row) -> bool:
    """Whether there is a point of Great Britain's grid; Northern Ireland's stops have their own, with degrees beside it."""
    east, north = row.values["Easting"], row.values["Northing"]
    known = (
        row.values["GridType"].strip().lower() in ("", "uk", "ukos") and east.isascii() and north.isascii()
    )
    return known and east.isdigit() and north.isdigit() and int(east) < GRID_EAST and int(north) < GRID_NORTH


def _name(row: Row) -> str:
    """What is written on the sign, which side of the road, and the village or quarter."""
    name, side, where = (
        "".join(c for c in row.values[column] if c.isprintable()).strip()
        for column in ("CommonName", "Indicator", "LocalityName")
    )
    # An arrow such as "->E" says which way the traffic goes: nobody waits by that.
    sided = f"{name} ({side})" if side and not side.startswith(("-", "<")) else name
    return (f"{sided}, {where}" if where and where not in name else sided)[:LONGEST_TEXT]


def _degrees(row: Row, column: str, least: float, most: float) -> float:
    """The degrees in a column, refused outside the United Kingdom: they are often swapped."""
    try:
        value = float(row.values[column])
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise row.refused(column, f"degrees from {least:g} to {most:g}")
    return round(value, 5)
