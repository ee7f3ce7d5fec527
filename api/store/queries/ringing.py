"""Who rings whom: of two coordinators who begin at once, one does, and the other is told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, text
from sqlmodel import Session, col, literal, not_, select

from api.store.queries.among import among
from api.store.tables import Ringing

CLAIM = text(
    """
INSERT INTO ringing (person_id, coordinator_id, since, tries)
SELECT id, :who, :at, 0 FROM unnest(CAST(:people AS uuid[])) id ORDER BY id
ON CONFLICT (person_id) DO UPDATE SET coordinator_id = :who, since = :at
  WHERE ringing.since IS NULL OR ringing.since < :stale OR ringing.coordinator_id = :who
RETURNING person_id
"""
)
END = text(
    """
UPDATE ringing SET since = NULL, result = :result, result_at = :at, tries = tries + 1
WHERE person_id = :person AND coordinator_id = :who AND since IS NOT NULL
RETURNING person_id
"""
)


def claim(db: Session, people: Collection[UUID], who: UUID, at: datetime, stale: datetime) -> set[UUID]:
    """Whom of these people the coordinator rings from now on: whoever nobody else has rung since `stale`."""
    values = {"people": [str(one) for one in people], "who": who, "at": at, "stale": stale}
    return set(db.connection().execute(CLAIM, values).scalars())


def end(db: Session, person_id: UUID, who: UUID, result: str, at: datetime) -> bool:
    """What came of it: others may ring them again. False if this coordinator does not ring them, or has said so already."""
    values = {"person": person_id, "who": who, "result": result, "at": at}
    return db.connection().execute(END, values).scalar() is not None


def of(db: Session, people: Collection[UUID]) -> dict[UUID, Ringing]:
    """What is known of these people."""
    found = select(Ringing).where(among(Ringing.person_id, people))
    rows = db.exec(found.execution_options(populate_existing=True)).all()
    return {row.person_id: row for row in rows}


def free(person_id: UUID | None, who: UUID, stale: datetime) -> ColumnElement[bool]:
    """Of a column of people: nobody but this coordinator rings them."""
    other = select(literal(1)).where(
        col(Ringing.person_id) == col(person_id), col(Ringing.since) >= stale, Ringing.coordinator_id != who
    )
    return not_(other.exists())


def tried_at(person_id: UUID | None) -> ScalarSelect[datetime | None]:
    """When a column's person was rung last, to no avail or not."""
    return select(Ringing.result_at).where(col(Ringing.person_id) == col(person_id)).scalar_subquery()
