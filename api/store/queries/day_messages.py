"""What was written to the people of one campaign day: counted, filtered and cut into pages by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, literal, union_all
from sqlmodel import Session, col, func, select

from api.store.queries import ringing
from api.store.tables import Lift, LiftStop, Message, Offer, Person, Request

TO_RING = ("failed", "unsure", "held", "call")
"""States of messages whose readers may know nothing."""


@dataclass(frozen=True)
class Wanted:
    """Which messages to list; "" and an empty `states` stand for whichever there are."""

    states: Sequence[str] = ()
    kind: str = ""
    words: str = ""


def counts(db: Session, campaign_id: UUID, day: date) -> dict[tuple[str, str], int]:
    """(state, kind) → messages of the day."""
    found = select(Message.state, Message.kind, func.count()).where(*_of_day(campaign_id, day))
    rows = db.exec(found.group_by(col(Message.state), col(Message.kind))).all()
    return {(state, kind): number for state, kind, number in rows}


def count(db: Session, campaign_id: UUID, day: date, wanted: Wanted) -> int:
    """How many fit on all pages."""
    found = select(func.count()).select_from(Message).where(*_fitting(campaign_id, day, wanted))
    return db.exec(found).one()


def page(
    db: Session, campaign_id: UUID, day: date, wanted: Wanted, limit: int, offset: int
) -> list[tuple[Message, Person]]:
    """One page of those wanted: whoever may know nothing first, those rung in vain behind the others; then the newest."""
    first = case((col(Message.state).in_(TO_RING), 0), else_=1)
    tried = case((col(Message.state).in_(TO_RING), ringing.tried_at(Message.person_id)), else_=None)
    order = (first, tried.asc().nulls_first(), col(Message.created_at).desc(), col(Message.id))
    ids = select(Message.id).where(*_fitting(campaign_id, day, wanted)).order_by(*order)
    shown = ids.limit(limit).offset(offset).subquery()
    found = select(Message, Person).join(Person, col(Person.id) == col(Message.person_id))
    rows = db.exec(found.join(shown, shown.c.id == col(Message.id)).order_by(*order)).all()
    return [(message, person) for message, person in rows]


def answers(db: Session, campaign_id: UUID, day: date) -> tuple[int, int, int]:
    """Of the day's people: who said yes to their lift, who has not answered, and who said no or cancelled."""
    own = (Lift.campaign_id == campaign_id, Lift.day == day, Lift.state == "published")
    drive = select(func.count(col(Lift.accepted_at)), func.count()).where(*own)
    ride = select(func.count(col(LiftStop.accepted_at)), func.count()).join(Lift)
    ride = ride.where(*own, LiftStop.state == "published")
    (driving, cars), (riding, riders) = db.exec(drive).one(), db.exec(ride).one()
    gone = 0
    for table in (Offer, Request):
        theirs = (table.campaign_id == campaign_id, table.day == day, table.state == "cancelled")
        gone += db.exec(select(func.count()).select_from(table).where(*theirs)).one()
    return driving + riding, cars + riders - driving - riding, gone


def _of_day(campaign_id: UUID, day: date) -> tuple[ColumnElement[bool], ...]:
    people = union_all(
        *(
            select(table.person_id).where(table.campaign_id == campaign_id, table.day == day)
            for table in (Offer, Request)
        )
    )
    return (col(Message.campaign_id) == campaign_id, col(Message.person_id).in_(people))


def _fitting(campaign_id: UUID, day: date, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = list(_of_day(campaign_id, day))
    if wanted.states:
        found.append(col(Message.state).in_(wanted.states))
    if wanted.kind:
        found.append(col(Message.kind) == wanted.kind)
    if wanted.words:
        named = select(literal(1)).where(
            col(Person.id) == col(Message.person_id),
            col(Person.name).icontains(wanted.words, autoescape=True),
        )
        found.append(named.exists())
    return found
