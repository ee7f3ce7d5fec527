"""Which column is what: by the headings first, then by what stands below them. Whoever knows better corrects it."""

import re
from collections.abc import Iterator, Sequence

from carpool.tables import days
from carpool.tables.fields import Field
from carpool.tables.table import Layout, Row, Table

_HEADING_WITHIN = 10
"""Above the headings there may be a title and a line or two about the list."""
_LOOKED_AT = 200
_MOST = 0.6
"""So many of a column's cells must look like a field for it to be taken for one."""
_FEWER_COLUMNS = 3


def guess(table: Table, fields: Sequence[Field]) -> Layout:
    """The columns as we take them, each field at most once."""
    heading = _heading(table, fields)
    below = [row for row in table.rows if heading is None or row.number > heading.number][:_LOOKED_AT]
    columns: list[str | None] = [None] * table.width
    if heading is not None:
        _by_headings(heading, fields, columns)
    _by_contents(below, fields, columns)
    layout = Layout(tuple(columns), heading.number if heading else None)
    index = layout.index("day")
    cells = [row.cell(index) for row in table.rows] if index is not None else []
    return Layout(layout.columns, layout.heading, days.order_of(cells))


def body(table: Table, layout: Layout) -> Iterator[Row]:
    """The rows with data: those below the headings."""
    return (row for row in table.rows if layout.heading is None or row.number > layout.heading)


def said(heading: str) -> str:
    """A heading without case and marks: `E-Mail address*` is `e mail address`."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", heading.casefold()).split())


def _heading(table: Table, fields: Sequence[Field]) -> Row | None:
    """The row among the first that names most fields; two at least, or all that there is in a narrow table."""
    enough = 1 if table.width < _FEWER_COLUMNS else 2
    counts = [(_named(row, fields), -place, row) for place, row in enumerate(table.rows[:_HEADING_WITHIN])]
    count, _, row = max(counts, key=lambda each: each[:2])
    return row if count >= enough else None


def _named(row: Row, fields: Sequence[Field]) -> int:
    """How many fields the row names; none where somebody's own data stands in it."""
    cells = [cell for cell in row.cells if cell]
    if any(
        field.looks is not None and _is_data(cell) and field.looks.fullmatch(cell)
        for field in fields
        for cell in cells
    ):
        return 0
    found = [max((_likeness(cell, field), field.name) for field in fields) for cell in cells]
    return len({name for likeness, name in found if likeness})


def _is_data(cell: str) -> bool:
    """Whether it is somebody's: headings have no digits and no addresses."""
    return any(c.isdigit() for c in cell) or "@" in cell


def _likeness(heading: str, field: Field) -> float:
    """How surely the heading is the field's: 3 for its very words, up to 2 where it begins with them, 1 where it holds them."""
    words = said(heading)
    if not words or len(words) > 80:
        return 0.0
    if words in field.called:
        return 3.0
    lengths = [0.0]
    for called in field.called:
        if words.startswith(f"{called} "):
            lengths.append(1.0 + len(called) / len(words))
        elif f" {called} " in f" {words} ":
            lengths.append(len(called) / len(words))
    return max(lengths)


def _by_headings(heading: Row, fields: Sequence[Field], columns: list[str | None]) -> None:
    """The surest pair first, then the next among what is left."""
    pairs = [
        (_likeness(cell, field), -index, field.name)
        for index, cell in enumerate(heading.cells)
        for field in fields
    ]
    for likeness, index, name in sorted(pairs, key=lambda pair: (-pair[0], -pair[1])):
        if likeness > 0 and columns[-index] is None and name not in columns:
            columns[-index] = name


def _by_contents(rows: Sequence[Row], fields: Sequence[Field], columns: list[str | None]) -> None:
    for index, known in enumerate(columns):
        cells = [row.cell(index) for row in rows if row.cell(index)]
        if known is not None or not cells:
            continue
        for field in fields:
            if field.looks is None or field.name in columns:
                continue
            if sum(bool(field.looks.fullmatch(cell)) for cell in cells) >= _MOST * len(cells):
                columns[index] = field.name
                break
