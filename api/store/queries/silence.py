"""Who has not said that they come, of the cars that somebody counts on. One page of them, and how many there are."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from api.store.tables import Event, Lift, LiftStop, Offer, Person, Request


def drivers(
    db: Session,
    campaign_id: UUID,
    day: date,
    published_by: datetime,
    now: datetime,
    events: Collection[UUID] | None,
    most: int,
) -> tuple[int, Sequence[tuple[Lift, Person, int]]]:
    """How many drivers are silent, and the first of them to leave: lift, driver, how many people ride with them."""
    people = select(func.sum(Request.party)).join(LiftStop, col(LiftStop.request_id) == col(Request.id))
    people = people.where(LiftStop.lift_id == Lift.id, LiftStop.state == "published")
    riding = people.scalar_subquery()
    asked = _standing(campaign_id, day, published_by, now, events)
    asked += (col(Lift.accepted_at).is_(None), riding.is_not(None))
    found = select(Lift, Person, riding).join(Offer, col(Offer.id) == col(Lift.offer_id))
    found = found.join(Person, col(Person.id) == col(Offer.person_id)).where(*asked)
    total = db.exec(select(func.count(col(Lift.id))).where(*asked)).one()
    rows = db.exec(found.order_by(col(Lift.departs_at), col(Lift.id)).limit(most)).all()
    return total, [(row[0], row[1], int(row[2])) for row in rows]


def riders(
    db: Session,
    campaign_id: UUID,
    day: date,
    published_by: datetime,
    now: datetime,
    events: Collection[UUID] | None,
    most: int,
) -> tuple[int, Sequence[Person]]:
    """The same of riders."""
    asked = _standing(campaign_id, day, published_by, now, events)
    asked += (LiftStop.state == "published", col(LiftStop.accepted_at).is_(None))
    found = select(Person).join(Request, col(Request.person_id) == col(Person.id))
    found = found.join(LiftStop, col(LiftStop.request_id) == col(Request.id))
    found = found.join(Lift, col(Lift.id) == col(LiftStop.lift_id)).where(*asked)
    count = select(func.count(col(LiftStop.id))).join(Lift, col(Lift.id) == col(LiftStop.lift_id))
    total = db.exec(count.where(*asked)).one()
    order = (col(Lift.departs_at), col(Lift.id), col(LiftStop.position))
    return total, db.exec(found.order_by(*order).limit(most)).all()


def _standing(
    campaign_id: UUID, day: date, published_by: datetime, now: datetime, events: Collection[UUID] | None
) -> tuple[Any, ...]:
    """Lifts to open events that were published in time to be answered, and have not left."""
    open_ones = select(Event.id).where(
        Event.campaign_id == campaign_id, Event.day == day, Event.state == "open"
    )
    if events is not None:
        open_ones = open_ones.where(col(Event.id).in_(list(events)))
    return (
        Lift.campaign_id == campaign_id,
        Lift.day == day,
        Lift.state == "published",
        col(Lift.created_at) <= published_by,
        col(Lift.departs_at) > now,
        col(Lift.event_id).in_(open_ones),
    )
