"""Tell me about the next one: a consent of its own, for 12 months, given and taken back by one press each.

It is asked for on the private page, of addresses that are proven, and never together with anything else. Taking it back
works without that page, which is gone by then: a link in each message that the organiser sends, made of the row's id and our
secret. It opens nothing and shows nothing. docs/decisions/0035-what-outlives.md says why it is so.
"""

import base64
import hashlib
import hmac
from binascii import Error as NoBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid
from api.language import N_
from api.services import audit
from api.services.exchange import csv_files
from api.services.exchange.exports import NOT_APPROVED
from api.services.local import local, now
from api.services.truth import channel_to, is_proven
from api.settings import settings
from api.store.queries import next_one as queries
from api.store.tables import Campaign, Coordinator, NextOne, Person

KEPT = timedelta(days=365)
WORDING_VERSION = "1"
WORDINGS: Mapping[str, str] = {
    "1": N_(
        "%(organiser)s may write to me about the next campaign, for 12 months at most. I know that this shows something about "
        "my political opinions. I can stop it at any time."
    )
}
NOT_PROVEN = N_("Open the link in our newest message first. Then we know that the address is yours.")
WORDED_ANEW = N_("What you agree to has been worded anew. Read it again and press the button.")
HEADINGS = (
    "First name",
    "By",
    "Address",
    "Language",
    "Agreed on",
    "Delete on",
    "Link to stop, for each message",
)
LANGUAGES = {"en": "English", "cy": "Welsh"}
_TAG_BYTES = 16


@dataclass(frozen=True)
class Asked:
    """What the private page shows of it: the `wording`, in English. `until`: so long somebody has agreed, None if not."""

    wording: str
    version: str
    may_agree: bool
    until: datetime | None


def of(db: Session, person: Person) -> Asked:
    found = queries.of_addresses(db, person.campaign_id, _addresses(person), now())
    until = local(found.expires_at) if found else None
    return Asked(WORDINGS[WORDING_VERSION], WORDING_VERSION, _is_proven(person), until)


def agree(db: Session, person: Person, version: str) -> None:
    """They agree, to the wording that they were shown. A second time changes nothing."""
    if version != WORDING_VERSION:
        raise Conflict(WORDED_ANEW)
    if not _is_proven(person):
        raise Conflict(NOT_PROVEN)
    if queries.of_addresses(db, person.campaign_id, _addresses(person), now()):
        return
    # What has run out and is not deleted yet must not stand in the way.
    forget(db, person)
    channel = channel_to(person)
    row = NextOne(
        campaign_id=person.campaign_id,
        name=person.name,
        channel=channel,
        address=person.email if channel == "email" else person.phone or "",
        language=person.language,
        consent_version=version,
        consent_at=now(),
        expires_at=now() + KEPT,
    )
    queries.add(db, row)


def forget(db: Session, person: Person) -> None:
    """They take it back, or have everything erased."""
    queries.drop_addresses(db, person.campaign_id, _addresses(person))


def stop(db: Session, token: str) -> None:
    """Whoever has the link takes it back. One that fits nothing, or nobody any more, changes nothing."""
    row_id = _row_id(token)
    if row_id is not None:
        queries.drop(db, row_id)


def token_of(row_id: UUID) -> str:
    """The part of the link: an id, and what only we can make of it."""
    return base64.urlsafe_b64encode(row_id.bytes + _tag(row_id)).rstrip(b"=").decode()


def count(db: Session, campaign: Campaign) -> int:
    return queries.count(db, campaign.id, now())


def table(db: Session, campaign: Campaign, coordinator: Coordinator, *, agreed: bool) -> IO[bytes]:
    """Those who agreed, as a file. Somebody answers for it, which is on record before a row is read."""
    if not agreed:
        raise Invalid({"agreed": NOT_APPROVED})
    audit.record(db, coordinator, "list for the next one exported", campaign_id=campaign.id)
    rows = (
        (
            row.name, "e-mail" if row.channel == "email" else "text message", row.address,
            LANGUAGES.get(row.language, row.language), f"{local(row.consent_at):%d/%m/%Y}",
            f"{local(row.expires_at):%d/%m/%Y}", f"{settings().public_url}/no-more/{token_of(row.id)}",
        )
        for row in queries.of_campaign(db, campaign.id, now())
    )  # fmt: skip
    return csv_files.spooled(HEADINGS, rows)


def _addresses(person: Person) -> list[str]:
    return [address for address in (person.email, person.phone) if address]


def _is_proven(person: Person) -> bool:
    channel = channel_to(person)
    return channel != "call" and is_proven(person, channel)


def _row_id(token: str) -> UUID | None:
    """The id in a token that we made."""
    try:
        found = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (NoBase64, ValueError):
        return None
    if len(found) != 16 + _TAG_BYTES:
        return None
    row_id = UUID(bytes=found[:16])
    return row_id if hmac.compare_digest(found[16:], _tag(row_id)) else None


def _tag(row_id: UUID) -> bytes:
    key = settings().secret_key.encode()
    return hmac.new(key, b"no more|" + row_id.bytes, hashlib.sha256).digest()[:_TAG_BYTES]
