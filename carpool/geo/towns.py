"""From the name of a town to a place: by the list of towns, else by the names of the constituencies. Never by a guess."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from carpool.errors import CarpoolError
from carpool.geo.constituency import Constituency, constituencies
from carpool.geo.islands import island_of_district
from carpool.geo.place import Place, kilometres
from carpool.geo.postcode import LocatedPostcode

ONE_TOWN_KM = 30.0
"""Constituencies that bear a town's name lie at most this far from their middle; further apart they are several towns."""
ONE_PLACE_KM = 10.0
"""Places of one name this close together are one: the largest of them stands for all."""
MEANT_TOO = 0.1
"""A town that is only called so may be meant if it has this share of the people of the one that bears the name."""
MOST_NAMED = 12

_TOWNS = Path(__file__).parent / "data" / "towns.csv"
# Words that stand in many names and are no towns.
_NO_TOWNS = frozenset(
    {
        "and", "central", "city", "county", "east", "forest", "green", "inner", "mid", "new", "north", "of", "on",
        "outer", "park", "royal", "saint", "south", "st", "the", "under", "upon", "upper", "vale", "valley", "west",
    }
)  # fmt: skip
# What comes after one of these only tells a town from others: Stoke-on-Trent, Newcastle under Lyme, Chester le Street.
_LINKS = frozenset({"by", "cum", "in", "le", "next", "on", "super", "under", "upon"})
_WORDS = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class TownChoice:
    """One of several places of a name: `text` finds it and no other, `near` helps to recognise it."""

    text: str
    near: str = ""


class SeveralTowns(CarpoolError):
    """More than one town bears the name: the person has to say which."""

    def __init__(self, choices: Sequence[TownChoice], field: str) -> None:
        self.choices = tuple(choices)
        known = "; ".join(one.text for one in self.choices)
        super().__init__(
            f"There is more than one place of that name: {known}. Type a postcode instead.", field
        )


@dataclass(frozen=True, slots=True)
class _Town:
    """A row of the list; `people` live there."""

    name: str
    place: Place
    people: int
    district: str
    constituency: str


def locate_town(typed: str, *, field: str = "postcode", loosely: bool = False) -> LocatedPostcode | None:
    """The town of this name, such as Leeds, Hull or Abertawe; None where there is none.

    Case, accents, hyphens and punctuation do not count, and Saint is St. What stands after a comma chooses between
    towns of one name: a postcode district, words of the nearest constituency, its region or its country. Where it
    does not help nothing is found, or, `loosely`, it does not count. Raises `SeveralTowns`, naming them, where places
    of that name lie far apart.
    """
    name, _, more = typed.partition(",")
    bearers = _towns_called(_words(name))
    if not bearers:
        return _by_constituencies(typed, field)
    chosen = [one for one in bearers if _fits(one, more)] or (bearers if loosely else [])
    if len(chosen) > 1:
        raise SeveralTowns([_choice(one) for one in chosen[:MOST_NAMED]], field)
    if not chosen:
        return None
    return LocatedPostcode(_text(chosen[0]), chosen[0].district, chosen[0].place, "town")


def _choice(town: _Town) -> TownChoice:
    near = _by_name().get(town.constituency)
    return TownChoice(_text(town), f"{near.name}, {near.region}" if near else town.constituency)


def _text(town: _Town) -> str:
    """Its name, and where others bear it too its district as well: what finds it and no other."""
    alone = _towns_called(_words(town.name)) == [town]
    return town.name if alone else f"{town.name}, {town.district}"


def _towns_called(words: tuple[str, ...]) -> list[_Town]:
    """The towns of this name that lie apart, the largest first.

    One that is only sometimes called so counts unless it is far smaller than one whose very name it is: Newcastle may
    be the one upon Tyne, Bradford is never the one on Avon.
    """
    named, called = _index()
    key = " ".join(words)
    own = named.get(key, ())
    enough = MEANT_TOO * max((one.people for one in own), default=0)
    other = [one for one in called.get(key, ()) if one.people >= enough]
    apart: list[_Town] = []
    for town in sorted(dict.fromkeys((*own, *other)), key=lambda one: -one.people):
        if all(kilometres(town.place, kept.place) > ONE_PLACE_KM for kept in apart):
            apart.append(town)
    return apart


def _fits(town: _Town, more: str) -> bool:
    """Whether what was typed after the comma speaks of this town."""
    if not more.strip() or "".join(more.split()).upper() == town.district:
        return True
    near = _by_name().get(town.constituency)
    known = _words(" ".join((town.constituency, near.region, near.country)) if near else town.constituency)
    return bool(words := set(_words(more))) and words <= set(known)


@cache
def _by_name() -> Mapping[str, Constituency]:
    return {one.name: one for one in constituencies()}


@cache
def _index() -> tuple[Mapping[str, tuple[_Town, ...]], Mapping[str, tuple[_Town, ...]]]:
    """Name → the towns that bear it, and name → those that are called so besides. Read when somebody types a name."""
    named, called = defaultdict[str, list[_Town]](list), defaultdict[str, list[_Town]](list)
    with _TOWNS.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for name, lat, lon, people, district, constituency, also in rows:
            place = Place(float(lat), float(lon), island_of_district(district))
            town = _Town(name, place, int(people), district, constituency)
            words = _words(name)
            named[" ".join(words)].append(town)
            for other in {_words(one) for one in also.split("|")} | {_head(words)}:
                if other != words and not set(other) <= _NO_TOWNS:
                    called[" ".join(other)].append(town)
    return _frozen(named), _frozen(called)


def _frozen(index: Mapping[str, list[_Town]]) -> Mapping[str, tuple[_Town, ...]]:
    return {name: tuple(found) for name, found in index.items()}


def _head(words: tuple[str, ...]) -> tuple[str, ...]:
    """The name without what only tells the town from others."""
    link = next((at for at, word in enumerate(words) if word in _LINKS), len(words))
    return words[:link]


def _by_constituencies(typed: str, field: str) -> LocatedPostcode | None:
    """The middle of the constituencies that bear this name, such as Ynys Môn or North Norfolk."""
    words = _words(typed)
    if not words or all(word in _NO_TOWNS for word in words):
        return None
    bearers = [one for name, one in _names() if _holds(name, words)]
    if not bearers:
        return None
    middle = _middle(bearers)
    if any(kilometres(middle, one.place) > ONE_TOWN_KM for one in bearers):
        raise SeveralTowns([TownChoice(name) for name in sorted(one.name for one in bearers)], field)
    name = _spelling(bearers, words)
    return LocatedPostcode(name, name, middle, "town")


@cache
def _names() -> tuple[tuple[tuple[str, ...], Constituency], ...]:
    return tuple((_words(one.name), one) for one in constituencies())


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode().lower()
    words = _WORDS.findall(plain.replace("'", ""))
    return tuple("st" if word == "saint" else word for word in words)


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
