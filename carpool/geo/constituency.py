"""The 650 constituencies and the postcode districts that are built in, read once from `data/`."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from carpool.geo.islands import island_of_constituency, island_of_district
from carpool.geo.place import Place

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Constituency:
    """One parliamentary constituency with its last result. `data/ATTRIBUTION.md` names the sources.

    `code` is the ONS code; `majority` counts votes, `majority_pct` is its share of the valid votes in %;
    `place` is a reference point where people live, not the middle of the area; `adults` lived there in
    mid-2022.
    """

    code: str
    name: str
    region: str
    country: str
    first_party: str
    second_party: str
    electorate: int
    majority: int
    majority_pct: float
    place: Place
    adults: int


@cache
def constituencies() -> tuple[Constituency, ...]:
    """The built-in constituencies, in the order of their names."""
    return tuple(_constituency(row) for row in _rows("seats.csv"))


@cache
def postcode_districts() -> Mapping[str, Place]:
    """The built-in postcode districts: `LS6` → the mean point of its postcodes, to about a kilometre."""
    return MappingProxyType(
        {
            name: Place(float(lat), float(lon), island_of_district(name))
            for name, lat, lon in _rows("postcode_districts.csv")
        }
    )


def marginal(among: Iterable[Constituency], under_pct: float) -> tuple[Constituency, ...]:
    """Those of `among` whose majority is less than `under_pct` % of the valid votes, in the order given."""
    return tuple(constituency for constituency in among if constituency.majority_pct < under_pct)


def _rows(name: str) -> Iterator[list[str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def _constituency(row: list[str]) -> Constituency:
    code, name, region, country, first, second, electorate, majority, percent, lat, lon, adults = row
    return Constituency(
        code=code,
        name=name,
        region=region,
        country=country,
        first_party=first,
        second_party=second,
        electorate=int(electorate),
        majority=int(majority),
        majority_pct=float(percent),
        place=Place(float(lat), float(lon), island_of_constituency(code)),
        adults=int(adults),
    )
