"""What coordinators decided for a day by hand, as the instance of a later run says it: pins, pairs apart, people out.

A decision about somebody who is gone since, or one that no plan can keep any more, is left out of the instance: it must
not stop everybody else's match. The page of the decisions says which these are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.services import audit
from api.store.queries import holds as queries
from api.store.queries.holds import Held
from api.store.tables import Campaign, Coordinator, Hold
from carpool import Instance
from carpool.instance import PinnedTrip
from carpool.pins import pin_faults

PIN, APART, OUT = "pin", "apart", "out"
TAKEN = (
    "Somebody of this change is pinned or taken out otherwise by now. Take that off first, under “By hand”."
)


def out_of(held: Iterable[Held]) -> set[UUID]:
    """Who stays out of every plan of the day."""
    return {one for hold, people in held if hold.kind == OUT for one in people}


def pairs(held: Iterable[Held], taking_part: set[str]) -> tuple[tuple[str, str], ...]:
    """The pairs that ride apart, both of whom take part."""
    found = [tuple(str(one) for one in people) for hold, people in held if hold.kind == APART]
    return tuple((one, other) for one, other in found if taking_part.issuperset((one, other)))


def pin_of(hold: Hold, people: Iterable[UUID], instance: Instance) -> PinnedTrip | None:
    """The pin without riders who are gone; None if its driver or its event is, or it says nothing any more."""
    driver, *riders = (str(one) for one in people)
    if driver not in instance.driver_by_id or str(hold.event_id) not in instance.event_by_id:
        return None
    left = tuple(rider for rider in riders if rider in instance.rider_by_id)
    return PinnedTrip(driver, str(hold.event_id), left, full=hold.full, force=hold.force)


def with_pins(instance: Instance, held: Iterable[Held]) -> Instance:
    """The instance with the day's pins, less those that no plan of these people can keep."""
    found = [pin_of(hold, people, instance) for hold, people in held if hold.kind == PIN]
    pins = tuple(pin for pin in found if pin is not None)
    if not pins:
        return instance
    pinned = replace(instance, pinned=pins)
    while faults := pin_faults(pinned):
        bad = {int(fault.path.removeprefix("pinned[").removesuffix("]")) for fault in faults}
        pins = tuple(pin for number, pin in enumerate(pinned.pinned) if number not in bad)
        pinned = replace(instance, pinned=pins)
    return pinned


def document(hold: Hold, people: Iterable[UUID]) -> dict[str, Any]:
    """A hold as a change keeps it, to put it back when it is undone."""
    return {
        "id": str(hold.id),
        "kind": hold.kind,
        "event": str(hold.event_id) if hold.event_id else None,
        "people": [str(one) for one in people],
        "full": hold.full,
        "force": hold.force,
        "reason": hold.reason,
        "by": str(hold.made_by),
    }


def new(kind: str, people: Iterable[str], coordinator: Coordinator, **more: Any) -> dict[str, Any]:
    """The document of a hold to be."""
    plain = {"event": None, "full": False, "force": False, "reason": None}
    return (
        {"id": str(uuid4()), "kind": kind, "people": list(people), "by": str(coordinator.id)} | plain | more
    )


def change(
    db: Session,
    campaign: Campaign,
    day: date,
    off: Iterable[Mapping[str, Any]],
    on: Iterable[Mapping[str, Any]],
) -> None:
    """Take some holds off and put others on. Raises `Conflict` for somebody who is held otherwise."""
    queries.drop(db, [UUID(one["id"]) for one in off])
    for one in on:
        hold = Hold(
            id=UUID(one["id"]), campaign_id=campaign.id, day=day, kind=one["kind"], full=one["full"],
            event_id=UUID(one["event"]) if one["event"] else None, force=one["force"], reason=one["reason"],
            made_by=UUID(one["by"]),
        )  # fmt: skip
        if not queries.put(db, hold, [UUID(person) for person in one["people"]]):
            raise Conflict(TAKEN)


def take_off(db: Session, campaign: Campaign, day: date, hold_id: UUID, coordinator: Coordinator) -> None:
    """Let later runs decide again. Raises `NotFound` for what is not held, or no longer."""
    if queries.by_id(db, campaign.id, day, hold_id) is None:
        raise NotFound("This is not held any more. Somebody else may have taken it off.")
    queries.drop(db, [hold_id])
    audit.record(db, coordinator, "hold taken off", campaign_id=campaign.id, subject_id=hold_id)
