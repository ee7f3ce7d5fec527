"""The list of those in no trip: complete, each once, in the instance's order, each with a known reason and words."""

from collections.abc import Iterator

from carpool.check.violation import Rule, Violation
from carpool.instance import Instance
from carpool.plan import Plan, Reason, Unmatched
from carpool.show import show

_REASONS = frozenset(Reason)


def unmatched_violations(instance: Instance, plan: Plan) -> list[Violation]:
    """What is wrong with `unmatched`; nothing in a plan without it."""
    if plan.unmatched is None:
        return []
    return [
        *_who_is_left(instance, plan, [entry.id for entry in plan.unmatched]),
        *(violation for entry in plan.unmatched for violation in _words(entry)),
    ]


def _who_is_left(instance: Instance, plan: Plan, listed: list[str]) -> Iterator[Violation]:
    travels = {person for trip in plan.trips for person in (trip.driver, *trip.riders)}
    position = instance.index
    left = [person for person in position if person not in travels]
    seen: set[str] = set()
    for person in listed:
        if person not in position:
            yield Violation(Rule.UNKNOWN, person, "is in unmatched, but not in the instance")
        elif person in travels:
            yield Violation(Rule.UNMATCHED, person, "is in unmatched, but has a trip")
        elif person in seen:
            yield Violation(Rule.UNMATCHED, person, "is in unmatched twice")
        seen.add(person)
    for person in left:
        if person not in seen:
            yield Violation(Rule.UNMATCHED, person, "has no trip, but is not in unmatched")
    known = [position[person] for person in listed if person in position]
    if known != sorted(known):
        yield Violation(Rule.ORDER, "unmatched", "is not in the order of the instance: drivers, then riders")


def _words(entry: Unmatched) -> Iterator[Violation]:
    if entry.reason is not None and entry.reason not in _REASONS:
        yield Violation(Rule.UNMATCHED, entry.id, f"{show(entry.reason)} is no reason that the format knows")
    if entry.text == "":
        yield Violation(Rule.UNMATCHED, entry.id, "text is empty")
    if entry.fix == "":
        yield Violation(Rule.UNMATCHED, entry.id, "fix is empty")
