"""How a value of a file appears in a message: short, on one line, control characters escaped."""

import json
import re

LONGEST = 60
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,59}")


def escaped(text: str) -> str:
    """`text` with control characters, lone surrogates and other characters that do not print as `\\u…`."""
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def shortened(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters of `text`, the last of them an ellipsis where some are left out."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def show(value: object) -> str:
    """A value as it stands in a JSON file, shortened; lists and objects only by their size."""
    if isinstance(value, str):
        return shortened(f'"{escaped(value[: LONGEST + 1])}"')
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "an object"
    return _number(value)


def member(path: str, name: str) -> str:
    """The path of the member `name` of the object at `path` (`$` for the document)."""
    step = f".{name}" if _PLAIN_NAME.fullmatch(name) else f"[{show(name)}]"
    return step.removeprefix(".") if path == "$" else path + step


def _number(value: object) -> str:
    try:
        return shortened(json.dumps(value, default=str))
    except ValueError:  # An integer of thousands of digits has no decimal form.
        return "a number of thousands of digits"


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
