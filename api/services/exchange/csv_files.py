"""CSV that a spreadsheet opens as a table and nothing else: no cell of it is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
"""Without it Excel takes the letters for those of Windows."""


def written(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The file, in UTF-8 with a mark of it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([neutral(heading) for heading in headings])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return (BOM + stream.getvalue()).encode(errors="replace")


def neutral(value: Any) -> str:
    """A cell that begins like a formula gets an apostrophe before it, which our own reader takes off again.

    A spreadsheet looks past blanks at the front, and so does this.
    """
    text = "" if value is None else str(value)
    risky = text.startswith(DANGEROUS) or text.lstrip().startswith(DANGEROUS)
    return f"'{text}" if risky and text.strip() else text
