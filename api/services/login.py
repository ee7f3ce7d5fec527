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
from api.store.queries import logins
from api.store.tables import Coordinator, LoginSession, now

Kind = Literal["cookie", "bearer"]

LASTS = timedelta(hours=12)
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
    """The token of a new log-in session. Raises `WrongLogin`, after the same work whatever the reason."""
    found = logins.coordinator_by_email(db, tidy_email(email))
    known = found.password_hash if found is not None else _nobodys_hash()
    with _AT_ONCE:
        right, renewed = _passwords.verify_and_update(_hashable(password), known)
    if found is None or not right or found.disabled_at is not None:
        raise WrongLogin
    if renewed is not None:
        found.password_hash = renewed
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = now() + LASTS
    logins.add(
        db, LoginSession(token_hash=hash_of(token), coordinator_id=found.id, kind=kind, expires_at=until)
    )
    return token


def coordinator_of(db: Session, token: str, kind: Kind) -> Coordinator | None:
    """Whose log-in session it is, while it lasts and its coordinator is not disabled."""
    return logins.coordinator_by_token(db, hash_of(token), kind, now())


def log_out(db: Session, token: str) -> None:
    """Ends the log-in session; a second time does nothing."""
    logins.end(db, hash_of(token))


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
    coordinator.password_hash = _passwords.hash(_hashable(password))
    logins.end_all(db, coordinator.id)


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
