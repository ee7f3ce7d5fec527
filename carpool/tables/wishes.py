"""What somebody needs of a car, and what a car can take, as people write it."""

import re

from carpool.tables.numbers import is_nothing
from carpool.tables.table import Unclear

KNOWN = "a child seat, a folding wheelchair, staying in a wheelchair, an assistance dog, no steps, a car of women only"
_IN_A_CHAIR = (
    r"(?:stay|remain|travel|sit)s?(?:ing|s)? in (?:a |the |their |my )?wheelchair|ramp|wav\b|"
    r"wheelchair (?:place|accessible|access)|power(?:ed)? (?:wheel)?chair|electric wheelchair"
)
_SEAT_OF_A_CHILD = (
    r"(?:child|children'?s|baby|booster|toddler|kid'?s?) ?(?:car )?seats?|booster|car seat|\bchild\b"
)
_NO_STEPS = r"step[- ]?free|without steps|no (?:steps|stairs)|level access|can'?t (?:do|manage|climb) (?:steps|stairs)"
_AMONG_WOMEN = r"(?:wom[ea]n|female|ladies)[- ]?(?:only|driver|car)|only (?:with )?(?:wom[ea]n|females)"
_NEEDS = (
    ("wheelchair_place", re.compile(_IN_A_CHAIR)),
    ("wheelchair", re.compile(r"wheel ?chair|folding chair")),
    ("child_seat", re.compile(_SEAT_OF_A_CHILD)),
    ("assistance_dog", re.compile(r"(?:assistance|guide|hearing|support) dogs?|\bdog\b")),
    ("step_free", re.compile(_NO_STEPS)),
    ("women_only", re.compile(_AMONG_WOMEN)),
)
_FILLERS = re.compile(
    r"\b(?:needs?|a|an|the|with|for|please|and|has|have|uses?|room|space|one|is|my|his|her|their|own|in|to|folding|"
    r"folded|manual|user|required|yes|car|only)\b|[\W\d_]+"
)


def needs(text: str) -> frozenset[str]:
    """What somebody needs. Raises `Unclear` for anything that we know no car for: they must not find out at the door."""
    plain = text.casefold().replace("’", "'").strip()
    if is_nothing(plain) or plain in ("no", "n", "none needed", "no needs", "nothing", "no access needs"):
        return frozenset()
    found, left = set[str](), plain
    for name, pattern in _NEEDS:
        if pattern.search(left):
            found.add(name)
            left = pattern.sub(" ", left)
    if _FILLERS.sub("", left):
        raise Unclear(
            f"We know no such need. What we can match is {KNOWN}. Leave the row out and sign them up on the phone, or "
            "ring them and take it out of this column."
        )
    return frozenset(found)


def takes(text: str) -> dict[str, int]:
    """What a car can take, and how many: `2 child seats, wheelchair`. Raises `Unclear`."""
    plain = text.casefold()
    if plain.strip().isdigit():
        # A column called child seats.
        return {"child_seat": min(int(plain), 8)} if int(plain) else {}
    found = dict[str, int]()
    for part in re.split(r"[,;/&+]|\band\b", plain):
        count = re.search(r"\b([1-8])\b", part)
        for name in sorted(needs(part)):
            if name not in ("women_only", "step_free"):
                found[name] = int(count[1]) if count else 1
    return found
