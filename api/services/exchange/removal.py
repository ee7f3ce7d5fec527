"""Whoever was brought in and had themselves removed is not brought in again. Of them a keyed hash is kept, with its own end."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta

from sqlmodel import Session

from api.services.local import now
from api.settings import settings
from api.store.queries import imports as queries
from api.store.tables import Person

REMEMBERED_DAYS = 365


def note(db: Session, person: Person) -> None:
    """Before somebody is erased: what tables on their way in hold of them goes too."""
    queries.forget(db, person.campaign_id, person.email, person.phone)
    if person.vouched_by:
        until = now() + timedelta(days=REMEMBERED_DAYS)
        queries.note_removed(db, person.campaign_id, hashes((person.email, person.phone)), until)


def hashes(contacts: Iterable[str | None]) -> list[bytes]:
    """What is kept of an address and a number: without our secret nobody can make it."""
    key = settings().secret_key.encode()
    return [
        hmac.new(key, f"removed|{contact.lower()}".encode(errors="replace"), hashlib.sha256).digest()
        for contact in contacts
        if contact
    ]
