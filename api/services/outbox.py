"""The outbox: a message is a row in the transaction of what it tells, and a job that sends it.

States: created → sending → sent, failed or dropped. What a message says is made when it is sent, from the state of things
then; one that is no longer true is dropped, so that after cancelling somebody hears of nothing but that.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services import my_page
from api.services.local import after_midnight, now
from api.services.views import CampaignView, MessageView, MyPage
from api.store import queue as jobs
from api.store.queries import campaigns, lifts, sign_ups
from api.store.queries import messages as queries
from api.store.tables import Campaign, Message, Offer, Person, PrivateLink, Request

CLAIM_SECONDS = 60
"""A message that a worker claimed this long ago, and never reported on, may be claimed again: the worker is gone."""

LINK_DAYS_AFTER = 30
"""A private link dies this long after the day, when the data behind it is deleted."""


@dataclass(frozen=True)
class Envelope:
    """All that is needed to write and send one message. `link_token` opens the recipient's page; it is kept nowhere."""

    message_id: UUID
    kind: str
    to: str
    name: str
    link_token: str
    campaign: CampaignView
    page: MyPage
    facts: dict[str, Any]


def queue(
    db: Session,
    person_id: UUID,
    campaign_id: UUID,
    kind: str,
    *,
    key: str,
    subject_id: UUID | None = None,
    facts: dict[str, Any] | None = None,
) -> bool:
    """Queue a message once: False if one with this key is there already."""
    values = {"campaign_id": campaign_id, "person_id": person_id, "kind": kind, "subject_id": subject_id}
    return _queue(db, key=key, facts=facts or {}, **values)


def queue_to_host(db: Session, host_id: UUID, campaign_id: UUID, kind: str, *, key: str) -> bool:
    """The same for a host of an event."""
    return _queue(db, key=key, host_id=host_id, campaign_id=campaign_id, kind=kind)


def queue_to_coordinator(
    db: Session, coordinator_id: UUID, campaign_id: UUID, kind: str, *, key: str, subject_id: UUID
) -> bool:
    """The same for a coordinator."""
    values = {"campaign_id": campaign_id, "kind": kind, "subject_id": subject_id}
    return _queue(db, key=key, coordinator_id=coordinator_id, **values)


def _queue(db: Session, **values: Any) -> bool:
    message_id = queries.add_once(db, **values)
    if message_id is None:
        return False
    jobs.defer(db, "send_message", message_id=str(message_id))
    return True


def claim(db: Session, message_id: UUID) -> Envelope | None:
    """Take a message to a volunteer for sending; None if it is sent, given up, somebody else's just now, or no longer true.

    Those to hosts and coordinators are claimed in `event_mail`.
    """
    moment = now()
    if not queries.claim(db, message_id, moment, moment - timedelta(seconds=CLAIM_SECONDS)):
        return None
    message = queries.by_id(db, message_id)
    person = sign_ups.person(db, message.person_id) if message and message.person_id else None
    campaign = campaigns.by_id(db, message.campaign_id) if message else None
    sign_up = sign_ups.of_person(db, person.id) if person else None
    if message is None or person is None or campaign is None or sign_up is None:
        return None
    if not _is_true(db, message, person, sign_up):
        queries.step(db, message_id, ("sending",), state="dropped")
        return None
    page = my_page.of(db, person, campaign)
    return Envelope(
        message_id=message.id,
        kind=message.kind,
        to=person.email,
        name=person.name,
        link_token=_new_link(db, person, sign_up.day),
        campaign=page.campaign,
        page=page,
        facts=message.facts,
    )


def sent(db: Session, message_id: UUID) -> None:
    queries.step(db, message_id, ("sending",), state="sent", sent_at=now(), error=None)


def failed(db: Session, message_id: UUID, error: str, final: bool) -> None:
    """Note why it was not sent: given up, or to be tried again."""
    queries.step(db, message_id, ("sending",), state="failed" if final else "created", error=error[:300])


def waiting(db: Session, older_than_seconds: int = 60) -> list[UUID]:
    """Messages whose job may have been lost with a worker."""
    return queries.waiting(db, now() - timedelta(seconds=older_than_seconds))


def messages(db: Session, campaign: Campaign, day: date) -> list[MessageView]:
    """What became of each message of a day; failed ones first."""
    return [
        MessageView(
            name=person.name,
            kind=message.kind,
            state=message.state,
            attempts=message.attempts,
            error=message.error,
            created_at=message.created_at,
            sent_at=message.sent_at,
        )
        for message, person in queries.of_day(db, campaign.id, day)
    ]


def hash_token(token: str) -> bytes:
    """What is kept of a token. It is random through and through, so that a plain hash cannot be reversed by guessing."""
    return hashlib.sha256(token.encode()).digest()


def _new_link(db: Session, person: Person, day: date) -> str:
    """A fresh key to somebody's page: 128 random bits."""
    token = secrets.token_urlsafe(16)
    expires_at = after_midnight(day, LINK_DAYS_AFTER + 1)
    queries.add_link(
        db, PrivateLink(token_hash=hash_token(token), person_id=person.id, expires_at=expires_at)
    )
    return token


_ALWAYS: Sequence[str] = ("cancelled_by_you",)
_ABOUT_A_LIFT: Sequence[str] = ("matched", "changed")
_ABOUT_THIS_LIFT: Sequence[str] = ("rider_cancelled", "late", "thanks")
_BEFORE_THE_EVENT: Sequence[str] = ("reminder", "morning")
_ABOUT_NO_LIFT: Sequence[str] = ("driver_cancelled", "lift_off", "no_lift")


def _is_true(db: Session, message: Message, person: Person, sign_up: Offer | Request) -> bool:
    """Whether the message still says what is the case."""
    if message.kind in _ALWAYS:
        return True
    if sign_up.state != "active" or my_page.is_over(sign_up):
        return False
    if message.kind == "confirm":
        return person.confirmed_at is None
    _lift_id(db, sign_up)
    if message.kind == "link":
        return True
    return _is_true_of(db, message, _lift_id(db, sign_up))


def _is_true_of(db: Session, message: Message, lift_id: UUID | None) -> bool:
    """The same for a message about a lift, by the lift that its reader is in now."""
    if message.kind in _ABOUT_NO_LIFT:
        return lift_id is None
    if message.kind not in (*_ABOUT_A_LIFT, *_ABOUT_THIS_LIFT, *_BEFORE_THE_EVENT):
        raise ValueError(f"no rule says when a message of kind {message.kind} is true")
    if lift_id is None:
        return False
    if message.kind in _ABOUT_A_LIFT:
        return _tells_of(db, message, lift_id)
    is_late = message.kind in _BEFORE_THE_EVENT and lifts.has_arrived(db, lift_id, now())
    return lift_id == message.subject_id and not is_late


def _tells_of(db: Session, message: Message, lift_id: UUID) -> bool:
    """Whether this is the message for the lift: its own, or of one that was published anew without a change for its reader."""
    return lift_id == message.subject_id or not queries.is_about(db, message, lift_id)


def _lift_id(db: Session, sign_up: Offer | Request) -> UUID | None:
    if isinstance(sign_up, Offer):
        lift = lifts.of_offer(db, sign_up.id)
        return lift.id if lift else None
    found = lifts.of_request(db, sign_up.id)
    return found[0].id if found else None
