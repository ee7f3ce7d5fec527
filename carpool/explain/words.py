"""The reasons in words, for the person concerned: nothing about anybody else but what follows from there being no lift."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from carpool.explain.findings import Finding
from carpool.instance import Driver, Rider
from carpool.plan import Reason


@dataclass(frozen=True, slots=True)
class Words:
    """What is said for one reason, of a finding."""

    text: Callable[[Finding], str]
    fix: Callable[[Finding], str]


def text(finding: Finding) -> str:
    """The reason in plain words."""
    return _WORDS[finding.reason].text(finding)


def fix(finding: Finding) -> str:
    """The smallest change that would have helped."""
    return _WORDS[finding.reason].fix(finding)


def _drives(finding: Finding) -> bool:
    return isinstance(finding.person, Driver)


def _minutes(minutes: float) -> str:
    """Rounded up, so that a change by so many minutes is enough."""
    whole = max(1, math.ceil(minutes))
    return "1 minute" if whole == 1 else f"{whole} minutes"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _limit(minutes: float) -> str:
    return f"{minutes:g}"


def _out_of_reach(finding: Finding) -> str:
    if finding.minutes is None:
        return "There is no way by car from you to an event that you would come to."
    limit = _limit(_longest_journey(finding.person, finding.minutes))
    away = _minutes(finding.minutes)
    return f"The nearest event is {away} away by car; you asked for at most {limit}."


def _longest_journey(person: Driver | Rider, away: float) -> float:
    """The limit that keeps somebody from so long a journey: who can drive as well has another one at the wheel."""
    can_drive = person.can_drive if isinstance(person, Rider) else None
    if can_drive is not None and away <= person.max_travel_minutes:
        return can_drive.max_travel_minutes
    return person.max_travel_minutes


def _into_reach(finding: Finding) -> str:
    if finding.minutes is None:
        return "An event that can be reached from you by car."
    return f"An event nearer to you, or a journey of up to {_minutes(finding.minutes)}."


def _too_many(finding: Finding) -> str:
    largest = "1 free seat" if finding.seats == 1 else f"{finding.seats} free seats"
    return f"You are {_people(finding.person.party)}, and no car has more than {largest}."


def _larger_car(finding: Finding) -> str:
    return f"A car with {finding.person.party} free seats, or travelling as smaller groups."


def _nearer_driver(finding: Finding) -> str:
    if finding.minutes is None:
        return "A driver who starts near you, or a pick-up place on somebody's way."
    return f"A driver who drives up to {_minutes(finding.minutes)} longer, or a pick-up place nearer to somebody's way."


def _full(finding: Finding) -> str:
    way = "that you can reach" if _drives(finding) else "that a driver could take you to"
    return f"Every event {way} is full."


def _room(finding: Finding) -> str:
    return f"Room for {_people(finding.people)} more at one of these events."


def _home_late(finding: Finding) -> str:
    if _drives(finding):
        return "From every event that you can reach you would be home later than you said."
    return "No driver could have everybody home by the time they said."


def _home_later(finding: Finding) -> str:
    if finding.minutes is None:
        return "A later time to be home."
    return f"Being home {_minutes(finding.minutes)} later, or an event that ends earlier."


def _ready_late(finding: Finding) -> str:
    if _drives(finding):
        return "You would have to set off before you are ready."
    return "Every car that could take you would have to set off or fetch you before everybody is ready."


def _ready_earlier(finding: Finding) -> str:
    if finding.minutes is None:
        return "An earlier time to be ready."
    return f"Being ready {_minutes(finding.minutes)} earlier, or an event that starts later."


def _needs(finding: Finding) -> str:
    wished = ", ".join(finding.person.needs) if isinstance(finding.person, Rider) else ""
    return f"No driver who could take you has what you need: {wished}."


def _with_needs(finding: Finding) -> str:
    wished = ", ".join(finding.person.needs) if isinstance(finding.person, Rider) else ""
    return f"A driver near you who offers: {wished}."


def _with_company(finding: Finding) -> str:
    if finding.person.company:
        return f"A driver near you of whom this is true: {', '.join(finding.person.company)}."
    return "Another driver near you."


def _apart_together(finding: Finding) -> str:
    return "Travelling in two cars, or a car that can take all of you within everybody's limits."


def _seat_more(finding: Finding) -> str:
    seats = "1 more seat" if finding.people == 1 else f"{finding.people} more seats"
    return f"{seats} in one of these cars, or one more driver near you."


def _not_worth(finding: Finding) -> str:
    if _drives(finding):
        return "You could drive, but alone that would cost more than it adds where people are needed."
    if finding.possible:
        return "A car could fetch you, but that would cost more driving or changes than it adds where people are needed."
    return "There are free seats near you, but no car can add your stop and still keep to everybody's limits."


def _worth(finding: Finding) -> str:
    if _drives(finding):
        return "Riders near you, or an event near you that needs more people."
    if finding.possible:
        return "An event near you that needs more people, or a pick-up place nearer to somebody's way."
    return "One more driver near you, or a pick-up place nearer to somebody's way."


_WORDS = {
    Reason.NO_EVENT_ALLOWED: Words(
        lambda _: "There is no event that you could go to.", lambda _: "An event to go to."
    ),
    Reason.NO_EVENT_IN_REACH: Words(_out_of_reach, _into_reach),
    Reason.PARTY_TOO_LARGE: Words(_too_many, _larger_car),
    Reason.NO_DRIVER_IN_REACH: Words(
        lambda _: "No driver passes near enough to you on the way to an event that you would come to.",
        _nearer_driver,
    ),
    Reason.EVENT_FULL: Words(_full, _room),
    Reason.NOT_HOME_IN_TIME: Words(_home_late, _home_later),
    Reason.NOT_READY_IN_TIME: Words(_ready_late, _ready_earlier),
    Reason.NEEDS_NOT_OFFERED: Words(_needs, _with_needs),
    Reason.COMPANY_NOT_MET: Words(
        lambda _: "No driver who could take you fits with the company that you or they asked for.",
        _with_company,
    ),
    Reason.TOGETHER_NOT_MET: Words(
        lambda _: "No car can take all of you who want to travel together.", _apart_together
    ),
    # Why two people are kept apart, and that one of them drives nearby, is nobody's business.
    Reason.KEPT_APART: Words(
        lambda _: "The drivers near you are not ones that you can be matched with.",
        lambda _: "Another driver near you.",
    ),
    Reason.SEATS_TAKEN: Words(lambda _: "Every car that could take you is full.", _seat_more),
    Reason.NOT_WORTH_THE_DRIVE: Words(_not_worth, _worth),
    Reason.SEARCH_ENDED: Words(
        lambda _: "There was still a way to fit you in when the time for matching ended.",
        lambda _: "A longer matching run.",
    ),
}
