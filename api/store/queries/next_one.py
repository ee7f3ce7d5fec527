"""Who agreed to hear of the next campaign."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, func, select

from api.store.tables import NextOne


def add(db: Session, row: NextOne) -> None:
    """Once an address: who says it again is there already."""
    added = insert(NextOne).values(row.model_dump())
    db.exec(added.on_conflict_do_nothing(constraint="once_an_address"))


def of_addresses(db: Session, campaign_id: UUID, addresses: Sequence[str], at: datetime) -> NextOne | None:
    found = select(NextOne).where(NextOne.campaign_id == campaign_id, col(NextOne.address).in_(addresses))
    return db.exec(found.where(NextOne.expires_at > at).order_by(col(NextOne.consent_at))).first()


def of_campaign(db: Session, campaign_id: UUID, at: datetime) -> list[NextOne]:
    """By name."""
    found = select(NextOne).where(NextOne.campaign_id == campaign_id, NextOne.expires_at > at)
    return list(db.exec(found.order_by(func.lower(NextOne.name), col(NextOne.id))).all())


def count(db: Session, campaign_id: UUID, at: datetime) -> int:
    found = select(func.count()).select_from(NextOne)
    return db.exec(found.where(NextOne.campaign_id == campaign_id, NextOne.expires_at > at)).one()


def drop(db: Session, row_id: UUID) -> None:
    db.exec(delete(NextOne).where(col(NextOne.id) == row_id))


def drop_addresses(db: Session, campaign_id: UUID, addresses: Sequence[str]) -> None:
    own = col(NextOne.campaign_id) == campaign_id
    db.exec(delete(NextOne).where(own, col(NextOne.address).in_(addresses)))


def drop_expired(db: Session, at: datetime) -> int:
    return db.exec(delete(NextOne).where(col(NextOne.expires_at) <= at)).rowcount
