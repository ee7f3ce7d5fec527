"""From frozen data to JSON values, by the fields of its dataclasses."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from functools import cache
from typing import Any

from carpool.files.times import text_from_time


def json_value(value: Any) -> Any:
    """`value` as JSON: objects without the members that have their default, lists for tuples, text for times."""
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, datetime):
        return text_from_time(value)
    if isinstance(value, tuple):
        return [json_value(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    return members_of(value)


def members_of(
    value: Any, always: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The members of a dataclass that are compared and not at their default; those in `always` in any case."""
    found = {}
    for name, default in _compared(value.__class__):
        if name in without:
            continue
        item = getattr(value, name)
        if name in always or item != default:
            found[name] = json_value(item)
    return found


_PLAIN = (str, float, int)
"""What JSON has itself, truth among the integers."""


@cache
def _compared(kind: type) -> tuple[tuple[str, Any], ...]:
    """The members of a dataclass that are compared, each with its default. Nobody changes one that is a list or mapping."""
    return tuple((field.name, _default(field)) for field in fields(kind) if field.compare)


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
