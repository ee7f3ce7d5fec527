"""A run's plan with everything that was changed by hand, and whether it may be published so."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services.hands import sides
from api.services.my_page import first_name
from api.store.queries import hands as queries
from api.store.queries import planned
from api.store.tables import Run
from carpool import Instance, Plan, violations
from carpool.check import Rule
from carpool.files import plan_from_json, plan_to_json
from carpool.plan import Reason, Stop, Trip, Unmatched

MOST_NAMED = 3


def edited(db: Session, run: Run, plan: Plan) -> Plan:
    """The solver's plan with the changes that stand, in their order. Its figures are not said again."""
    changes = queries.edits(db, run.id, undone=False)
    if not changes:
        return plan
    trips = {trip.driver: trip for trip in plan.trips}
    for change in changes:
        for trip in sides.side_of(change.before).trips:
            trips.pop(trip.driver, None)
        trips |= {trip.driver: trip for trip in sides.side_of(change.after).trips}
    return Plan(trips=tuple(trips.values()), unmatched=_left(plan, trips.values()))


def _left(plan: Plan, trips: Iterable[Trip]) -> tuple[Unmatched, ...]:
    """Who is left over: those for whom the solver had no place and still nobody has, and those who lost theirs by hand."""
    travel = {person for trip in trips for person in (trip.driver, *trip.riders)}
    had = [person for trip in plan.trips for person in (trip.driver, *trip.riders)]
    lost = (
        Unmatched(one, sides.BY_HAND, sides.LOST["text"], sides.LOST["fix"])
        for one in had
        if one not in travel
    )
    return (*(one for one in plan.unmatched or () if one.id not in travel), *lost)


def documents(db: Session, run: Run) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was solved and what came out, as the files that `carpool check` reads; by hand, with the pins that make it good.

    The format knows no hand: whoever lost their place by it is left over because the search has ended.
    """
    instance, plan = dict(run.instance or {}), dict(run.plan or {})
    changes = queries.edits(db, run.id, undone=False)
    if not changes:
        return instance, plan
    order = {one["id"]: n for n, one in enumerate([*instance["drivers"], *instance["riders"]])}
    by_hand = edited(db, run, plan_from_json(plan))
    left = [
        replace(one, reason=Reason.SEARCH_ENDED.value) if one.reason == sides.BY_HAND else one
        for one in by_hand.unmatched or ()
    ]
    left.sort(key=lambda one: order.get(one.id, 0))
    cars = {trip.driver: trip for trip in by_hand.trips}
    held = [
        one for change in changes for one in change.after["holds"] if one["kind"] == "pin" and one["force"]
    ]
    forced = {one["people"][0] for one in held if one["people"][0] in cars}
    pins = [
        {"driver": one, "event": cars[one].event, "riders": list(cars[one].riders), "force": True}
        for one in sorted(forced)
    ]
    return {**instance, "pinned": pins}, plan_to_json(replace(by_hand, unmatched=tuple(left)))


def must_hold(db: Session, run: Run, trips: tuple[Trip, ...], now: Instance) -> None:
    """Raises `Conflict` if cars that were changed by hand, or are pinned, break a rule for people as they are now.

    `trips` are those that would be published, `now` is the day's instance with its pins. People who are gone are not
    looked at: their lifts are not published, and the others' times stay as if they had come.
    """
    touched = {one for change in queries.edits(db, run.id, undone=False) for one in change.who_all}
    touched |= {one for pin in now.pinned for one in (pin.driver, *pin.riders)}
    if not touched:
        return
    cars = [trip for trip in trips if touched & {trip.driver, *trip.riders} and _is_known(now, trip)]
    there = touched | {one for trip in cars for one in (trip.driver, *trip.riders)}
    here = _only(now, there)
    bare = tuple(
        Trip(
            trip.driver,
            trip.event,
            tuple(Stop(s.rider, s.place) for s in trip.stops if s.rider in here.rider_by_id),
        )
        for trip in cars
    )
    broken = [found for found in violations(here, Plan(trips=bare)) if found.rule is not Rule.CAPACITY]
    if broken:
        ids = [UUID(found.who) for found in broken if found.who in here.index]
        raise Conflict(_words({one.who: one.rule for one in broken}, _names(db, ids)))


def _is_known(now: Instance, trip: Trip) -> bool:
    return trip.driver in now.driver_by_id and trip.event in now.event_by_id


def _only(now: Instance, people: set[str]) -> Instance:
    """The instance of these people alone."""
    return replace(
        now,
        drivers=tuple(one for one in now.drivers if one.id in people),
        riders=tuple(one for one in now.riders if one.id in people),
        apart=tuple(pair for pair in now.apart if people.issuperset(pair)),
        together=tuple(group for group in now.together if people.issuperset(group)),
        published=(),
    )


def _names(db: Session, ids: list[UUID]) -> dict[str, str]:
    return {str(one): first_name(found[1]) for one, found in planned.people(db, ids).items()}


def _words(broken: Mapping[str, Rule], names: Mapping[str, str]) -> str:
    said = [names.get(who, "somebody") for who in broken]
    who = ", ".join(dict.fromkeys(said[:MOST_NAMED])) + (" and others" if len(said) > MOST_NAMED else "")
    pinned = any(rule is Rule.PINNED for rule in broken.values())
    why = (
        "is not as it is pinned"
        if pinned
        else "breaks a rule, perhaps because somebody changed their answers"
    )
    return (
        f"The plan {why}: look at the car of {who}. Change it by hand, or take the pin off, then publish. "
        "Nothing was published."
    )
