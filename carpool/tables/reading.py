"""The way in: bytes of a file or pasted cells become a table, or are refused in words."""

from carpool.tables import decoding, delimited, workbook
from carpool.tables.table import MOST_BYTES, Row, Table, TableRefused

_ZIP = b"PK\x03\x04"
_KNOWN = (
    (
        b"\xd0\xcf\x11\xe0",
        "This is a file of an old Excel (.xls), or one with a password. Save it as .xlsx or CSV.",
    ),
    (b"%PDF", "This is a PDF. Save the list that it was made from as .xlsx or CSV."),
    (b"\x89PNG", decoding.NO_TEXT),
    (b"\xff\xd8\xff", decoding.NO_TEXT),
)
EMPTY = "There is nothing in this table. Choose the file with your list, or paste its cells."


def read_table(content: bytes) -> Table:
    """The table of a file, known by what is in it and not by its name. Raises `TableRefused`."""
    if len(content) > MOST_BYTES:
        raise TableRefused("This file is larger than 10 MB. Save it as CSV, or split it.")
    for start, words in _KNOWN:
        if content.startswith(start):
            raise TableRefused(words)
    if content.startswith(_ZIP):
        return _table(workbook.rows_of(content))
    return _table(delimited.rows_of(decoding.text_of(content)))


def read_pasted(text: str) -> Table:
    """The table of cells that were copied in a spreadsheet, which puts tabs between them, or of typed lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return _table(delimited.rows_of(lines, "\t" if "\t" in lines else None))


def _table(rows: list[Row]) -> Table:
    if not rows:
        raise TableRefused(EMPTY)
    return Table(tuple(rows))
