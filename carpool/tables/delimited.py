"""Text with separators into rows: commas, semicolons, tabs or bars, whichever holds the table together."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from carpool.tables.table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, TableRefused

SEPARATORS = ",;\t|"
_LOOKED_AT = 50


def rows_of(text: str, separator: str | None = None) -> list[Row]:
    """The rows that hold anything. Without a separator it is found out. Raises `TableRefused`."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        # Excel's own way to say it.
        return [Row(row.number + 1, row.cells) for row in rows_of(rest, first.strip()[-1])]
    found = []
    for number, cells in _records(text, separator or _separator(text)):
        if any(cells):
            found.append(Row(number, cells))
        if len(found) > MOST_ROWS:
            raise TableRefused(too_many())
    return found


def too_many() -> str:
    return f"This table has more than {MOST_ROWS:,} rows. Split it into smaller ones, and bring them in one by one."


def _separator(text: str) -> str:
    """The one that cuts most of the first rows into the same number of columns, and into many."""
    return max(SEPARATORS, key=lambda separator: _worth(text, separator))


def _worth(text: str, separator: str) -> float:
    counts = Counter[int]()
    try:
        for _, cells in _records(text, separator):
            if any(cells):
                counts[len(cells)] += 1
            if counts.total() >= _LOOKED_AT:
                break
    except TableRefused:
        return 0.0
    return max(((columns - 1) * rows / counts.total() for columns, rows in counts.items()), default=0.0)


def _records(text: str, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader, None)
        except csv.Error:
            raise TableRefused(_open_quote(number)) from None
        if record is None:
            return
        cells = tuple(cell.strip() for cell in record)
        while cells and not cells[-1]:
            cells = cells[:-1]
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise TableRefused(_open_quote(number))
        if len(cells) > MOST_COLUMNS:
            raise TableRefused(
                f"Row {number} has more than {MOST_COLUMNS} columns. Take out those not needed."
            )
        yield number, cells


def _open_quote(number: int) -> str:
    return (
        f"Row {number} holds a text of more than {LONGEST_CELL:,} letters. Most likely a quotation mark opens there "
        "and never closes. Mend that row, and choose the file again."
    )
