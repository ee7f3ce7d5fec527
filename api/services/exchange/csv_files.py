"""CSV that a spreadsheet opens as a table and nothing else: no cell of it is ever taken for a formula."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
"""Without it Excel takes the letters for those of Windows."""
IN_MEMORY = 1024 * 1024
PART = 64 * 1024


def written(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The file, in UTF-8 with a mark of it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([neutral(heading) for heading in headings])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return (BOM + stream.getvalue()).encode(errors="replace")


def spooled(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The same for any number of rows: kept in memory while it is small, else in a file that has no name.

    It is whole before the first byte of it leaves, so that nobody gets half a table.
    """
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # Whoever sends it closes it.
    try:
        _write(file, headings, rows)
    except BaseException:
        file.close()
        raise
    return file


def _write(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow([neutral(heading) for heading in headings])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    text.flush()
    text.detach()
    file.seek(0)


def parts(file: IO[bytes]) -> Iterator[bytes]:
    """The file bit by bit; it is closed after the last."""
    with file:
        while part := file.read(PART):
            yield part


def neutral(value: Any) -> str:
    """A cell that begins like a formula gets an apostrophe before it, which our own reader takes off again.

    A spreadsheet looks past blanks at the front, and so does this.
    """
    text = "" if value is None else str(value)
    risky = text.startswith(DANGEROUS) or text.lstrip().startswith(DANGEROUS)
    return f"'{text}" if risky and text.strip() else text
