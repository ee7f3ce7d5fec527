"""Puts what pydantic found wrong into plain words, field by field, without ever repeating what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.language import N_, gettext

# Marked for translation is what a page of the public side may have to say; programs are spoken to in English.
UNFIT = N_("This value does not fit.")
BY_TYPE: Mapping[str, str] = {
    "missing": N_("This is needed."),
    "extra_forbidden": "There is no such field.",
    "json_invalid": "This is not JSON.",
    "literal_error": "Expected %(expected)s.",
    "enum": "Expected %(expected)s.",
    "greater_than": "Expected more than %(gt)s.",
    "greater_than_equal": "Expected at least %(ge)s.",
    "less_than": "Expected less than %(lt)s.",
    "less_than_equal": "Expected at most %(le)s.",
    "string_too_short": "Expected at least %(min_length)s characters.",
    "string_too_long": N_("Expected at most %(max_length)s characters."),
    "too_short": "Expected at least %(min_length)s entries.",
    "too_long": "Expected at most %(max_length)s entries.",
}
BY_KIND: Mapping[str, str] = {
    "int": "Expected a whole number.",
    "float": "Expected a number.",
    "bool": N_("Expected true or false."),
    "string": N_("Expected a text."),
    "list": "Expected a list.",
    "dict": "Expected an object.",
    "model": "Expected an object.",
    "date": "Expected a date such as 2029-05-03.",
    "datetime": "Expected a moment such as 2029-05-03T10:00:00+01:00.",
    "time": "Expected a time such as 09:30.",
    "uuid": "Expected an id.",
}
# Where a value was sent; the field's name comes after it.
SENT_IN = frozenset({"body", "query", "header", "cookie", "path"})


def in_words(faults: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The first fault of each field, such as `seats` or `event_ids.0`; "" stands for the whole."""
    words: dict[str, str] = {}
    for fault in faults:
        words.setdefault(_field(fault["loc"]), _say(fault))
    return words


def _field(place: Sequence[str | int]) -> str:
    parts = place[1:] if place and place[0] in SENT_IN else place
    return ".".join(str(part) for part in parts)


def _say(fault: Mapping[str, Any]) -> str:
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        return _own_words(str(context.get("error", UNFIT)), fault.get("input"))
    if template := BY_TYPE.get(fault["type"]):
        return gettext(template) % dict(context)
    return gettext(BY_KIND.get(fault["type"].split("_")[0], UNFIT))


def _own_words(message: str, value: object) -> str:
    """A validator's own message, unless it quotes the value, as messages of Python's own conversions do."""
    quoted = isinstance(value, str) and bool(value.strip()) and value.strip() in message
    return UNFIT if quoted else message
