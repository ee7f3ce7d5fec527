"""Tries that count against a limit."""

from datetime import datetime

from sqlalchemy import func, text
from sqlmodel import Session, col, delete, select

from api.store.tables import Attempt


def add_within(
    db: Session, what: str, who: bytes, most: int, since: datetime, at: datetime, *, alone: bool
) -> datetime | None:
    """Adds a try unless there were `most` since `since`; None if it was added, else the oldest of them.

    Tries of one address take turns, so that many at a moment cannot all pass. `alone`: nothing else is in the
    transaction.
    """
    db.exec(select(func.pg_advisory_xact_lock(int.from_bytes(who[:8], signed=True))))
    within = select(func.count(), func.min(Attempt.at))
    within = within.where(Attempt.what == what, Attempt.who == who, col(Attempt.at) > since)
    tries, oldest = db.exec(within).one()
    if tries >= most:
        return oldest or at
    if alone:
        # A crash may lose the last few tries; nobody waits for the disk on their account.
        db.connection().execute(text("SET LOCAL synchronous_commit = off"))
    db.add(Attempt(what=what, who=who, at=at))
    db.flush()
    return None


def remove(db: Session, what: str, who: bytes) -> None:
    db.exec(delete(Attempt).where(col(Attempt.what) == what, col(Attempt.who) == who))


def remove_newest(db: Session, what: str, who: bytes) -> None:
    """Takes one try back."""
    newest = select(Attempt.id).where(Attempt.what == what, Attempt.who == who)
    newest = newest.order_by(col(Attempt.at).desc(), col(Attempt.id).desc()).limit(1)
    db.exec(delete(Attempt).where(col(Attempt.id).in_(newest)))
