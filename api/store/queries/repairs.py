"""Repairs: each step from one state to the next is one conditional UPDATE, so that of two who try at once one wins."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select, update

from api.store.tables import Arrival, Lift, LiftStop, Message, Offer, Person, Repair, Request

LARGE = (defer(Repair.instance), defer(Repair.plan))  # type: ignore[arg-type]  # columns, as the class has them
LOST_BY = ("driver_cancelled", "lift_off")
"""What tells somebody that the lift is off. Until they are told of another or of none, they wait for an answer."""


def add_once(db: Session, repair: Repair) -> bool:
    """Insert it; False if one of that day waits to begin already, and repairs this, too."""
    # Written out: with a parameter in its place PostgreSQL finds no such index once it plans the statement for all values.
    waits = text("state = 'queued'")
    added = insert(Repair).values(repair.model_dump())
    added = added.on_conflict_do_nothing(index_elements=["campaign_id", "day"], index_where=waits)
    return db.exec(added.returning(col(Repair.id))).first() is not None


def by_id(db: Session, repair_id: UUID) -> Repair | None:
    return db.get(Repair, repair_id, populate_existing=True)


def step(db: Session, repair_id: UUID, before: Sequence[str], **values: Any) -> bool:
    """Change the repair if its state is one of `before`; whether it was."""
    done = update(Repair).where(col(Repair.id) == repair_id, col(Repair.state).in_(before))
    return bool(db.exec(done.values(**values)).rowcount)


def replace_proposals(db: Session, campaign_id: UUID, day: date, at: datetime) -> None:
    """What was proposed before counts no more: somebody looks anew."""
    mine = update(Repair).where(col(Repair.campaign_id) == campaign_id, col(Repair.day) == day)
    mine = mine.where(col(Repair.state) == "waiting")
    db.exec(mine.values(state="replaced", finished_at=at, instance=None, plan=None))


def going(db: Session) -> Sequence[UUID]:
    """Repairs that some worker should be at."""
    return db.exec(select(Repair.id).where(col(Repair.state).in_(("queued", "running")))).all()


def due(db: Session, at: datetime) -> Sequence[UUID]:
    """Proposals whose time to be answered is over."""
    return db.exec(select(Repair.id).where(Repair.state == "waiting", col(Repair.answer_by) <= at)).all()


def of_day(db: Session, campaign_id: UUID, day: date, *states: str, most: int = 20) -> Sequence[Repair]:
    """Newest first, without instances and plans."""
    found = select(Repair).where(
        Repair.campaign_id == campaign_id, Repair.day == day, col(Repair.state).in_(states)
    )
    found = found.options(*LARGE).order_by(col(Repair.created_at).desc()).limit(most)
    return db.exec(found.execution_options(populate_existing=True)).all()


def unanswered(db: Session, campaign_id: UUID, day: date) -> list[tuple[Request, Person]]:
    """Riders who were told that their lift is off, and neither of another one nor that there is none."""
    found = select(Request, Person).join(Person, col(Person.id) == col(Request.person_id))
    found = found.where(Request.campaign_id == campaign_id, Request.day == day, Request.state == "active")
    lost, told = _last(*LOST_BY), _last("no_lift")
    found = found.where(_rides(), lost.is_not(None), or_(told.is_(None), told < lost))
    rows = db.exec(found.order_by(col(Request.created_at), col(Request.id))).all()
    return [(row[0], row[1]) for row in rows]


def _rides() -> ColumnElement[bool]:
    """Of a request that no standing lift takes."""
    stop = select(LiftStop.id).where(LiftStop.request_id == Request.id, LiftStop.state == "published")
    return ~stop.exists()


def _last(*kinds: str) -> ColumnElement[datetime | None]:
    """When a person was last written one of these."""
    found = select(func.max(Message.created_at)).where(
        Message.person_id == Person.id, col(Message.kind).in_(kinds)
    )
    return found.correlate(Person).scalar_subquery()


def out_of_reach(db: Session, campaign_id: UUID, day: date, at: datetime) -> set[UUID]:
    """Sign-ups that no repair can bring to an event: drivers who are missing, and riders without a lift who are on the way,
    have come by themselves or have not come."""
    missing = select(Arrival.offer_id).join(Offer, col(Offer.id) == col(Arrival.offer_id))
    missing = missing.where(Offer.campaign_id == campaign_id, Offer.day == day, Arrival.state == "no_show")
    left = select(Arrival.request_id).join(Request, col(Request.id) == col(Arrival.request_id))
    # Whoever was to be picked up by now is on the road, not at home where a car would look for them.
    begun = select(LiftStop.id).where(
        LiftStop.request_id == Request.id, LiftStop.state == "cancelled", col(LiftStop.pick_up_at) <= at
    )
    gone = or_(and_(col(Arrival.on_the_way), begun.exists()), col(Arrival.state).in_(("arrived", "no_show")))
    left = left.where(Request.campaign_id == campaign_id, Request.day == day, gone, _rides())
    return {found for found in (*db.exec(missing).all(), *db.exec(left).all()) if found is not None}


def has_lifts(db: Session, campaign_id: UUID, day: date) -> bool:
    """Whether anything was ever published for the day."""
    found = select(Lift.id).where(Lift.campaign_id == campaign_id, Lift.day == day)
    return db.exec(found.limit(1)).first() is not None


def names(db: Session, sign_up_ids: set[UUID]) -> dict[UUID, str]:
    """Sign-up → the name of whoever sent it in."""
    found: dict[UUID, str] = {}
    for table in (Offer, Request):
        rows = select(table.id, Person.name).join(Person, col(Person.id) == col(table.person_id))
        found.update({row[0]: row[1] for row in db.exec(rows.where(col(table.id).in_(sign_up_ids))).all()})
    return found
