"""Notes to the coordinators on who must not travel with whom."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select, update

from api.store.tables import Avoidance, Person


def add(db: Session, note: Avoidance) -> None:
    db.add(note)
    db.flush()


def count(db: Session, person_id: UUID) -> int:
    """How many notes somebody has written."""
    return db.exec(select(func.count()).select_from(Avoidance).where(Avoidance.person_id == person_id)).one()


def of_person(db: Session, person_id: UUID) -> Sequence[Avoidance]:
    """Everything that somebody wrote, oldest first."""
    own = select(Avoidance).where(Avoidance.person_id == person_id)
    return db.exec(own.order_by(col(Avoidance.created_at), col(Avoidance.id))).all()


def waiting(db: Session, campaign_id: UUID, day: date) -> list[tuple[Avoidance, Person]]:
    """The day's notes that nobody has looked after, oldest first."""
    found = select(Avoidance, Person).join(Person, col(Person.id) == col(Avoidance.person_id))
    found = found.where(
        Avoidance.campaign_id == campaign_id, Avoidance.day == day, col(Avoidance.closed_at).is_(None)
    )
    rows = db.exec(found.order_by(col(Avoidance.created_at), col(Avoidance.id))).all()
    return [(row[0], row[1]) for row in rows]


def by_id(db: Session, campaign_id: UUID, note_id: UUID) -> tuple[Avoidance, Person] | None:
    """A note of this campaign that nobody has looked after, with who wrote it."""
    found = select(Avoidance, Person).join(Person, col(Person.id) == col(Avoidance.person_id))
    found = found.where(
        Avoidance.id == note_id, Avoidance.campaign_id == campaign_id, col(Avoidance.closed_at).is_(None)
    )
    row = db.exec(found).one_or_none()
    return (row[0], row[1]) if row else None


def close(db: Session, note_id: UUID, at: datetime) -> bool:
    """Whether it was open until now. What was said in it is not needed any more."""
    closed = update(Avoidance).where(col(Avoidance.id) == note_id, col(Avoidance.closed_at).is_(None))
    return bool(db.exec(closed.values(closed_at=at, said="")).rowcount)
