"""What the library of `carpool/` says to volunteers. It knows no language but English, so its texts stand here once more.

A test makes the library say each of them.
"""

import re
from functools import cache

from api.language import N_, gettext

TEXTS = (
    N_("Type a postcode, for example LS6 2AB."),
    N_(
        "Jersey, Guernsey and the Isle of Man elect no members of the UK Parliament. To help all the same, type the "
        "postcode of a place on the mainland where you arrive, for example SO14 2AQ for the port of Southampton."
    ),
    N_("This is not a UK postcode. A postcode looks like LS6 2AB."),
    N_("%(district)s is the first half of a postcode. Type all of it, for example LS6 2AB."),
    N_("We know %(district)s, but not this exact postcode. Is it right?"),
    N_("We do not know the postcode district %(district)s. Is there a typing mistake?"),
    N_("There is more than one place of that name: %(places)s. Type a postcode instead."),
)
"""Errors and questions of `carpool.geo`; where it puts something in, there is a gap."""


def translated(said: str) -> str:
    """A text that was written in English, by us or by the library, in the language spoken."""
    for text, pattern in _patterns():
        if found := pattern.fullmatch(said):
            return gettext(text) % found.groupdict()
    return gettext(said)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each text with gaps, and what it looks like when they are filled."""
    return tuple(
        (text, re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(text))))
        for text in TEXTS
        if "%(" in text
    )
