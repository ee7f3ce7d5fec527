"""Instance and plan ⇄ JSON files: strict in reading, whole or not at all in writing."""

import json
from pathlib import Path
from typing import Any

from carpool.collector import at_rest
from carpool.errors import CarpoolError, Fault, InvalidInput, InvalidInstance, InvalidPlan
from carpool.files.instance_format import instance_from_json, instance_to_json
from carpool.files.output import check_output, write_whole
from carpool.files.parse import parse
from carpool.files.plan_format import plan_from_json, plan_to_json
from carpool.instance import Instance
from carpool.plan import Plan
from carpool.show import escaped

__all__ = [
    "check_output",
    "dumps",
    "instance_from_json",
    "instance_to_json",
    "plan_from_json",
    "plan_to_json",
    "read_instance",
    "read_plan",
    "write_instance",
    "write_plan",
]

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)

MOST_BYTES = 500_000_000
"""More than twice what a million people need. Whatever is larger, or has no end at all, is not read."""


@at_rest()
def read_instance(path: Path | str) -> Instance:
    """The instance in a file. Raises `InvalidInstance` with every fault, `CarpoolError` if the file cannot be read."""
    return instance_from_json(_read(Path(path), InvalidInstance))


@at_rest()
def read_plan(path: Path | str) -> Plan:
    """The plan in a file. Raises `InvalidPlan` with every fault, `CarpoolError` if the file cannot be read."""
    return plan_from_json(_read(Path(path), InvalidPlan))


def write_instance(instance: Instance, path: Path | str) -> None:
    """Write the instance, whole or not at all. Raises `CarpoolError` if it cannot be written."""
    write_whole(Path(path), dumps(instance_to_json(instance)))


def write_plan(plan: Plan, path: Path | str) -> None:
    """Write the plan, whole or not at all. Raises `CarpoolError` if it cannot be written."""
    write_whole(Path(path), dumps(plan_to_json(plan)))


def dumps(document: dict[str, Any]) -> str:
    """A document as JSON text: a member a line, and of lists an item a line, which people and line tools can read."""
    members = [f"{_json(name)}: {_value(value)}" for name, value in document.items()]
    return "{\n" + ",\n".join(members) + "\n}\n"


def _value(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n  " + ",\n  ".join(map(_json, value)) + "\n]"
    return _json(value)


def _json(value: Any) -> str:
    text = _ENCODER.encode(value)
    # A lone surrogate has no place in UTF-8, but does as an escape.
    return text if text.isascii() or _is_unicode(text) else json.dumps(value, allow_nan=False)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _read(path: Path, error: type[InvalidInput]) -> Any:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as why:  # A null in a path is a ValueError.
        reason = getattr(why, "strerror", None) or str(why)
        raise CarpoolError(f"{escaped(str(path))}: cannot be read: {reason}", "in") from None
    if len(data) > MOST_BYTES:
        size = f"{MOST_BYTES // 10**6} MB"
        raise error([Fault("$", f"more than {size}", f"expected a file of at most {size}")])
    return parse(data, error)
