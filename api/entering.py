"""How a coordinator gets in, and shows again that it is they: passwords, codes, and how often they may be tried.

Five wrong tries lock an account for one network address for a quarter of an hour. Fifty from anywhere within a day, and the
code of the app is asked for first. A device that is known for the account is counted by itself, so that nobody else's tries
lock it out. docs/decisions/0020-getting-in.md says why.
"""

from dataclasses import dataclass

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from api import limits
from api.edge import cookies
from api.edge.devices import device_of
from api.errors import CodeFirst, CodeNeeded, ConfirmFirst, NotLoggedIn, TooMany
from api.services import codes, login
from api.services.login import WrongLogin, hash_of, tidy_email
from api.store.queries import logins
from api.store.tables import Coordinator, LoginSession, now


@dataclass(frozen=True)
class Entered:
    """Somebody whose password was right. `token` is of a log-in session, or while the `code` is to come, of that step."""

    coordinator: Coordinator
    token: str
    code_to_come: bool


def enter(
    request: Request, db: Session, email: str, password: str, kind: login.Kind, code: str = ""
) -> Entered:
    """Logs a coordinator in. Raises `WrongLogin`, `TooMany`, `CodeFirst`, and for programs `CodeNeeded`."""
    email = tidy_email(email)
    by = _known_device(request, db, email)
    if not by:
        limits.count(db, request, limits.LOGINS)
    limits.count(db, request, limits.ACCOUNT, email, by=by)
    code_first = not by and _is_under_attack(request, db, email)
    if code_first:
        if not code:
            raise CodeFirst
        _code_before_password(request, db, email, password, code)
    found = login.verified(db, email, password)
    limits.forgive(db, request, limits.ACCOUNT, email, by=by)
    if not by and not code_first:
        limits.forgive_one(db, request, limits.ANYWHERE, email, by=limits.EVERYWHERE)
    if codes.is_on(found) and not code_first:
        return _with_code(request, db, found, kind, code)
    return Entered(found, login.begin(db, found, kind, device_of(request)), False)


def _with_code(request: Request, db: Session, found: Coordinator, kind: login.Kind, code: str) -> Entered:
    """On the pages the code has a page of its own; programs send it along."""
    if kind != "bearer":
        return Entered(found, login.begin(db, found, "code"), True)
    if not code:
        raise CodeNeeded(field="code")
    if not _is_code(request, db, found, code):
        raise WrongLogin
    return Entered(found, login.begin(db, found, kind, device_of(request)), False)


def enter_with_code(request: Request, db: Session, step: str, code: str) -> Entered:
    """The second step. Raises `NotLoggedIn` when the first is too long ago, `WrongLogin`, and `TooMany`."""
    found = login.coordinator_of(db, step, "code")
    if found is None:
        raise NotLoggedIn
    if not _is_code(request, db, found, code):
        raise WrongLogin
    login.log_out(db, step)
    return Entered(found, login.begin(db, found, "cookie", device_of(request)), False)


def enter_again(request: Request, db: Session, coordinator: Coordinator) -> Entered:
    """A new log-in of whoever has just shown that it is they, after all others were ended."""
    return Entered(coordinator, login.begin(db, coordinator, "cookie", device_of(request)), False)


def logged_in(request: Request, db: Session) -> Coordinator | None:
    """Whoever is logged in in this browser, on a page that does not ask for it."""
    token = cookies.LOGIN.read(request)
    return login.coordinator_of(db, token, "cookie") if token else None


def keep(response: Response, request: Request, db: Session, entered: Entered) -> None:
    """Keep the log-in in this browser, which is a known device from now on."""
    if entered.code_to_come:
        cookies.LOGIN_STEP.put(response, request, entered.token)
        return
    cookies.LOGIN_STEP.drop(response, request)
    cookies.LOGIN.put(response, request, entered.token)
    token = cookies.DEVICE.read(request) or ""
    cookies.DEVICE.put(response, request, login.know_device(db, entered.coordinator, token))


def confirm(
    request: Request, db: Session, session: LoginSession, coordinator: Coordinator, typed: str
) -> None:
    """Somebody who is logged in shows again that it is they. Raises `ConfirmFirst`, and `TooMany` after five wrong tries."""
    by_code = codes.is_on(coordinator)
    if not typed:
        raise ConfirmFirst(by_code)
    look = _is_code if by_code else is_own_password
    if not look(request, db, coordinator, typed):
        raise ConfirmFirst(by_code, wrong=True)
    session.confirmed_at = now()
    db.add(session)


def is_own_password(request: Request, db: Session, coordinator: Coordinator, typed: str) -> bool:
    """Whether it is the password of whoever is logged in, who may be wrong five times as at the log-in."""
    by = _known_device(request, db, coordinator.email)
    limits.count(db, request, limits.ACCOUNT, coordinator.email, by=by)
    right = login.is_password(coordinator, typed)
    if right:
        limits.forgive(db, request, limits.ACCOUNT, coordinator.email, by=by)
    return right


def _known_device(request: Request, db: Session, email: str) -> str:
    """What tries of this device are counted by if it is known for the account, else ""."""
    token = cookies.DEVICE.read(request) or ""
    return f"device {hash_of(token).hex()}" if token and login.is_known_device(db, token, email) else ""


def _is_under_attack(request: Request, db: Session, email: str) -> bool:
    """Whether too many tries came from anywhere; if not, this is one more."""
    try:
        limits.count(db, request, limits.ANYWHERE, email, by=limits.EVERYWHERE)
    except TooMany:
        return True
    return False


def _code_before_password(request: Request, db: Session, email: str, password: str, code: str) -> None:
    """Raises `WrongLogin` unless the code is right, after as much work as if there were an account."""
    found = logins.coordinator_by_email(db, email)
    subject = found.email if found is not None else email
    limits.count(db, request, limits.CODES, subject)
    limits.count(db, request, limits.CODES_ANYWHERE, subject, by=limits.EVERYWHERE)
    if not codes.is_right(db, found, code):
        login.is_password(None, password)
        raise WrongLogin
    _forgive_codes(request, db, subject, "")


def _is_code(request: Request, db: Session, found: Coordinator, code: str) -> bool:
    by = _known_device(request, db, found.email)
    limits.count(db, request, limits.CODES, found.email, by=by)
    if not by:
        limits.count(db, request, limits.CODES_ANYWHERE, found.email, by=limits.EVERYWHERE)
    right = codes.is_right(db, found, code)
    if right:
        _forgive_codes(request, db, found.email, by)
    return right


def _forgive_codes(request: Request, db: Session, email: str, by: str) -> None:
    limits.forgive(db, request, limits.CODES, email, by=by)
    if not by:
        limits.forgive_one(db, request, limits.CODES_ANYWHERE, email, by=limits.EVERYWHERE)
