"""Who drives and who rides, as people write it: `yes, 3`, `driver`, `needs a lift`, `either`."""

import re
from dataclasses import dataclass
from typing import Literal

from carpool.tables import numbers
from carpool.tables.table import Unclear

Role = Literal["driver", "rider", "either"]
WORDS = "Write driver, rider or either; or, in a column about driving, yes or no."
NOBODY = "They neither drive nor need a lift. Write driver, rider or either, or leave the row out."
_EITHER = re.compile(
    r"\b(?:either|both|maybe|if (?:needed|necessary|you need)|can do either|could drive|possibly|don'?t mind)\b|"
    r"\bor\b.*\b(?:lift|ride)"
)
_NOT_DRIVING = re.compile(
    r"\b(?:no car|can'?t drive|cannot drive|don'?t drive|does(?:n'?t| not) drive|do not drive|non[- ]driver|not driving)\b"
)
_RIDER = re.compile(
    r"\b(?:rider|riding|passenger|ride|needs?\b.*\b(?:lift|ride|transport)|lift (?:needed|wanted|please|required)|"
    r"wants? (?:a )?lift|lift|request|requesting)\b"
)
_DRIVES = r"driver|drive|drives|driving|can take|can give|offer|offering|giving"
_DRIVER = re.compile(rf"\b(?:{_DRIVES}|own car|has (?:a )?car|have (?:a )?car|car)\b")
_SURELY = re.compile(rf"\b(?:{_DRIVES})\b")


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell about driving says; None where it says nothing of it."""

    role: Role | None = None
    seats: int | None = None


def driving(text: str) -> Said:
    """A cell of a column about driving. A bare number is the seats: `3` drives with three, `0` does not. Raises `Unclear`."""
    plain = " ".join(text.casefold().replace("’", "'").split())
    if plain in ("", "?", "-", "–"):
        return Said()
    bare = re.fullmatch(r"(\d)(?: seats?| spaces?| places?)?", plain)
    if bare:
        return Said("driver", int(bare[1])) if bare[1] != "0" else Said("rider")
    role = _role(plain)
    return Said(role, _seats(plain) if role != "rider" else None)


def needing(text: str) -> bool | None:
    """A cell of a column about needing a lift; None where it says nothing. Raises `Unclear`."""
    plain = text.casefold().strip()
    if plain in ("", "?"):
        return None
    if re.match(r"(?:no|not|n)\b", plain):
        return False
    try:
        return numbers.yes_or_no(plain, default=False)
    except Unclear:
        if _RIDER.search(plain) or plain.isdigit():
            return True
        raise


def together(said: Said, needs_lift: bool | None, seats: int | None) -> Role:
    """One role from all that was said of it. Raises `Unclear` for whoever does neither."""
    drives = said.role in ("driver", "either")
    if said.role == "either" or (drives and needs_lift):
        return "either"
    if drives:
        return "driver"
    if needs_lift or (said.role == "rider" and needs_lift is None):
        return "rider"
    if said.role is None and seats:
        return "driver"
    if said.role is None and needs_lift is None:
        raise Unclear(WORDS)
    raise Unclear(NOBODY)


def _role(plain: str) -> Role:
    first = re.split(r"[\s,;.:!(/+-]+", plain, maxsplit=1)[0]
    if _EITHER.search(plain):
        return "either"
    if _NOT_DRIVING.search(plain):
        return "rider"
    if first in numbers.NO and first:
        return "rider"
    if (first in numbers.YES and first not in ("x", "1")) or plain in ("x", "✓", "✔"):
        return "driver"
    if _RIDER.search(plain) and not _SURELY.search(plain):
        return "rider"
    if _DRIVER.search(plain):
        return "driver"
    raise Unclear(WORDS)


def _seats(plain: str) -> int | None:
    """The number beside it, if there is one."""
    found = re.search(r"\d", plain) or re.search(r"\b(?:one|two|three|four|five|six|seven|eight)\b", plain)
    return numbers.seats(plain) if found else None
