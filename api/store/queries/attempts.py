"""Tries that count against a limit."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from api.store.tables import Attempt

TURN = text("SELECT pg_advisory_xact_lock(:who)")
WITHIN = "FROM attempt WHERE what = :what AND who = :who AND at > :since"
ADD = text(f"""
INSERT INTO attempt (what, who, at)
SELECT CAST(:what AS varchar), :who, CAST(:at AS timestamptz) WHERE (SELECT count(*) {WITHIN}) < :most
""")
OLDEST = text(f"SELECT min(at) {WITHIN}")


def add_within(
    db: Session, what: str, who: bytes, most: int, since: datetime, at: datetime, *, alone: bool
) -> datetime | None:
    """Adds a try unless there were `most` since `since`; None if it was added, else the oldest of them.

    Tries of one address take turns, so that many at a moment cannot all pass. `alone`: nothing else is in the
    transaction.
    """
    db.connection().execute(TURN, {"who": int.from_bytes(who[:8], signed=True)})
    if alone:
        # A crash may lose the last few tries; nobody waits for the disk on their account.
        db.connection().execute(text("SET LOCAL synchronous_commit = off"))
    tried = {"what": what, "who": who, "since": since}
    if db.connection().execute(ADD, {**tried, "at": at, "most": most}).rowcount:
        return None
    return db.connection().execute(OLDEST, tried).scalar_one() or at


def remove(db: Session, what: str, who: bytes) -> None:
    db.exec(delete(Attempt).where(col(Attempt.what) == what, col(Attempt.who) == who))


def remove_newest(db: Session, what: str, who: bytes) -> None:
    """Takes one try back."""
    newest = select(Attempt.id).where(Attempt.what == what, Attempt.who == who)
    newest = newest.order_by(col(Attempt.at).desc(), col(Attempt.id).desc()).limit(1)
    db.exec(delete(Attempt).where(col(Attempt.id).in_(newest)))
