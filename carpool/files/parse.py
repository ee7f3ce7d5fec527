"""From bytes to a JSON document, refusing what JSON readers usually let through: a member twice, and bottomless nesting."""

import json
import sys
from collections import Counter
from typing import Any

from carpool.errors import Fault, InvalidInput

DEEPEST = 100


class Twice(dict[str, Any]):
    """An object in which a member stands twice; `names` are those members. The last value of each is kept."""

    names: tuple[str, ...] = ()


def parse(data: bytes, error: type[InvalidInput]) -> Any:
    """The document in `data`, with `Twice` for an object that has a member twice. NaN and Infinity become floats.

    Raises `error` with one fault if it is not UTF-8 (a leading BOM is accepted), not JSON, or endlessly deep.
    """
    try:
        return _loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        found = f"byte 0x{data[wrong.start]:02x} at position {wrong.start}"
        raise error([Fault("$", found, "expected text in UTF-8")]) from None
    except json.JSONDecodeError as wrong:
        where = f"line {wrong.lineno}, column {wrong.colno}"
        raise error([Fault("$", where, f"expected JSON ({wrong.msg})")]) from None
    except RecursionError:
        raise error([too_deep()]) from None


def too_deep() -> Fault:
    """The fault of a document that is nested deeper than the format allows."""
    return Fault("$", f"nesting deeper than {DEEPEST}", f"expected at most {DEEPEST} levels")


def is_too_deep(document: Any) -> bool:
    """Whether lists and objects are nested deeper than `DEEPEST`. Costs a walk through everything, without recursion."""
    level = [document]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(value: Any) -> list[Any]:
    """The lists and objects directly in a list or object."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [inner for inner in members if isinstance(inner, dict | list)]


def _loads(text: str) -> Any:
    try:
        if sys.get_int_max_str_digits():
            return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError:
        raise
    except ValueError:
        pass
    # Python reads no integer of more than 4,300 digits, unless somebody has lifted this limit, and then it takes as long
    # as the square of the digits. Only in these two cases is each integer looked at.
    return json.loads(text, object_pairs_hook=_object, parse_int=_integer)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    twice = Twice(members)
    twice.names = tuple(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
    return twice


def _integer(digits: str) -> float:
    return int(digits) if len(digits) < 1000 else float("inf")
