"""A reader for each kind of value in the two formats. Readers note what is wrong and go on, so that one pass finds it all.

A reader takes a value, its path and the reading; where the value is of the wrong type it notes a fault and returns
something harmless in its place.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import Field, fields
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from carpool.errors import MAX_FAULTS, MOST_FAULTS, Fault, InvalidInput
from carpool.files.parse import Twice
from carpool.files.times import EXPECTED, time_from_text
from carpool.show import escaped, member, show


class EnoughFaults(InvalidInput):
    """So many faults that reading on would only cost time."""


class Reading:
    """What one pass over a document has found: its faults, and the paths of members that the format does not know."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.unknown: list[str] = []

    def wrong(self, path: str, value: Any, expected: str) -> None:
        """Note that something else was expected where `value` stands."""
        self.note(Fault(path, "missing" if value is MISSING else show(value), expected))

    def note(self, fault: Fault) -> None:
        """Note a fault. Raises `EnoughFaults` with the last of those that are counted."""
        self.faults.append(fault)
        if len(self.faults) >= MOST_FAULTS:
            raise EnoughFaults(self.faults)

    def unknown_member(self, path: str, names: Mapping[str, Any]) -> None:
        """Note a member that the object at hand, which has members of these names, cannot have."""
        self.unknown.append(path)


class StrictReading(Reading):
    """A reading for which an unknown member is a fault, with the name it may have been meant to have."""

    def unknown_member(self, path: str, names: Mapping[str, Any]) -> None:
        told = len(self.faults) < MAX_FAULTS  # The others only count, and looking for names takes long.
        close = get_close_matches(path.rpartition(".")[2], list(names), n=1) if told else []
        expected = f"did you mean {close[0]}?" if close else "expected no such member"
        self.note(Fault(path, "unknown member", expected))


Reader = Callable[[Any, str, Reading], Any]
MISSING: Any = object()
_EARLY = datetime(1900, 1, 1, tzinfo=UTC)


def text(value: Any, path: str, reading: Reading) -> str:
    if type(value) is str:
        return value
    reading.wrong(path, value, "expected a string")
    return (
        f"\udcff{path}"  # Unlike any other string of the document, so that it is not taken for a duplicate.
    )


def number(value: Any, path: str, reading: Reading) -> float:
    if type(value) is float and math.isfinite(value):
        return value
    if type(value) is int and abs(value) < 1e300:
        return float(value)
    reading.wrong(path, value, "expected a number")
    return 1.0


def integer(value: Any, path: str, reading: Reading) -> int:
    if type(value) is int:
        return value
    reading.wrong(path, value, "expected an integer")
    return 1


def boolean(value: Any, path: str, reading: Reading) -> bool:
    if type(value) is bool:
        return value
    reading.wrong(path, value, "expected true or false")
    return True


def time(value: Any, path: str, reading: Reading) -> datetime:
    found = time_from_text(value) if type(value) is str else None
    if found is None:
        reading.wrong(path, value, EXPECTED)
    return found or _EARLY


def nullable(reader: Reader) -> Reader:
    """A reader that takes null, too."""

    def read(value: Any, path: str, reading: Reading) -> Any:
        return None if value is None else reader(value, path, reading)

    return read


def array(reader: Reader) -> Reader:
    """A reader of lists, into a tuple."""

    def read(value: Any, path: str, reading: Reading) -> tuple[Any, ...]:
        if type(value) is list:
            return tuple([reader(item, f"{path}[{i}]", reading) for i, item in enumerate(value)])
        reading.wrong(path, value, "expected a list")
        return ()

    return read


def mapping(reader: Reader) -> Reader:
    """A reader of objects whose members may have any name."""

    def read(value: Any, path: str, reading: Reading) -> dict[str, Any]:
        if not isinstance(value, dict):
            reading.wrong(path, value, "expected an object")
            return {}
        _no_member_twice(value, path, reading)
        return {name: reader(item, member(path, name), reading) for name, item in value.items()}

    return read


def record(
    kind: Callable[..., Any], readers: Mapping[str, Reader], required: frozenset[str] = frozenset()
) -> Reader:
    """A reader of objects with these members, into `kind`, which is called with those that are there.

    Required are the fields of the dataclass `kind` that have no default, and whatever else `required` names.
    """
    needed = [name for name in readers if name in required | _without_default(kind)]

    def read(value: Any, path: str, reading: Reading) -> Any:
        prefix = "" if path == "$" else f"{path}."
        if not isinstance(value, dict):
            reading.wrong(path, value, "expected an object")
            return kind(**{name: readers[name](MISSING, prefix + name, Reading()) for name in needed})
        _no_member_twice(value, path, reading)
        found = {}
        for name, item in value.items():
            reader = readers.get(name)
            if reader is None:
                reading.unknown_member(member(path, name), readers)
            else:
                found[name] = reader(item, prefix + name, reading)
        for name in needed:
            if name not in value:
                found[name] = readers[name](MISSING, prefix + name, reading)
        return kind(**found)

    return read


def _without_default(kind: Callable[..., Any]) -> frozenset[str]:
    declared: tuple[Field[Any], ...] = fields(kind) if isinstance(kind, type) and kind is not dict else ()
    return frozenset(f.name for f in declared if f.default is NO_DEFAULT and f.default_factory is NO_DEFAULT)


def _no_member_twice(value: dict[str, Any], path: str, reading: Reading) -> None:
    if isinstance(value, Twice):
        for name in value.names:
            reading.note(Fault(member(path, name), f'"{escaped(name)}" twice', "expected each member once"))
