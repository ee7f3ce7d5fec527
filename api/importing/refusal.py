"""The one error of the importers: which file, where in it, what stands there and what was expected."""

from carpool.errors import CarpoolError

_SHOWN = 60


class ImportRefused(CarpoolError):
    """A file that was not imported. `line` (from 1), `column`, `value` are None where they do not apply."""

    def __init__(
        self,
        file: str,
        expected: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        self.file, self.line, self.column, self.value, self.expected = file, line, column, value, expected
        where = [
            shown(file),
            f"line {line}" if line is not None else "",
            f"column {column}" if column else "",
        ]
        found = "" if value is None else f"found {shown(value)!r}, "
        place = ", ".join(part for part in where if part)
        super().__init__(f"{place}: {found}expected {expected}. Nothing was imported.", column)


def shown(value: str) -> str:
    """A value fit for a message: control characters escaped, and no longer than a line."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in value)
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"
