"""From the name of a town to a place, with nothing but the names of the constituencies: enough to start a search."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from carpool.errors import CarpoolError
from carpool.geo.constituency import Constituency, constituencies
from carpool.geo.place import Place, kilometres
from carpool.geo.postcode import LocatedPostcode

ONE_TOWN_KM = 30.0
"""Constituencies that bear a town's name lie at most this far from their middle; further apart they are several towns."""
MOST_NAMED = 4

# Words that stand in many names and are no towns.
_NO_TOWNS = frozenset(
    {
        "and", "central", "city", "county", "east", "forest", "green", "inner", "mid", "new", "north", "of", "on",
        "outer", "park", "royal", "saint", "south", "st", "the", "under", "upon", "upper", "vale", "valley", "west",
    }
)  # fmt: skip
_WORDS = re.compile(r"[a-z']+")


class SeveralTowns(CarpoolError):
    """More than one town bears the name: the person has to say which."""


def locate_town(typed: str, *, field: str = "postcode") -> LocatedPostcode | None:
    """The middle of the constituencies that bear this name, such as Leeds or Hull; None where none does.

    Case, accents and punctuation do not count. Raises `SeveralTowns`, naming some, where they lie far apart.
    """
    words = _words(typed)
    if not words or all(word in _NO_TOWNS for word in words):
        return None
    bearers = [one for name, one in _names() if _holds(name, words)]
    if not bearers:
        return None
    middle = _middle(bearers)
    if any(kilometres(middle, one.place) > ONE_TOWN_KM for one in bearers):
        known = ", ".join(sorted(one.name for one in bearers)[:MOST_NAMED])
        raise SeveralTowns(
            f"There is more than one place of that name: {known}. Type a postcode instead.", field
        )
    name = _spelling(bearers, words)
    return LocatedPostcode(name, name, middle, "town")


@cache
def _names() -> tuple[tuple[tuple[str, ...], Constituency], ...]:
    return tuple((_words(one.name), one) for one in constituencies())


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return tuple(_WORDS.findall(plain.replace("'", "")))


def _holds(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(name[at : at + len(words)] == words for at in range(len(name) - len(words) + 1))


def _middle(bearers: Iterable[Constituency]) -> Place:
    places = [one.place for one in bearers]
    lat, lon = (sum(getattr(place, axis) for place in places) / len(places) for axis in ("lat", "lon"))
    return Place(lat, lon, places[0].island)


def _spelling(bearers: Iterable[Constituency], words: tuple[str, ...]) -> str:
    """The name as the constituency spells it, accents and all."""
    for one in bearers:
        parts = re.split(r"[\s-]+", one.name)
        for at in range(len(parts) - len(words) + 1):
            if _words(" ".join(parts[at : at + len(words)])) == words:
                return " ".join(parts[at : at + len(words)]).strip(",")
    return " ".join(words).title()
