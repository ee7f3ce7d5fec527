"""Files as programs write them, sound and unsound."""

import io
import random
import tracemalloc
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import Workbook

from carpool.tables import TableRefused, read_pasted, read_table
from carpool.tables.table import MOST_ROWS

ROWS = [("Name", "Town", "Said"), ("Siân", "Ynys Môn", "yes, 3"), ("Zoë", "Orléans", "5 € for fuel")]


def written(separator: str) -> str:
    return "\r\n".join(
        separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in ROWS
    )


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read_table(content).rows]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_separator_in_every_encoding(separator: str, encoding: str) -> None:
    assert cells(written(separator).encode(encoding)) == ROWS


def test_a_separator_is_not_taken_from_what_people_write() -> None:
    rows = "Name;Notes\nJo;tea, coffee, cake\nAl;one, two\nBo;none\n"
    assert cells(rows.encode())[1] == ("Jo", "tea, coffee, cake")
    assert cells(b"sep=|\nName|Age\nJo|7\n") == [("Name", "Age"), ("Jo", "7")]


def test_blank_rows_are_passed_over_and_rows_keep_their_numbers() -> None:
    table = read_table(b'Name,Phone\n\n,\n"Jo\nSmith",1\n')
    assert [(row.number, row.cells) for row in table.rows] == [
        (1, ("Name", "Phone")),
        (4, ("Jo\nSmith", "1")),
    ]


def test_pasted_cells_have_tabs_whatever_else_is_in_them() -> None:
    assert [row.cells for row in read_pasted("Name\tSaid\r\nJo\tyes, 3; maybe 4\r\n").rows][1] == (
        "Jo",
        "yes, 3; maybe 4",
    )
    assert read_pasted("Jo, LS6 2AB").rows[0].cells == ("Jo", "LS6 2AB")


def test_one_column_is_a_table_too() -> None:
    assert cells(b"Name\nJo\nAl\n") == [("Name",), ("Jo",), ("Al",)]


def book(*rows: tuple[Any, ...], sheets: int = 1) -> bytes:
    made = Workbook()
    for _ in range(sheets - 1):
        made.create_sheet()
    sheet = made.worksheets[-1]
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_a_workbook_gives_what_somebody_would_type() -> None:
    row = (
        "Jo",
        7700900123,
        3.0,
        2.5,
        True,
        date(2026, 11, 27),
        datetime(2026, 11, 27, 10, 30),  # noqa: DTZ001  (a workbook knows no zones)
        time(9, 5),
        None,
    )
    assert cells(book(row, sheets=2)) == [
        ("Jo", "7700900123", "3", "2.5", "yes", "2026-11-27", "2026-11-27 10:30", "09:05")
    ]


def test_formulas_are_not_worked_out() -> None:
    """What Excel showed last counts, and here nothing ever did."""
    assert cells(book(("Jo", "=1+1", '=HYPERLINK("https://evil.example")'))) == [("Jo",)]


def rezipped(content: bytes, change: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return stream.getvalue()


def test_a_bomb_in_a_zip_does_no_harm() -> None:
    bomb = rezipped(book(("Jo",)), {"xl/media/big.bin": b"\0" * (160 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    tracemalloc.start()
    with pytest.raises(TableRefused, match="too large once it is unpacked"):
        read_table(bomb)
    assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    tracemalloc.stop()


def test_words_defined_in_a_workbook_are_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'
    with pytest.raises(TableRefused, match="damaged"):
        read_table(rezipped(book(("Jo",)), {"xl/sharedStrings.xml": laughs}))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing in this table"),
        (b" \n , ,\n", "nothing in this table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "not a table"),
        (bytes(range(32)) * 40, "not a table"),
        (b"\xff\xfea\x00\x00\xd8b\x00", "damaged"),
        (b"PK\x03\x04 broken", "damaged"),
        (b'Name,Said\n"Jo,1\n' + b"Al,2\n" * 600, "quotation mark"),
        (b",".join([b"a"] * 61), "more than 60 columns"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(TableRefused, match=says):
        read_table(content)


def test_other_zips_are_no_workbooks() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(TableRefused, match="no Excel file"):
        read_table(stream.getvalue())


def test_a_hundred_thousand_rows_are_refused_in_words_and_the_most_are_read() -> None:
    row = b"Jo Smith,jo@example.org,LS6 2AB\n"
    with pytest.raises(TableRefused, match="more than 30,000 rows"):
        read_table(row * 100_000)
    assert len(read_table(row * MOST_ROWS).rows) == MOST_ROWS


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe"):
        try:
            assert read_table(start + content).rows
        except TableRefused as refused:
            assert refused.message


def test_a_damaged_workbook_is_refused_wherever_it_is_damaged() -> None:
    sound = book(*[("Jo", n) for n in range(50)])
    chance = random.Random(1)
    for _ in range(60):
        broken = bytearray(sound)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(4, len(broken))] = chance.randrange(256)
        try:
            read_table(bytes(broken))
        except TableRefused as refused:
            assert refused.message
