"""How often something may be tried from one address, counted in the database across processes and restarts."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from fastapi import Request
from sqlmodel import Session

from api.edge.addresses import client_address, household
from api.errors import TooMany
from api.settings import Settings
from api.store.queries import attempts
from api.store.tables import now
from api.transaction import Database


@dataclass(frozen=True)
class Limit:
    """At most `most` tries `within` a time that moves along; tries that were refused do not count."""

    what: str
    most: int
    within: timedelta


FORMS = Limit("form", 30, timedelta(hours=1))
"""Forms sent in, not each of their pages."""
STEPS = Limit("step", 600, timedelta(hours=1))
"""Pages of a form."""
LINKS = Limit("link", 60, timedelta(hours=1))
"""Private links exchanged."""
LINKS_AGAIN = Limit("again", 10, timedelta(hours=1))
"""Private links asked for once more, each of which may send a message."""
FRIENDS = Limit("friend", 20, timedelta(hours=1))
"""Friends' words made and typed: at this pace nobody guesses one before it has run out."""
NOTES = Limit("note", 10, timedelta(hours=1))
"""Private notes to the coordinators."""
CONTACTS = Limit("contact", 20, timedelta(hours=1))
"""Contacts saved, each of which may send a code, and codes asked for again."""
ACCOUNT = Limit("login", 5, timedelta(minutes=15))
"""Wrong log-ins to one account from one address, or on one device that is known."""
ANYWHERE = Limit("anywhere", 50, timedelta(hours=24))
"""Wrong log-ins to one account from all devices that are not known: beyond it, the code of the app is asked for first."""
CODES = Limit("code", 5, timedelta(minutes=15))
"""Wrong codes to one account from one address, or on one device that is known."""
CODES_ANYWHERE = Limit("codes anywhere", 50, timedelta(hours=24))
"""The same from all devices that are not known: of a million codes three are right at a time."""
EVERYWHERE = "anywhere"
"""What tries from anywhere are counted by, in the place of an address."""
LOGINS = Limit("logins", 50, timedelta(minutes=15))
"""Log-ins from one address, whatever the account: each costs a good deal of memory and time."""


def limited(limit: Limit) -> Callable[[Request, Database], None]:
    """A dependency that counts the request against `limit`. Raises `TooMany`."""

    def within_limit(request: Request, db: Database) -> None:
        count(db, request, limit)

    return within_limit


def count(
    db: Session, request: Request, limit: Limit, subject: str = "", *, keep: bool = True, by: str = ""
) -> None:
    """Counts a try from the request's address, or `by` something else, about `subject` if that matters. Raises `TooMany`.

    With `keep` it commits, so that the try is kept though the request fails: call it before anything is written.
    """
    at = now()
    who = key_of(request, limit, subject, by)
    oldest = attempts.add_within(db, limit.what, who, limit.most, at - limit.within, at, alone=keep)
    if keep:
        db.commit()
    if oldest is not None:
        raise TooMany(max(1, ceil((oldest + limit.within - at).total_seconds())))


def forgive(db: Session, request: Request, limit: Limit, subject: str = "", *, by: str = "") -> None:
    """Takes back what was counted, after it turned out well."""
    attempts.remove(db, limit.what, key_of(request, limit, subject, by))


def forgive_one(db: Session, request: Request, limit: Limit, subject: str = "", *, by: str = "") -> None:
    """Takes back one try, where the others may be somebody else's."""
    attempts.remove_newest(db, limit.what, key_of(request, limit, subject, by))


def key_of(request: Request, limit: Limit, subject: str, by: str = "") -> bytes:
    """Who it is, without keeping who: without our secret nobody can make the hash of an address."""
    settings: Settings = request.app.state.settings
    who = f"{limit.what}|{by or household(client_address(request))}|{subject}"
    return hmac.new(settings.secret_key.encode(), who.encode(errors="replace"), hashlib.sha256).digest()
