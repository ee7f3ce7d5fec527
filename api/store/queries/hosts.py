"""Hosts of events and their keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from api.store.tables import Event, Host, HostLink, HostSession, Message


def add(db: Session, host: Host) -> bool:
    """False, and nothing is there, if the event has a host of this address already."""
    try:
        with db.begin_nested():
            db.add(host)
            db.flush()
    except IntegrityError as error:
        if "one_host_an_address" not in str(error.orig):
            raise
        return False
    return True


def by_id(db: Session, host_id: UUID) -> Host | None:
    return db.get(Host, host_id)


def of_event(db: Session, event_id: UUID) -> list[Host]:
    """Those whose keys open it, in the order in which they were added."""
    found = select(Host).where(Host.event_id == event_id, col(Host.revoked_at).is_(None))
    return list(db.exec(found.order_by(col(Host.created_at), col(Host.id))).all())


def revoke(db: Session, host_id: UUID, at: datetime) -> bool:
    """Whether the host could get in until now. All their keys go."""
    done = db.exec(
        update(Host).where(col(Host.id) == host_id, col(Host.revoked_at).is_(None)).values(revoked_at=at)
    )
    drop_keys(db, host_id)
    return bool(done.rowcount)


def drop_keys(db: Session, host_id: UUID) -> None:
    for table in (HostLink, HostSession):
        db.exec(delete(table).where(col(table.host_id) == host_id))


def add_link(db: Session, host_id: UUID, token_hash: bytes, expires_at: datetime) -> None:
    db.add(HostLink(host_id=host_id, token_hash=token_hash, expires_at=expires_at))
    db.flush()


def add_session(db: Session, host_id: UUID, token_hash: bytes, expires_at: datetime) -> None:
    db.add(HostSession(host_id=host_id, token_hash=token_hash, expires_at=expires_at))
    db.flush()


def drop_session(db: Session, token_hash: bytes) -> None:
    db.exec(delete(HostSession).where(col(HostSession.token_hash) == token_hash))


def of_link(db: Session, token_hash: bytes, at: datetime) -> Host | None:
    """Whose link it is, while it is good."""
    return _of_key(db, HostLink, token_hash, at)


def of_session(db: Session, token_hash: bytes, at: datetime) -> Host | None:
    return _of_key(db, HostSession, token_hash, at)


def _of_key(
    db: Session, table: type[HostLink] | type[HostSession], token_hash: bytes, at: datetime
) -> Host | None:
    found = select(Host).join(table, col(table.host_id) == col(Host.id))
    found = found.where(col(table.token_hash) == token_hash, col(table.expires_at) > at)
    return db.exec(found.where(col(Host.revoked_at).is_(None))).first()


def latest_message(db: Session, host_id: UUID) -> Message | None:
    """The newest message to a host, which brings their link."""
    found = select(Message).where(Message.host_id == host_id)
    return db.exec(found.order_by(col(Message.created_at).desc()).limit(1)).first()


def event(db: Session, event_id: UUID) -> Event | None:
    return db.get(Event, event_id)
