"""What the pages of an import show. The contents of rows are for the coordinator who brought them, and for nobody else."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class ColumnView:
    """A column of the table: what stands above it, what in it, and what it is taken for."""

    index: int
    heading: str
    examples: tuple[str, ...]
    field: str | None


@dataclass(frozen=True)
class GoodRow:
    """A row as it was understood: pairs of a question and an answer in words."""

    number: int
    name: str
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WrongRow:
    """A row that cannot be taken: for each problem the column, what stands there, and what to do."""

    number: int
    name: str
    problems: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ImportView:
    """An import as its coordinator sees it. `heading`: the number of the row with the headings, None without one."""

    id: UUID
    kind: str
    state: str
    total: int
    good: int
    wrong: int
    rough: int
    progress: int
    error: str | None
    heading: int | None
    usual_day: date | None
    usual_role: str
    only_all: bool
    started_by: str
    mine: bool
    created_at: datetime
    columns: tuple[ColumnView, ...] = ()
