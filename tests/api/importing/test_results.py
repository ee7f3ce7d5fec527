"""The published results are read to the last row, and a faulty file is refused where the fault is."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from api.importing.refusal import ImportRefused
from api.importing.results import read_results
from carpool.geo.constituency import constituencies

Table = list[list[str]]

LEADING = ["By-election date", "Writ date"]


@pytest.fixture
def general(geo: Path) -> Table:
    return table_of(geo / "hoc_ge2024_constituencies.csv")


@pytest.fixture
def by_elections(geo: Path) -> Table:
    return table_of(geo / "hoc_byelections_2024parl_constituencies.csv")


def table_of(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def written(folder: Path, table: Table) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    path = folder / "results.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def refusal(folder: Path, table: Table) -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        read_results(written(folder, table))
    return refused.value


def test_the_general_election_of_2024_is_what_is_built_in(geo: Path) -> None:
    results = read_results(geo / "hoc_ge2024_constituencies.csv")
    assert results.kind == "general-election"
    assert {x.name: x.majority for x in results.rows if x.majority <= 20} == {
        "Hendon": 15,
        "Poole": 18,
        "Basildon and Billericay": 20,
    }
    assert sum(x.majority_pct < 5 for x in results.rows) == 115
    assert sum(x.majority_pct < 10 for x in results.rows) == 223
    read = {
        (x.code, x.name, x.region, x.country, x.electorate, x.majority, x.majority_pct) for x in results.rows
    }
    built_in = {
        (x.code, x.name, x.region, x.country, x.electorate, x.majority, x.majority_pct)
        for x in constituencies()
    }
    assert read == built_in


def test_the_by_elections(geo: Path) -> None:
    results = read_results(geo / "hoc_byelections_2024parl_constituencies.csv")
    assert results.kind == "by-elections"
    assert len(results.rows) == 6
    first = results.rows[0]
    assert (first.name, first.majority, first.held_on) == ("Runcorn and Helsby", 6, date(2025, 5, 1))
    assert (first.first_party, first.second_party, first.valid_votes) == ("RUK", "Lab", 32655)
    days = [x.held_on for x in results.rows]
    assert days == sorted(days, key=str)


def test_by_elections_come_oldest_first_and_may_be_none(by_elections: Table, tmp_path: Path) -> None:
    header, *rows = by_elections
    results = read_results(written(tmp_path, [header, *reversed(rows)]))
    assert results.rows[0].name == "Runcorn and Helsby"
    assert read_results(written(tmp_path, [header])).rows == ()


def test_a_constituency_may_vote_twice_but_not_on_one_day(by_elections: Table, tmp_path: Path) -> None:
    header, row = by_elections[:2]
    again = ["02/05/2026", *row[1:]]
    assert len(read_results(written(tmp_path, [header, row, again])).rows) == 2
    twice = refusal(tmp_path, [header, row, again, row])
    assert (twice.line, twice.column, twice.value) == (4, "ONS ID", row[2])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("ONS ID", "E14000001"),
        ("ONS ID", "Aldershot"),
        ("ONS ID", ""),
        ("ONS region ID", "E12000010"),
        ("Country name", "Wales"),
        ("Constituency name", " "),
        ("Constituency name", "A" * 101),
        ("Region name", "South\x07East"),
        ("First party", ""),
        ("Second party", ""),
        ("Electorate", "0"),
        ("Electorate", "1000001"),
        ("Valid votes", "0"),
        ("Valid votes", "99999"),
        ("Invalid votes", "99999"),
        ("Invalid votes", "-1"),
        ("Majority", "48,000"),
        ("Majority", "48001"),
        ("Majority", "1e3"),
        ("Majority", "٣"),
        ("Lab", "many"),
        ("All other candidates", ""),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(
    general: Table, tmp_path: Path, column: str, value: str
) -> None:
    place = general[0].index(column)
    row = list(general[3])
    row[general[0].index("Electorate")], row[general[0].index("Valid votes")] = "70000", "48000"
    row[place] = value
    refused = refusal(tmp_path, [*general[:3], row, *general[4:]])
    assert (refused.file, refused.line, refused.column, refused.value) == ("results.csv", 4, column, value)
    assert refused.expected in refused.message
    assert "results.csv, line 4, column " + column in refused.message


@pytest.mark.parametrize("value", ["31/02/2026", "2026-05-02", "1/5/2026", ""])
def test_a_date_that_is_none_is_refused(by_elections: Table, tmp_path: Path, value: str) -> None:
    header, row = by_elections[:2]
    refused = refusal(tmp_path, [header, [value, *row[1:]]])
    assert (refused.line, refused.column, refused.value) == (2, "By-election date", value)


@pytest.mark.parametrize("rows", [0, 1, 649])
def test_a_general_election_has_650_rows(general: Table, tmp_path: Path, rows: int) -> None:
    refused = refusal(tmp_path, general[: rows + 1])
    assert (refused.expected, refused.value) == ("650 constituencies", f"{rows} rows")


def test_a_constituency_stands_there_once(general: Table, tmp_path: Path) -> None:
    refused = refusal(tmp_path, [*general[:-1], general[1]])
    assert (refused.line, refused.column, refused.value) == (651, "ONS ID", general[1][0])


def test_the_first_column_that_differs_is_named(general: Table, tmp_path: Path) -> None:
    header, *rows = general
    missing = refusal(tmp_path, [header[:5] + header[6:], *rows])
    assert (missing.line, missing.column, missing.value) == (1, "6", header[6])
    assert header[5] in missing.expected
    further = refusal(tmp_path, [[*header, "Turnout"], *rows])
    assert (further.column, further.value) == (str(len(header) + 1), "Turnout")
    mixed = refusal(tmp_path, [[LEADING[0], *header], *rows])
    assert LEADING[1] in mixed.expected


def test_a_row_of_another_length_is_refused(general: Table, tmp_path: Path) -> None:
    refused = refusal(tmp_path, [*general[:2], general[2][:-1], *general[3:]])
    assert (refused.line, refused.value) == (3, f"{len(general[0]) - 1} columns")


def test_only_the_codes_that_are_known_are_read(by_elections: Table, tmp_path: Path) -> None:
    path = written(tmp_path, by_elections[:2])
    assert len(read_results(path, {"E14001455"}).rows) == 1
    with pytest.raises(ImportRefused, match="E14001455"):
        read_results(path, {"E14001063"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ONS ID"),
        (b"PK\x03\x04 not a table", "ONS ID"),
        ("Ynys M\u00f4n".encode("cp1252"), "UTF-8"),
        (b'"never closed', "well-formed CSV"),
        (b"x" * 30_000, "20,000 bytes"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match=said):
        read_results(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(ImportRefused, match="can be read"):
            read_results(path)
