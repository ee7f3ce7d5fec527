"""Coordinators' log-in: argon2id passwords, log-in sessions in the database so that logging out ends them."""

import hashlib
import re
import secrets
import threading
from datetime import timedelta
from functools import cache
from typing import Literal

from pwdlib import PasswordHash
from sqlmodel import Session

from api.errors import Conflict, Invalid, NotLoggedIn
from api.services import audit
from api.store.queries import logins
from api.store.tables import Coordinator, KnownDevice, LoginSession, now

Kind = Literal["cookie", "bearer", "code"]
"""A log-in of the pages, of a program, or one whose code is still to come."""

LASTS = timedelta(hours=12)
STEP_LASTS = timedelta(minutes=10)
DEVICE_LASTS = timedelta(days=30)
FRESH = timedelta(minutes=10)
"""So long somebody need not show again that it is they."""
TOKEN_BYTES = 32
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
# Each verification takes 64 MiB for its time, so only a few may go on at once.
_AT_ONCE = threading.BoundedSemaphore(2)
_passwords = PasswordHash.recommended()


class WrongLogin(NotLoggedIn):
    """One message for every cause, so that nobody learns who has an account."""

    words = "The e-mail address or the password is not right."


def log_in(db: Session, email: str, password: str, kind: Kind) -> str:
    """The token of a new log-in session for whoever has the password. Raises `WrongLogin`."""
    return begin(db, verified(db, email, password), kind)


def verified(db: Session, email: str, password: str) -> Coordinator:
    """Whose address and password these are. Raises `WrongLogin`, after the same work whatever the reason."""
    found = logins.coordinator_by_email(db, tidy_email(email))
    if not is_password(found, password) or found is None or found.disabled_at is not None:
        raise WrongLogin
    return found


def is_password(of: Coordinator | None, password: str) -> bool:
    """Whether it is this coordinator's. Nobody has none, which takes as long to find out."""
    known = of.password_hash if of is not None else _nobodys_hash()
    with _AT_ONCE:
        right, renewed = _passwords.verify_and_update(_hashable(password), known)
    if of is not None and right and renewed is not None:
        of.password_hash = renewed
    return of is not None and right


def begin(db: Session, coordinator: Coordinator, kind: Kind, device: str = "") -> str:
    """The token of a new log-in session; of kind `code` it opens nothing yet."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = now() + (STEP_LASTS if kind == "code" else LASTS)
    row = LoginSession(
        token_hash=hash_of(token), coordinator_id=coordinator.id, kind=kind, device=device, expires_at=until
    )
    logins.add(db, row)
    if kind != "code":
        audit.record(db, coordinator, "logged in")
    return token


def coordinator_of(db: Session, token: str, kind: Kind) -> Coordinator | None:
    """Whose log-in session it is, while it lasts and its coordinator is not disabled."""
    found = session_of(db, token, kind)
    return found[1] if found else None


def session_of(db: Session, token: str, kind: Kind) -> tuple[LoginSession, Coordinator] | None:
    """The same with the log-in session itself."""
    return logins.login_by_token(db, hash_of(token), kind, now())


def is_fresh(session: LoginSession) -> bool:
    """Whether somebody has shown only just now that it is they."""
    return now() - session.confirmed_at < FRESH


def log_out(db: Session, token: str) -> None:
    """Ends the log-in session; a second time does nothing."""
    logins.end(db, hash_of(token))


def is_known_device(db: Session, token: str, email: str) -> bool:
    """Whether somebody logged in to this account on the device in the last 30 days."""
    found = logins.coordinator_by_email(db, tidy_email(email))
    return found is not None and logins.is_known(db, hash_of(token), found.id, now())


def know_device(db: Session, coordinator: Coordinator, token: str) -> str:
    """Know the device by its token, or by a new one where it has none; the token."""
    token = token or secrets.token_urlsafe(TOKEN_BYTES)
    until = now() + DEVICE_LASTS
    logins.know(db, KnownDevice(token_hash=hash_of(token), coordinator_id=coordinator.id, expires_at=until))
    return token


def add_coordinator(
    db: Session, email: str, name: str, password: str, *, may_create: bool = True
) -> Coordinator:
    """A new coordinator. Raises `Invalid` naming the field, or `Conflict` if the address has an account."""
    errors = _faults(email, name, password)
    if errors:
        raise Invalid(errors)
    hashed = _passwords.hash(_hashable(password))
    new = Coordinator(email=tidy_email(email), name=name.strip(), password_hash=hashed, may_create=may_create)
    added = logins.add_coordinator(db, new)
    if added is None:
        raise Conflict("There is a coordinator with this e-mail address already.", "email")
    return added


def set_password(db: Session, coordinator: Coordinator, password: str) -> None:
    """Give a coordinator another password, and end what was opened with the old one. Raises `Invalid`."""
    errors = _faults(coordinator.email, coordinator.name, password)
    if errors:
        raise Invalid(errors)
    coordinator.password_hash = hash_password(password)
    logins.end_all(db, coordinator.id)


def hash_password(password: str) -> str:
    return _passwords.hash(_hashable(password))


def disable(db: Session, coordinator: Coordinator) -> None:
    """Takes a coordinator's access away at once, on every device."""
    coordinator.disabled_at = now()
    logins.end_all(db, coordinator.id)


def tidy_email(email: str) -> str:
    """Upper and lower case and spaces around make no difference to who somebody is."""
    return email.strip().lower().replace("\0", "")


def _hashable(password: str) -> bytes:
    """What is hashed of a password, whatever was typed: an endless one costs no more than a long one."""
    return password[: LONGEST_PASSWORD + 1].encode(errors="replace")


def hash_of(token: str) -> bytes:
    """What we keep of a token. It is random and long, so a fast hash without salt is enough."""
    return hashlib.sha256(token.encode()).digest()


def _faults(email: str, name: str, password: str) -> dict[str, str]:
    errors = {}
    if not ADDRESS.fullmatch(email.strip()):
        errors["email"] = "Give an e-mail address, for example name@example.org."
    if not name.strip():
        errors["name"] = "Give a name."
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        errors["password"] = f"Choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
    return errors


@cache
def _nobodys_hash() -> str:
    """Verified against when the account does not exist, so that the answer takes as long."""
    return _passwords.hash(secrets.token_urlsafe(TOKEN_BYTES))
