"""Errors that say whose they are. Every error that a person can cause or mend is a `CarpoolError`; all else is a bug."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_FAULTS = 20
"""Faults that are told, a line each."""

MOST_FAULTS = 100_000
"""Faults that are counted: a hostile file may have one for every few bytes, and nobody reads on so far."""


class CarpoolError(Exception):
    """Something a person can mend. `message` says in plain words what happened and what to do next; `field` names where."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file: where (`drivers[3].seats`, `$` for the document), what stands there, what was expected."""

    path: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: {self.value}: {self.expected}"


class InvalidInput(CarpoolError):
    """A file that cannot be used: all its faults, a line each, at most `MAX_FAULTS` of them.

    Whoever looks for faults may stop at `MOST_FAULTS`; how many there are is then not known.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:MAX_FAULTS]]
        if len(self.faults) > MAX_FAULTS:
            beyond = "more than " if len(self.faults) >= MOST_FAULTS else ""
            lines.append(f"and {beyond}{len(self.faults) - MAX_FAULTS} more")
        super().__init__("\n".join(lines), self.faults[0].path)


class InvalidInstance(InvalidInput):
    """The instance cannot be used."""


class InvalidPlan(InvalidInput):
    """The plan file cannot be read."""
