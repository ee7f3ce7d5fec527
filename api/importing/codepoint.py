"""Reads Code-Point Open: where every unit postcode of Great Britain lies, from the grid to degrees."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from api.importing.archive import tables
from api.importing.grid import GRID_EAST, GRID_NORTH, in_degrees
from api.importing.lines import numbered_rows
from api.importing.refusal import ImportRefused
from carpool.geo.constituency import postcode_districts
from carpool.geo.place import Place, kilometres

BATCH_ROWS = 20_000
COLUMNS = 10
FURTHEST_KM = 150.0
"""The widest district (ZE2, with Fair Isle) stays well below; swapped columns or a wrong digit do not."""

_POSTCODE = re.compile(r"(([A-Z]{1,2})[0-9][A-Z0-9]?) *([0-9][A-Z]{2})")
_QUALITIES = frozenset({"10", "20", "30", "40", "50", "60", "90"})
_NO_COORDINATES = "90"
_COUNTRIES = frozenset({"E92000001", "S92000003", "W92000004"})
_METRES = re.compile(r"[0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class UnitPostcode:
    """A unit postcode in its usual spelling (`LS6 2AB`) and its point in WGS84 degrees, to about a metre."""

    postcode: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Batch:
    """At most `BATCH_ROWS` rows of one file; `skipped` counts further ones that have no coordinates."""

    file: str
    rows: tuple[UnitPostcode, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class _GridRow:
    line: int
    postcode: str
    district: str
    easting: int
    northing: int


def read_codepoint(path: Path) -> Iterator[Batch]:
    """Read one CSV file, a folder of them, or the published zip, a batch at a time.

    The product has 1.7 million rows, so it is checked while it is read and not before: whoever stores the
    batches does so in one transaction, and rolls it back when `ImportRefused` is raised, which can happen
    after any batch.
    """
    seen = _Seen()
    rows = 0
    for file, stream in tables(path):
        seen.start(file)
        lines = numbered_rows(stream, file)
        while chunk := list(islice(lines, BATCH_ROWS)):
            rows += len(chunk)
            placed = [
                row for line, values in chunk if (row := _checked(file, line, values, seen)) is not None
            ]
            yield Batch(file, _in_degrees(file, placed), len(chunk) - len(placed))
    if rows == 0:
        raise ImportRefused(path.name, "at least one postcode")


class _Seen:
    """The postcodes read so far. Only those of one file are kept: an area (LS) stands in one file alone."""

    def __init__(self) -> None:
        self._file = ""
        self._areas: dict[str, str] = {}
        self._postcodes: set[str] = set()

    def start(self, file: str) -> None:
        self._file = file
        self._postcodes = set()

    def fault(self, postcode: str, area: str) -> str | None:
        """What is wrong with meeting this postcode now, in words; None if nothing is."""
        before = self._areas.setdefault(area, self._file)
        if before != self._file:
            return f"the postcodes of {area} in one file, which was {before}"
        if postcode in self._postcodes:
            return "each postcode once"
        self._postcodes.add(postcode)
        return None


def _checked(file: str, line: int, values: list[str], seen: _Seen) -> _GridRow | None:
    """The row, or None if it is sound but has no coordinates."""
    if len(values) != COLUMNS:
        raise ImportRefused(file, f"{COLUMNS} columns", line=line, value=f"{len(values)} columns")
    typed, quality, easting, northing, country = values[:5]
    match = _POSTCODE.fullmatch(typed)
    if match is None:
        raise ImportRefused(file, "a postcode such as LS1 1AZ", line=line, column="1, postcode", value=typed)
    postcode = f"{match[1]} {match[3]}"
    if fault := seen.fault(postcode, match[2]):
        raise ImportRefused(file, fault, line=line, column="1, postcode", value=typed)
    if quality not in _QUALITIES:
        expected = "10, 20, 30, 40, 50, 60 or 90"
        raise ImportRefused(file, expected, line=line, column="2, positional quality", value=quality)
    if country not in _COUNTRIES:
        expected = "the code of England, Scotland or Wales"
        raise ImportRefused(file, expected, line=line, column="5, country", value=country)
    if quality == _NO_COORDINATES:
        return None
    east = _metres(file, line, "3, easting", easting, GRID_EAST)
    return _GridRow(line, postcode, match[1], east, _metres(file, line, "4, northing", northing, GRID_NORTH))


def _metres(file: str, line: int, column: str, value: str, most: int) -> int:
    if not _METRES.fullmatch(value) or not 0 < int(value) < most:
        raise ImportRefused(file, f"metres from 1 to {most - 1:,}", line=line, column=column, value=value)
    return int(value)


def _in_degrees(file: str, rows: Sequence[_GridRow]) -> tuple[UnitPostcode, ...]:
    places = in_degrees([(row.easting, row.northing) for row in rows])
    units = tuple(
        UnitPostcode(row.postcode, round(place.lat, 5), round(place.lon, 5))
        for row, place in zip(rows, places, strict=True)
    )
    districts = postcode_districts()
    for row, unit in zip(rows, units, strict=True):
        _check_on_land(file, row, unit, districts.get(row.district))
    return units


def _check_on_land(file: str, row: _GridRow, unit: UnitPostcode, middle: Place | None) -> None:
    """The grid reaches far out to sea, so a point must also lie near its district where we know that one."""
    if not (49 <= unit.lat <= 61.5 and -9 <= unit.lon <= 2.5):
        expected = "a grid reference inside Great Britain"
    elif middle is not None and kilometres(Place(unit.lat, unit.lon), middle) > FURTHEST_KM:
        expected = f"a grid reference within {FURTHEST_KM:.0f} km of {row.district}"
    else:
        return
    value = f"{row.easting}, {row.northing}"
    raise ImportRefused(file, expected, line=row.line, column="3 and 4, easting and northing", value=value)
