"""A coordinator's own account: password, codes, and where they are logged in."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from api.errors import Invalid, NotFound
from api.services import audit, codes, login
from api.services.local import local, now
from api.store.queries import campaigns, logins
from api.store.tables import Coordinator

NO_LOG_IN = "This log-in has ended already."


@dataclass(frozen=True)
class LogIn:
    """Somebody's log-in somewhere. `is_program`: of a program that uses the JSON interface."""

    key: str
    device: str
    at: datetime
    is_program: bool
    is_this: bool


@dataclass(frozen=True)
class Account:
    """What somebody sees of their account. `wanted_by`: campaigns that ask for codes while they have none."""

    log_ins: tuple[LogIn, ...]
    has_codes: bool
    recovery_codes: int
    wanted_by: tuple[str, ...]


def of(db: Session, coordinator: Coordinator, this: bytes) -> Account:
    """The account of whoever is logged in by the log-in session with this hash."""
    wanted = [one.name for one in campaigns.of_coordinator(db, coordinator.id) if one.codes_required]
    found = logins.of_coordinator(db, coordinator.id, now())
    has_codes = codes.is_on(coordinator)
    return Account(
        log_ins=tuple(
            LogIn(
                row.token_hash.hex(),
                row.device,
                local(row.created_at),
                row.kind == "bearer",
                row.token_hash == this,
            )
            for row in found
        ),
        has_codes=has_codes,
        recovery_codes=codes.recovery_codes_left(db, coordinator),
        wanted_by=() if has_codes else tuple(wanted),
    )


def change_password(db: Session, coordinator: Coordinator, password: str) -> None:
    """Another password. Whatever the old one opened is closed, everywhere. Raises `Invalid`."""
    try:
        login.set_password(db, coordinator, password)
    except Invalid as error:
        raise Invalid({"new_password": error.message}) from None
    audit.record(db, coordinator, "password changed")


def end(db: Session, coordinator: Coordinator, key: str) -> None:
    """Log out somewhere else. Raises `NotFound` for what is no log-in of theirs."""
    try:
        gone = logins.end_of(db, coordinator.id, bytes.fromhex(key))
    except ValueError:
        gone = False
    if not gone:
        raise NotFound(NO_LOG_IN)
    audit.record(db, coordinator, "logged out elsewhere")


def end_everywhere(db: Session, coordinator: Coordinator) -> None:
    """Log out on every device, this one too, and know none of them any more."""
    logins.end_all(db, coordinator.id)
    audit.record(db, coordinator, "logged out everywhere")
