"""Coordinators and their log-in sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from api.store.tables import Coordinator, LoginSession


def coordinator_by_email(db: Session, email: str) -> Coordinator | None:
    return db.exec(select(Coordinator).where(Coordinator.email == email)).first()


def add_coordinator(db: Session, coordinator: Coordinator) -> Coordinator | None:
    """None if the address has an account already."""
    try:
        with db.begin_nested():
            db.add(coordinator)
            db.flush()
    except IntegrityError as error:
        if "email" not in str(error.orig):
            raise
        return None
    return coordinator


def add(db: Session, login: LoginSession) -> None:
    db.add(login)
    db.flush()


def coordinator_by_token(db: Session, token_hash: bytes, kind: str, at: datetime) -> Coordinator | None:
    """The coordinator of a log-in session that lasts at the moment, unless disabled."""
    found = select(Coordinator).join(LoginSession, col(LoginSession.coordinator_id) == col(Coordinator.id))
    found = found.where(LoginSession.token_hash == token_hash, LoginSession.kind == kind)
    return db.exec(found.where(LoginSession.expires_at > at, col(Coordinator.disabled_at).is_(None))).first()


def end(db: Session, token_hash: bytes) -> None:
    db.exec(delete(LoginSession).where(col(LoginSession.token_hash) == token_hash))


def end_all(db: Session, coordinator_id: UUID) -> None:
    db.exec(delete(LoginSession).where(col(LoginSession.coordinator_id) == coordinator_id))
