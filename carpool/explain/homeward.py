"""Why somebody who is at an event has no way home, in words, and the smallest change that would help."""

import math
from collections.abc import Callable

from carpool.explain.findings import Finding, find_reasons
from carpool.homeward import Parts
from carpool.instance import Rider
from carpool.plan import Reason, Trip, Unmatched

Words = Callable[[Finding], str]


def explain_homeward(parts: Parts, trips: tuple[Trip, ...]) -> tuple[Unmatched, ...]:
    """Everybody at an event who is in none of the trips home. Run backwards, their hour home is the hour they are ready."""
    found = find_reasons(parts.home, parts.as_backwards(trips), None)
    return tuple(_told(finding) for finding in found)


def _told(finding: Finding) -> Unmatched:
    reason = finding.reason
    if reason is Reason.NOT_READY_IN_TIME:
        reason = Reason.NOT_HOME_IN_TIME
    text, fix = _WORDS[reason]
    return Unmatched(finding.person.id, reason, text(finding), fix(finding))


def _rides(finding: Finding) -> bool:
    return isinstance(finding.person, Rider)


def _minutes(minutes: float | None) -> str:
    whole = 1 if minutes is None or not math.isfinite(minutes) else max(1, math.ceil(minutes))
    return "1 minute" if whole == 1 else f"{whole} minutes"


def _far(finding: Finding) -> str:
    if finding.minutes is None:
        return "There is no way by car from the event to your home."
    limit = f"{finding.person.max_travel_minutes:g}"
    return f"Your home is {_minutes(finding.minutes)} from the event by car; you asked for at most {limit}."


def _nearer(finding: Finding) -> str:
    if finding.minutes is None:
        return "A way home without a car."
    return f"A journey of up to {_minutes(finding.minutes)}, or a taxi or train."


def _party(finding: Finding) -> str:
    return f"A car at the event with {finding.person.party} free seats, or going home as smaller groups."


def _detour(finding: Finding) -> str:
    if not _rides(finding):
        return "A longer drive home than you said."
    if finding.minutes is None:
        return "A driver at the event who goes home near you."
    return f"A driver at the event who drives up to {_minutes(finding.minutes)} longer."


def _late(finding: Finding) -> str:
    return (
        "From the event"
        + (" no driver could have everybody" if _rides(finding) else " you cannot be")
        + (" home by the time they said." if _rides(finding) else " home by the time that you said.")
    )


def _later(finding: Finding) -> str:
    if finding.minutes is None:
        return "A later time to be home."
    return f"Being home {_minutes(finding.minutes)} later."


def _needs(finding: Finding) -> str:
    return ", ".join(finding.person.needs) if isinstance(finding.person, Rider) else ""


def _company(finding: Finding) -> str:
    if finding.person.company:
        return f"A driver at the event of whom this is true: {', '.join(finding.person.company)}."
    return "Another driver at the event."


def _seats(finding: Finding) -> str:
    seats = "1 more seat" if finding.people == 1 else f"{finding.people} more seats"
    return f"{seats} in one of these cars, or one more car that fetches you."


def _said(words: str) -> Words:
    return lambda _: words


_FULL = _said("Every car at the event that could take you home is full.")
_UNFIT = _said("The cars at the event cannot add your stop and still keep to everybody's limits.")
_ANOTHER = _said("One more car that fetches you, or a taxi or train.")

_WORDS: dict[Reason, tuple[Words, Words]] = {
    Reason.NO_EVENT_ALLOWED: (_UNFIT, _ANOTHER),
    Reason.NO_EVENT_IN_REACH: (_far, _nearer),
    Reason.PARTY_TOO_LARGE: (
        lambda f: f"You are {f.person.party} people, and no car at the event has so many free seats.",
        _party,
    ),
    Reason.NO_DRIVER_IN_REACH: (
        lambda f: (
            "No car at the event passes near enough to your home."
            if _rides(f)
            else "Your drive home is longer than you said."
        ),
        _detour,
    ),
    Reason.EVENT_FULL: (_FULL, _seats),
    Reason.NOT_HOME_IN_TIME: (_late, _later),
    Reason.NEEDS_NOT_OFFERED: (
        lambda f: f"No car at the event that could take you has what you need: {_needs(f)}.",
        lambda f: f"A car that fetches you and offers: {_needs(f)}.",
    ),
    Reason.COMPANY_NOT_MET: (
        _said("No driver at the event who could take you fits with the company that you or they asked for."),
        _company,
    ),
    Reason.TOGETHER_NOT_MET: (
        _said("No car at the event can take all of you who want to travel together."),
        _said("Going home in two cars, or one car more that takes all of you."),
    ),
    # As in carpool.explain.words: who is kept apart from whom is nobody's business.
    Reason.KEPT_APART: (
        _said("The drivers at the event are not ones that you can be matched with."),
        _said("Another driver."),
    ),
    Reason.SEATS_TAKEN: (_FULL, _seats),
    Reason.NOT_WORTH_THE_DRIVE: (_UNFIT, _ANOTHER),
    Reason.SEARCH_ENDED: (
        _said("There was still a way to take you home when the time for matching ended."),
        _said("A longer matching run."),
    ),
}
