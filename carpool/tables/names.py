"""What a table names by its name: events of a day, constituencies. What is nearly one is asked about, never guessed."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from carpool.geo.constituency import Constituency
from carpool.tables.table import Unclear

Kept = TypeVar("Kept")
CONSTITUENCY = "Write the constituency as it is called officially, such as Leeds North West."
_BETWEEN = re.compile(r",|/|&|\band\b|\n")


def plain(name: str) -> str:
    """A name without case and marks."""
    return " ".join(re.sub(r"[^\w]+", " ", name.casefold()).split())


def named(written: str, among: Sequence[tuple[Kept, Iterable[str]]]) -> list[Kept]:
    """Those that have this name among theirs; of several names in one cell those of each, none if one is unknown."""
    known = [(one, {plain(name) for name in names if name}) for one, names in among]
    wanted = plain(written)
    if whole := [one for one, names in known if wanted in names]:
        return whole
    parts = [plain(part) for part in _BETWEEN.split(written) if part.strip()]
    found = [[one for one, names in known if part in names] for part in parts]
    return [one for each in found for one in each] if all(found) else []


def constituency_code(written: str, known: Mapping[str, Constituency]) -> str:
    """The code of a constituency by its code, or by its name as anybody writes it. Raises `Unclear`."""
    if written in known:
        return written
    codes = {one.name.casefold(): code for code, one in known.items()}
    wanted = " ".join(written.casefold().replace("&", "and").split())
    if wanted in codes:
        return codes[wanted]
    near = difflib.get_close_matches(wanted, codes, n=1, cutoff=0.7) if wanted else []
    name = known[codes[near[0]]].name if near else ""
    raise Unclear(f"Did you mean {name}? Then write it so." if name else CONSTITUENCY)
