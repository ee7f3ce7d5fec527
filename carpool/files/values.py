"""From frozen data to JSON values, by the fields of its dataclasses."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from typing import Any

from carpool.files.times import text_from_time


def json_value(value: Any) -> Any:
    """`value` as JSON: objects without the members that have their default, lists for tuples, text for times."""
    if isinstance(value, datetime):
        return text_from_time(value)
    if isinstance(value, tuple):
        return [json_value(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value):
        return members_of(value)
    return value


def members_of(
    value: Any, always: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The members of a dataclass that are compared and not at their default; those in `always` in any case."""
    found = {}
    for field in fields(value):
        if field.name in without or not field.compare:
            continue
        item = getattr(value, field.name)
        if field.name in always or item != _default(field):
            found[field.name] = json_value(item)
    return found


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
