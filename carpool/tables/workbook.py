"""The first sheet of an .xlsx that holds anything. Formulas are not worked out: what Excel showed last is what counts."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from carpool.tables.delimited import too_many
from carpool.tables.table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, TableRefused

MOST_UNPACKED = 150 * 1024 * 1024
MOST_MEMBERS = 2_000
MOST_BLANK = 2_000
"""After so many empty rows nothing more is looked for: a sheet may claim to have a million."""

DAMAGED = "This Excel file is damaged or locked with a password. Save it again without one, or as CSV."
NOT_EXCEL = "This is no Excel file (.xlsx). Save your list as .xlsx or CSV, and choose that file."
TOO_LARGE = "This Excel file is too large once it is unpacked. Save the one sheet with your list as CSV."
_PROLOGUE = 64 * 1024
_TRAP = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def rows_of(content: bytes) -> list[Row]:
    """The rows that hold anything. Raises `TableRefused`."""
    # Zip, deflate, XML and the workbook each break in ways of their own; to whoever sent it they are one.
    try:
        _guard(content)
        return _first_sheet(content)
    except TableRefused:
        raise
    except Exception as error:
        raise TableRefused(DAMAGED) from error


def _first_sheet(content: bytes) -> list[Row]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            return next(filter(None, (_sheet(sheet) for sheet in book.worksheets)), [])
        finally:
            book.close()


def _guard(content: bytes) -> None:
    """Look at the zip before anything is unpacked: how much it holds, and that no part defines words of its own."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if "xl/workbook.xml" not in {member.filename for member in members}:
            raise TableRefused(NOT_EXCEL)
        # No more is ever unpacked than a member says of itself, so that what it says can be counted.
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
            raise TableRefused(TOO_LARGE)
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    if _TRAP.search(part.read(_PROLOGUE)):
                        raise TableRefused(DAMAGED)


def _sheet(sheet: Any) -> list[Row]:
    found, last = list[Row](), 0
    for number, values in _numbered(sheet):
        cells = tuple(_text(value) for value in values)
        while cells and not cells[-1]:
            cells = cells[:-1]
        if len(cells) > MOST_COLUMNS:
            raise TableRefused(
                f"Row {number} has more than {MOST_COLUMNS} columns. Take out those not needed."
            )
        if cells:
            found.append(Row(number, cells))
            last = number
        if len(found) > MOST_ROWS:
            raise TableRefused(too_many())
        if number - last > MOST_BLANK:
            break
    return found


def _numbered(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    # What a sheet says of its own size may be wrong either way.
    sheet.reset_dimensions()
    yield from enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1)


def _text(value: Any) -> str:
    """As somebody would type it. A number loses the point that nobody gave it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        return f"{value.seconds // 3600}:{value.seconds // 60 % 60:02}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()[:LONGEST_CELL]
