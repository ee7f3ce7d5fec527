"""Drafts: answers that are not sent yet."""

from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from api.store.tables import Draft


def find(db: Session, token_hash: bytes, campaign_id: UUID) -> Draft | None:
    mine = select(Draft).where(Draft.token_hash == token_hash, Draft.campaign_id == campaign_id)
    return db.exec(mine).first()


def find_or_add(db: Session, token_hash: bytes, campaign_id: UUID) -> Draft:
    """The draft, locked until the transaction ends, so that of two tabs neither loses the other's answers."""
    place = {"token_hash": token_hash, "campaign_id": campaign_id}
    db.exec(insert(Draft).values(id=uuid4(), answers={}, **place).on_conflict_do_nothing())
    mine = select(Draft).where(Draft.token_hash == token_hash, Draft.campaign_id == campaign_id)
    return db.exec(mine.with_for_update().execution_options(populate_existing=True)).one()


def delete_one(db: Session, token_hash: bytes, campaign_id: UUID) -> None:
    db.exec(delete(Draft).where(col(Draft.token_hash) == token_hash, col(Draft.campaign_id) == campaign_id))
