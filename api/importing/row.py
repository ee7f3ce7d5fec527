"""One row of a table with named columns: reads a value or refuses the file, saying where and why."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from api.importing.refusal import ImportRefused

LONGEST_TEXT = 100

_WHOLE = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of `file` that ends at `line`, `values` by column. Every method raises `ImportRefused`."""

    file: str
    line: int
    values: dict[str, str]

    def refused(self, column: str, expected: str) -> ImportRefused:
        """The refusal of what stands in a column, for the caller to raise."""
        return ImportRefused(self.file, expected, line=self.line, column=column, value=self.values[column])

    def text(self, column: str) -> str:
        """Words that fit on a line of a page: neither none nor too many, and nothing unprintable."""
        value = self.values[column].strip()
        if not 0 < len(value) <= LONGEST_TEXT or not value.isprintable():
            raise self.refused(column, f"1 to {LONGEST_TEXT} printable characters")
        return value

    def whole(self, column: str, least: int, most: int) -> int:
        """A whole number in plain digits from `least` to `most`."""
        value = self.values[column]
        if not _WHOLE.fullmatch(value) or not least <= int(value) <= most:
            raise self.refused(column, f"a whole number from {least:,} to {most:,}")
        return int(value)

    def one_of(self, column: str, known: Collection[str], what: str) -> str:
        """One of the values that we know; `what` says in words what they are."""
        value = self.values[column]
        if value not in known:
            raise self.refused(column, what)
        return value

    def day(self, column: str) -> date:
        """A day written as 31/12/2029."""
        match = _DATE.fullmatch(self.values[column])
        try:
            if match:
                return date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            pass  # The 31st of February is refused below, like all that is no date.
        raise self.refused(column, "a date such as 31/12/2029")
