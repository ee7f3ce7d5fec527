"""The record of who did what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.store import chain
from api.store.tables import AuditEntry, Coordinator

MANY = 1000


@dataclass(frozen=True)
class Wanted:
    """Which entries of a campaign: by whom (`hosts`: by any host), what, and between which moments."""

    campaign_id: UUID
    coordinator_id: UUID | None = None
    hosts: bool = False
    what: str = ""
    since: datetime | None = None
    before: datetime | None = None


def entries(db: Session, wanted: Wanted, limit: int, offset: int) -> Sequence[AuditEntry]:
    """Newest first."""
    found = select(AuditEntry).where(*_conditions(wanted)).order_by(col(AuditEntry.id).desc())
    return db.exec(found.limit(limit).offset(offset)).all()


def count(db: Session, wanted: Wanted) -> int:
    return db.exec(select(func.count()).select_from(AuditEntry).where(*_conditions(wanted))).one()


def kinds(db: Session, campaign_id: UUID) -> list[str]:
    """All that was done in a campaign, each once."""
    found = select(AuditEntry.what).where(AuditEntry.campaign_id == campaign_id).distinct()
    return sorted(db.exec(found).all())


def people(db: Session, campaign_id: UUID) -> Sequence[Coordinator]:
    """Everybody who did something in a campaign, also those who run it no longer."""
    acted = select(AuditEntry.coordinator_id).where(AuditEntry.campaign_id == campaign_id)
    return db.exec(select(Coordinator).where(col(Coordinator.id).in_(acted)).order_by(Coordinator.name)).all()


def whole(db: Session) -> Iterator[AuditEntry]:
    """The whole record in order, a piece at a time, so that a long one fits in memory."""
    last = 0
    while piece := db.exec(_after(last)).all():
        yield from piece
        last = piece[-1].id or 0
        for entry in piece:
            db.expunge(entry)


def _after(number: int) -> SelectOfScalar[AuditEntry]:
    return select(AuditEntry).where(col(AuditEntry.id) > number).order_by(col(AuditEntry.id)).limit(MANY)


def by_number(db: Session, number: int) -> AuditEntry | None:
    return db.get(AuditEntry, number)


def hash_of(entry: AuditEntry) -> bytes:
    """What the entry's hash must be."""
    return chain.hash_of(entry)


def _conditions(wanted: Wanted) -> list[Any]:
    conditions: list[Any] = [AuditEntry.campaign_id == wanted.campaign_id]
    if wanted.coordinator_id is not None:
        conditions.append(AuditEntry.coordinator_id == wanted.coordinator_id)
    if wanted.hosts:
        conditions.append(col(AuditEntry.host_id).is_not(None))
    if wanted.what:
        conditions.append(AuditEntry.what == wanted.what)
    if wanted.since is not None:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.before is not None:
        conditions.append(AuditEntry.at < wanted.before)
    return conditions
