"""The record's chain: each entry carries the hash of the one before it, so that a changed or missing one shows.

Entries wait until their transaction commits and are appended then, in it and under one lock. So nobody waits for the
record while somebody else's long work goes on, and an entry is there exactly if what it tells is.
"""

import hashlib
import json
from datetime import UTC
from typing import Any

from sqlalchemy import event, func
from sqlmodel import Session, col, select

from api.store.tables import AuditEntry

# Any number, the same for every process of ours: those who append take turns.
LOCK = 13_2017_06_08
BEGINNING = bytes(32)
"""What the first entry carries."""
_PENDING, _OTHERWISE, _WRITTEN = "record", "record otherwise", "record written"


def put(db: Session, entry: AuditEntry) -> None:
    """Append the entry when the transaction commits."""
    if not db.in_transaction():
        # So that there is something to roll back.
        db.begin()
    db.info.setdefault(_PENDING, []).append(entry)


def put_otherwise(db: Session, entry: AuditEntry) -> None:
    """Append the entry at the end of the request if nothing else was put down in it."""
    db.info[_OTHERWISE] = entry


def complete(db: Session) -> None:
    """The request is over and about to commit."""
    entry = db.info.pop(_OTHERWISE, None)
    if entry is not None and not db.info.get(_PENDING) and not db.info.get(_WRITTEN):
        put(db, entry)


def hash_of(entry: AuditEntry) -> bytes:
    """Of all that the entry says and of the hash before it."""
    ids = (entry.coordinator_id, entry.host_id, entry.campaign_id, entry.subject_id)
    said = [entry.id, entry.at.astimezone(UTC).isoformat(), entry.what, *(one and str(one) for one in ids)]
    return hashlib.sha256(entry.previous + json.dumps(said).encode()).digest()


@event.listens_for(Session, "before_commit")
def _append(db: Any) -> None:
    if not db.in_nested_transaction() and (entries := db.info.pop(_PENDING, None)):
        db.execute(select(func.pg_advisory_xact_lock(LOCK)))
        newest = select(AuditEntry.id, AuditEntry.hash).order_by(col(AuditEntry.id).desc()).limit(1)
        number, previous = db.execute(newest).first() or (0, BEGINNING)
        for number, entry in enumerate(entries, number + 1):  # noqa: B020  It goes on where the record ends.
            entry.id, entry.previous = number, previous
            entry.hash = previous = hash_of(entry)
        db.add_all(entries)
        db.info[_WRITTEN] = True


@event.listens_for(Session, "after_soft_rollback")
def _forget(db: Any, ended: Any) -> None:
    """What a part of a transaction took back is no matter: entries are about the whole."""
    if ended.parent is None:
        db.info.pop(_PENDING, None)
        db.info.pop(_OTHERWISE, None)
