"""What coordinators decided for a day by hand: pins, pairs that ride apart, people who stay out."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from api.store.tables import Hold, HoldPerson

Held = tuple[Hold, tuple[UUID, ...]]
"""A hold with its people; of a pin the driver comes first, and the riders as they are fetched."""


def of_day(db: Session, campaign_id: UUID, day: date) -> list[Held]:
    """Oldest first."""
    found = select(Hold).where(Hold.campaign_id == campaign_id, Hold.day == day)
    return _with_people(db, list(db.exec(found.order_by(col(Hold.made_at), col(Hold.id))).all()))


def of_people(db: Session, campaign_id: UUID, day: date, ids: Iterable[UUID]) -> list[Held]:
    """Those that are about one of these sign-ups."""
    mine = select(HoldPerson.hold_id).where(
        HoldPerson.campaign_id == campaign_id,
        HoldPerson.day == day,
        col(HoldPerson.sign_up_id).in_(list(ids)),
    )
    found = select(Hold).where(col(Hold.id).in_(mine)).order_by(col(Hold.made_at), col(Hold.id))
    return _with_people(db, list(db.exec(found).all()))


def by_id(db: Session, campaign_id: UUID, day: date, hold_id: UUID) -> Held | None:
    found = select(Hold).where(Hold.id == hold_id, Hold.campaign_id == campaign_id, Hold.day == day)
    return next(iter(_with_people(db, list(db.exec(found).all()))), None)


def put(db: Session, hold: Hold, people: Sequence[UUID]) -> bool:
    """Keep it; False if somebody of it has another place by hand already."""
    about: dict[str, Any] = {
        "hold_id": hold.id,
        "campaign_id": hold.campaign_id,
        "day": hold.day,
        "kind": hold.kind,
    }
    rows = [HoldPerson(**about, sign_up_id=one, position=position) for position, one in enumerate(people)]
    try:
        with db.begin_nested():
            db.add(hold)
            db.flush()
            db.add_all(rows)
            db.flush()
    except IntegrityError as error:
        if "one_place_by_hand" not in str(error.orig):
            raise
        return False
    return True


def drop(db: Session, ids: Iterable[UUID]) -> int:
    """Take them off; how many were there."""
    dropped = db.exec(delete(Hold).where(col(Hold.id).in_(list(ids)))).rowcount
    db.expire_all()
    return dropped


def _with_people(db: Session, found: list[Hold]) -> list[Held]:
    people: dict[UUID, list[UUID]] = {hold.id: [] for hold in found}
    rows = select(HoldPerson).where(col(HoldPerson.hold_id).in_(list(people)))
    for row in db.exec(rows.order_by(col(HoldPerson.position))).all():
        people[row.hold_id].append(row.sign_up_id)
    return [(hold, tuple(people[hold.id])) for hold in found]
