"""A run's plan with everything that was changed by hand."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from api.services.hands import sides
from api.store.queries import hands as queries
from api.store.tables import Run
from carpool import Plan
from carpool.files import plan_from_json, plan_to_json
from carpool.plan import Reason, Trip, Unmatched


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
