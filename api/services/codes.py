"""The second lock: codes of an app (TOTP, RFC 6238), and recovery codes for the day when the app is lost.

What an app's codes come from is made of a salt beside the account and the service's own secret, so that a copy of the
database alone makes no codes. A code works once.
"""

import base64
import hashlib
import hmac
import secrets

import pyotp
from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit
from api.services.local import now
from api.services.login import tidy_email
from api.settings import settings
from api.store.queries import logins
from api.store.tables import Coordinator

ISSUER = "Key Seat Carpool"
SALT_BYTES = 20
STEP_SECONDS = 30
AROUND = (-1, 0, 1)
"""Clocks differ: the code before and the one after count as well."""
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
NOT_RIGHT = "This is not the code that the app shows now. Look at it again, and at your telephone’s clock."
BEGIN_AGAIN = "Begin again: these codes are not being set up any more."


def is_on(coordinator: Coordinator) -> bool:
    """Whether they log in with codes."""
    return coordinator.totp_salt is not None


def begin(db: Session, coordinator: Coordinator) -> None:
    """Something new for an app. Codes that they have already count until the new ones are confirmed."""
    coordinator.totp_next = secrets.token_bytes(SALT_BYTES)
    db.add(coordinator)


def waiting_secret(coordinator: Coordinator) -> str:
    """What to put into the app while it is set up, "" when it is not."""
    return _secret(coordinator, coordinator.totp_next) if coordinator.totp_next else ""


def app_address(coordinator: Coordinator) -> str:
    """The same as an address, for the picture that the app reads."""
    return pyotp.TOTP(waiting_secret(coordinator)).provisioning_uri(
        name=coordinator.email, issuer_name=ISSUER
    )


def switch_on(db: Session, coordinator: Coordinator, typed: str) -> list[str]:
    """Ask for codes from now on, once the app shows the right one; the recovery codes, to be shown this once."""
    if coordinator.totp_next is None:
        raise Conflict(BEGIN_AGAIN)
    step = _step_of(_secret(coordinator, coordinator.totp_next), typed)
    if step is None:
        raise Invalid({"code": NOT_RIGHT})
    coordinator.totp_salt, coordinator.totp_next, coordinator.totp_step = coordinator.totp_next, None, step
    db.add(coordinator)
    audit.record(db, coordinator, "codes at log-in set up")
    return _new_recovery_codes(db, coordinator)


def switch_off(db: Session, coordinator: Coordinator) -> None:
    coordinator.totp_salt = coordinator.totp_next = None
    db.add(coordinator)
    logins.replace_recovery_codes(db, coordinator.id, ())
    audit.record(db, coordinator, "codes at log-in switched off")


def reset(db: Session, email: str) -> Coordinator:
    """Switch codes off for somebody who has lost them, and log them out everywhere. Raises `NotFound`."""
    found = logins.coordinator_by_email(db, tidy_email(email))
    if found is None:
        raise NotFound("There is no coordinator with this e-mail address.")
    switch_off(db, found)
    logins.end_all(db, found.id)
    return found


def renew_recovery_codes(db: Session, coordinator: Coordinator) -> list[str]:
    """New ones; those from before open nothing any more."""
    if not is_on(coordinator):
        raise Conflict(BEGIN_AGAIN)
    audit.record(db, coordinator, "recovery codes renewed")
    return _new_recovery_codes(db, coordinator)


def recovery_codes_left(db: Session, coordinator: Coordinator) -> int:
    return logins.count_recovery_codes(db, coordinator.id)


def is_right(db: Session, coordinator: Coordinator | None, typed: str) -> bool:
    """Whether it is a code that somebody may use now; with that it is used. Nobody has none."""
    typed = "".join(typed.split()).replace("-", "").upper()
    if coordinator is None or coordinator.totp_salt is None or not typed.isascii():
        return False
    if len(typed) == DIGITS and typed.isdecimal():
        step = _step_of(_secret(coordinator, coordinator.totp_salt), typed)
        return step is not None and logins.use_step(db, coordinator.id, step)
    return logins.use_recovery_code(db, coordinator.id, _hash(typed))


def _step_of(secret: str, typed: str) -> int | None:
    """The half minute around now whose code it is."""
    here = int(now().timestamp()) // STEP_SECONDS
    typed = "".join(typed.split())
    for step in (here + offset for offset in AROUND):
        if hmac.compare_digest(
            pyotp.TOTP(secret).generate_otp(step).encode(), typed.encode(errors="replace")
        ):
            return step
    return None


def _secret(coordinator: Coordinator, salt: bytes) -> str:
    what = b"totp|" + coordinator.id.bytes + salt
    made = hmac.new(settings().secret_key.encode(), what, hashlib.sha256).digest()
    return base64.b32encode(made[:20]).decode()


def _new_recovery_codes(db: Session, coordinator: Coordinator) -> list[str]:
    bare = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    logins.replace_recovery_codes(db, coordinator.id, [_hash(code) for code in bare])
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in bare]


def _hash(code: str) -> bytes:
    """The codes are random and long, so that a fast hash is enough."""
    return hashlib.sha256(code.encode()).digest()
