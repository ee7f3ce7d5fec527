"""Coordinators, their log-in sessions, devices and recovery codes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from api.store.tables import Coordinator, KnownDevice, LoginSession, RecoveryCode


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


def login_by_token(
    db: Session, token_hash: bytes, kind: str, at: datetime
) -> tuple[LoginSession, Coordinator] | None:
    """A log-in session that lasts at the moment, and whose it is, unless disabled."""
    found = select(LoginSession, Coordinator)
    found = found.join(Coordinator, col(LoginSession.coordinator_id) == col(Coordinator.id))
    found = found.where(LoginSession.token_hash == token_hash, LoginSession.kind == kind)
    return db.exec(found.where(LoginSession.expires_at > at, col(Coordinator.disabled_at).is_(None))).first()


def of_coordinator(db: Session, coordinator_id: UUID, at: datetime) -> Sequence[LoginSession]:
    """Somebody's log-in sessions that last, newest first."""
    found = select(LoginSession).where(LoginSession.coordinator_id == coordinator_id)
    found = found.where(LoginSession.expires_at > at, LoginSession.kind != "code")
    return db.exec(found.order_by(col(LoginSession.created_at).desc())).all()


def end(db: Session, token_hash: bytes) -> None:
    db.exec(delete(LoginSession).where(col(LoginSession.token_hash) == token_hash))


def end_of(db: Session, coordinator_id: UUID, token_hash: bytes) -> bool:
    """Whether somebody had this log-in session until now."""
    own = (col(LoginSession.coordinator_id) == coordinator_id, col(LoginSession.token_hash) == token_hash)
    return bool(db.exec(delete(LoginSession).where(*own)).rowcount)


def end_all(db: Session, coordinator_id: UUID) -> None:
    """Everywhere; no device is known any more."""
    for table in (LoginSession, KnownDevice):
        db.exec(delete(table).where(col(table.coordinator_id) == coordinator_id))


def is_known(db: Session, token_hash: bytes, coordinator_id: UUID, at: datetime) -> bool:
    device = db.get(KnownDevice, (token_hash, coordinator_id))
    return device is not None and device.expires_at > at


def know(db: Session, device: KnownDevice) -> None:
    """Know the device from now on, or for longer."""
    row = insert(KnownDevice).values(device.model_dump())
    keys = ["token_hash", "coordinator_id"]
    db.exec(row.on_conflict_do_update(index_elements=keys, set_={"expires_at": device.expires_at}))


def use_step(db: Session, coordinator_id: UUID, step: int) -> bool:
    """Use a half minute's code: whether no code of it or a later one was used before."""
    unused = update(Coordinator).where(
        col(Coordinator.id) == coordinator_id, col(Coordinator.totp_step) < step
    )
    return bool(db.exec(unused.values(totp_step=step)).rowcount)


def replace_recovery_codes(db: Session, coordinator_id: UUID, hashes: Iterable[bytes]) -> None:
    db.exec(delete(RecoveryCode).where(col(RecoveryCode.coordinator_id) == coordinator_id))
    db.add_all([RecoveryCode(code_hash=one, coordinator_id=coordinator_id) for one in hashes])
    db.flush()


def use_recovery_code(db: Session, coordinator_id: UUID, code_hash: bytes) -> bool:
    own = (col(RecoveryCode.coordinator_id) == coordinator_id, col(RecoveryCode.code_hash) == code_hash)
    return bool(db.exec(delete(RecoveryCode).where(*own)).rowcount)


def count_recovery_codes(db: Session, coordinator_id: UUID) -> int:
    found = select(func.count()).select_from(RecoveryCode)
    return db.exec(found.where(RecoveryCode.coordinator_id == coordinator_id)).one()
