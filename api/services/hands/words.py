"""A change by hand in words, and a broken rule as somebody would say it who knows the people by name."""

import re
from collections.abc import Iterable

from api.services.hands.corner import Known
from api.services.my_page import NEEDS
from carpool.check import Rule, Violation
from carpool.plan import Trip

_ID = re.compile(r'"?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"?')
_NEED = re.compile(r'"(\w+)"')
_WORDS = {
    Rule.APART: "{who} must not share a car with {others}.",
    Rule.TOGETHER: "{friends} travel together: all in one car, or none of them.",
    Rule.CAPACITY: "“{event}” is full: {text}.",
    Rule.EVENTS: "{who} does not want to go to “{event}”.",
    Rule.NEEDS: "{who}’s car is not fit for everybody in it: {text}.",
    Rule.SEATS: "{who}’s car has too few seats: {text}.",
    Rule.COMPANY: "{who} {text}.",
    Rule.WAY_BACK: "{who} needs a way back, and this car drives out only.",
    Rule.PINNED: "{who} {text}.",
    Rule.PLACE: "{who} is not to be picked up at the door.",
}
SAY = {
    "ride": "{who} rides in {other}’s car",
    "swap": "{who} and {other} swap cars",
    "drive": "{who} drives to “{event}”",
    "out": "{who} is taken out",
    "pin": "{who}’s car is pinned",
    "apart": "{who} and {other} are kept apart",
}
DONE = {
    "ride": "put {who} into {other}’s car",
    "swap": "swapped {who} and {other}",
    "drive": "sent {who} to “{event}”",
    "out": "took {who} out",
    "pin": "pinned {who}’s car",
    "apart": "kept {who} and {other} apart",
}


def said(words: str, known: Known, who: object, other: object, event: object) -> str:
    """A change in words."""
    name = known.name
    return words.format(who=name(_text(who)), other=name(_text(other)), event=known.title(_text(event)))


def broken(known: Known, found: Violation, trips: Iterable[Trip]) -> str:
    """A broken rule in words, of a plan with these trips."""
    text = _ID.sub(lambda match: _named(known, match[1]), found.text)
    text = _NEED.sub(lambda match: NEEDS.get(match[1], match[0]), text)
    ids = _ID.findall(found.text)
    group = re.fullmatch(r"together\[(\d+)\]", found.who)
    friends = known.corner.instance.together[int(group[1])] if group else ()
    car = next((trip for trip in trips if found.who in (trip.driver, *trip.riders)), None)
    words = _WORDS.get(found.rule, "{who}: {text}.")
    return words.format(
        who=known.name(found.who) if _ID.fullmatch(found.who) else found.who,
        others=" and ".join(known.name(one) for one in ids),
        friends=" and ".join(known.name(one) for one in friends),
        event=known.title(found.who if found.rule is Rule.CAPACITY else car.event if car else None),
        text=text,
    )


def _named(known: Known, found: str) -> str:
    return known.titles.get(found) or known.name(found)


def _text(found: object) -> str | None:
    return None if found is None else str(found)
