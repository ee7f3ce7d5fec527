"""Reads the House of Commons Library's results of a general election or of by-elections, as published."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from api.importing.lines import numbered_rows
from api.importing.refusal import ImportRefused
from api.importing.row import Row
from carpool.geo.constituency import constituencies

GENERAL_ELECTION_ROWS = 650
MAX_ELECTORATE = 1_000_000

_BY_ELECTION = ("By-election date", "Writ date")
_ABOUT = (
    *("ONS ID", "ONS region ID", "Constituency name", "County name", "Region name", "Country name"),
    *("Constituency type", "Declaration time", "Member first name", "Member surname", "Member gender"),
    *("Result", "First party", "Second party", "Electorate", "Valid votes", "Invalid votes", "Majority"),
)
_VOTES = (
    *("Con", "Lab", "LD", "RUK", "Green", "SNP", "PC", "DUP", "SF", "SDLP", "UUP", "APNI"),
    *("All other candidates", "Of which other winner"),
)

_COUNTRIES = {"E": "England", "W": "Wales", "S": "Scotland", "N": "Northern Ireland"}
_REGIONS = {f"E1200000{n}" for n in range(1, 10)} | {"W92000004", "S92000003", "N92000002"}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result: ONS `code`, `majority_pct` in % of the valid votes, `held_on` a by-election's day."""

    code: str
    name: str
    region: str
    country: str
    first_party: str
    second_party: str
    electorate: int
    valid_votes: int
    majority: int
    majority_pct: float
    held_on: date | None


@dataclass(frozen=True, slots=True)
class Results:
    """A whole file: the 650 of a general election in the file's order, or by-elections, the latest last."""

    kind: Literal["general-election", "by-elections"]
    rows: tuple[ResultRow, ...]


def read_results(path: Path, known: Collection[str] | None = None) -> Results:
    """Read and check a whole results file; nothing is returned unless all of it is sound.

    `known` are the ONS codes that a row may name, by default those of the built-in constituencies: another
    could not be placed on a map. The columns tell a general election from by-elections. Raises
    `ImportRefused`.
    """
    codes = frozenset(known if known is not None else (x.code for x in constituencies()))
    try:
        with path.open("rb") as stream:
            rows = numbered_rows(stream, path.name)
            kind, columns = _header(rows, path.name)
            table = [Row(path.name, line, _named(path.name, line, columns, row)) for line, row in rows]
    except OSError as error:
        raise ImportRefused(path.name, f"a file that can be read ({error.strerror})") from error
    results = [_result(row, codes) for row in table]
    _check_whole(kind, path.name, table, results)
    return Results(kind, tuple(sorted(results, key=lambda x: x.held_on or date.min)))


def _header(
    rows: Iterator[tuple[int, list[str]]], file: str
) -> tuple[Literal["general-election", "by-elections"], list[str]]:
    line, found = next(rows, (1, []))
    general = [*_ABOUT, *_VOTES]
    by_election = found[:1] == [_BY_ELECTION[0]]
    expected = [*_BY_ELECTION, *general] if by_election else general
    if found != expected:
        raise _wrong_header(file, line, found, expected)
    return ("by-elections" if by_election else "general-election"), expected


def _wrong_header(file: str, line: int, found: list[str], expected: list[str]) -> ImportRefused:
    """Names the first column that differs, which is where somebody looks."""
    pairs = zip([*found, *[""] * len(expected)], [*expected, *[""] * len(found)], strict=False)
    number, (is_, should) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    what = f"the column {should!r} of the published results" if should else "no further column"
    return ImportRefused(file, what, line=line, column=str(number), value=is_)


def _named(file: str, line: int, columns: list[str], row: list[str]) -> dict[str, str]:
    if len(row) != len(columns):
        raise ImportRefused(file, f"{len(columns)} columns", line=line, value=f"{len(row)} columns")
    return dict(zip(columns, row, strict=True))


def _result(row: Row, known: Collection[str]) -> ResultRow:
    code = row.one_of("ONS ID", known, "the ONS code of a constituency that we know, such as E14001063")
    row.one_of("ONS region ID", _REGIONS, "the ONS code of a region or country, such as E12000007")
    country = row.one_of("Country name", {_COUNTRIES[code[0]]}, f"{_COUNTRIES[code[0]]}, as the code says")
    electorate = row.whole("Electorate", 1, MAX_ELECTORATE)
    valid = row.whole("Valid votes", 1, electorate)
    row.whole("Invalid votes", 0, electorate - valid)
    majority = row.whole("Majority", 0, valid)
    # The votes of the parties need not add up to the valid votes, nor two of them differ by the majority: in
    # the files as published either is now and then off by some votes, and the majority is what was declared.
    for party in _VOTES:
        row.whole(party, 0, valid)
    return ResultRow(
        code=code,
        name=row.text("Constituency name"),
        region=row.text("Region name"),
        country=country,
        first_party=row.text("First party"),
        second_party=row.text("Second party"),
        electorate=electorate,
        valid_votes=valid,
        majority=majority,
        majority_pct=round(100 * majority / valid, 3),
        held_on=row.day("By-election date") if "By-election date" in row.values else None,
    )


def _check_whole(kind: str, file: str, table: list[Row], results: list[ResultRow]) -> None:
    """What no row shows by itself: each constituency once (by-elections: once a day), and all of them."""
    seen: set[tuple[str, date | None]] = set()
    for row, result in zip(table, results, strict=True):
        if (result.code, result.held_on) in seen:
            raise row.refused("ONS ID", "each constituency once")
        seen.add((result.code, result.held_on))
    if kind == "general-election" and len(results) != GENERAL_ELECTION_ROWS:
        raise ImportRefused(file, f"{GENERAL_ELECTION_ROWS} constituencies", value=f"{len(results)} rows")
