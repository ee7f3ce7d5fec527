"""Who was erased, by their ids."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from api.store.backup.tombstones import Tombstone
from api.store.tables import Erased


def everybody(db: Session) -> list[Tombstone]:
    return [Tombstone(one.at.date(), one.what, one.id) for one in db.exec(select(Erased)).all()]


def drop_older(db: Session, before: datetime) -> int:
    """Forget those of whom no backup that may be restored holds anything."""
    return db.exec(delete(Erased).where(col(Erased.at) < before)).rowcount
