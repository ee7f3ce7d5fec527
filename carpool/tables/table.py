"""What a table is once it is read: rows of text, and which column is what."""

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from carpool.errors import CarpoolError

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 30_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000

Kept = TypeVar("Kept")
DayOrder = Literal["dmy", "mdy"]


class TableRefused(CarpoolError):
    """A file that is no table we can read, or too large a one. Nothing of it is taken."""


class Unclear(ValueError):
    """What stands in a cell could not be understood, and what would be: in words for whoever mends it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells as text. `number` is what the spreadsheet shows beside it, from 1."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int | None) -> str:
        """The cell in a column; "" where the row is shorter, and for no column."""
        return self.cells[index] if index is not None and index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that hold anything, in order. `width` is the number of columns of the widest."""

    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True)
class Layout:
    """What each column is: the name of a field, or None for one that is not needed.

    `heading` is the number of the row with the headings, None where there is none; rows down to it are no data.
    `day_order`: whether 5/11 is in November or, as in America, in May.
    """

    columns: tuple[str | None, ...]
    heading: int | None = None
    day_order: DayOrder = "dmy"

    def index(self, name: str) -> int | None:
        return self.columns.index(name) if name in self.columns else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken: the field it is about, "" for the row as a whole, and words that say what to do."""

    field: str
    words: str


@dataclass(frozen=True)
class Understood(Generic[Kept]):
    """A row as it was understood: `value`, or None and what is wrong with it."""

    number: int
    value: Kept | None = None
    problems: tuple[Problem, ...] = field(default=())
