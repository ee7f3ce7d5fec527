"""The outbox: a message is a row in the transaction of what it tells, and a job that sends it.

States: created → sending → sent, failed or dropped; `stopped` while a coordinator keeps back what a publishing tells, `held`
while a limit keeps it back, `unsure` when it may have arrived; to somebody without an address it is a `call` until they
are rung. What a message says is made when it is sent, from
the state of things then; one that is no longer true is dropped, so that after cancelling somebody hears of nothing but that.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.language import speaking
from api.messages.letters import WITHOUT_LINK
from api.services import allowance, my_page, rights
from api.services.local import after_midnight, now
from api.services.truth import address_of, channel_now, channel_to, code_of, is_true
from api.services.views import CampaignView, MyPage
from api.store import queue as jobs
from api.store.queries import campaigns, sign_ups
from api.store.queries import messages as queries
from api.store.queries.messages import Reader
from api.store.tables import Campaign, Message, Person, PrivateLink

URGENT = (
    "confirm",
    "link",
    "new_contact",
    "contact_asked",
    "cancelled_by_you",
    "driver_cancelled",
    "rider_cancelled",
    "lift_off",
    "late",
    "way_home",
    "driver_missing",
    "broke_down",
    "report",
)
"""What goes out while a campaign is paused, unless a publishing tells it: somebody waits for it, or would in the rain."""

NOT_RUNG = ("thanks",)
"""What nobody is rung for who has no address."""

CLAIM_SECONDS, LETTER_CLAIM_SECONDS = 60, 40
"""A message that a worker claimed this long ago, and never reported on, may be claimed again: the worker is gone. A letter
is handed over or not after twenty seconds, a text only after more."""

HELD_SECONDS = 600
"""So seldom it is looked whether a limit keeps a text back still."""

MOST_UNSURE_TRIES = 3
"""So often a message is tried that may have arrived: twice is better than never, but not without end."""

LINK_DAYS_AFTER = 30
"""A private link dies this long after the day, when the data behind it is deleted."""


@dataclass(frozen=True)
class Envelope:
    """All that is needed to write and send one message. `link_token` opens the recipient's page; it is kept nowhere.
    A message about a change of address has none; `code` is what proves the new one.

    `is_last_unsure`: if it is not known this time either whether it arrived, it is not tried again.
    """

    message_id: UUID
    kind: str
    to: str
    name: str
    language: str
    link_token: str
    campaign: CampaignView
    page: MyPage
    facts: dict[str, Any]
    channel: str = "email"
    is_last_unsure: bool = False
    code: str = ""


def queue(
    db: Session,
    person_id: UUID,
    campaign_id: UUID,
    kind: str,
    *,
    key: str,
    subject_id: UUID | None = None,
    facts: dict[str, Any] | None = None,
    channel: str | None = None,
    run_id: UUID | None = None,
) -> bool:
    """Queue a message once: False if one with this key is there already. Without a `channel` it goes as its reader prefers.

    What a publishing tells, that of `run_id`, has no job yet: `sending.schedule` gives all of it one.
    """
    if channel is None:
        person = sign_ups.person(db, person_id)
        channel = channel_to(person) if person else "email"
    values = {"campaign_id": campaign_id, "person_id": person_id, "kind": kind, "subject_id": subject_id}
    values["run_id"] = run_id
    return _queue(db, key=key, facts=facts or {}, channel=channel, **values)


def queue_to_host(db: Session, host_id: UUID, campaign_id: UUID, kind: str, *, key: str) -> bool:
    """The same for a host of an event, who is reached by e-mail."""
    return _queue(db, key=key, host_id=host_id, campaign_id=campaign_id, kind=kind)


def queue_to_invited(db: Session, invitation_id: UUID, campaign_id: UUID, kind: str, *, key: str) -> bool:
    """The same for somebody who is invited to a team."""
    return _queue(db, key=key, invitation_id=invitation_id, campaign_id=campaign_id, kind=kind)


def queue_to_coordinators(
    db: Session, campaign_id: UUID, kind: str, *, key: str, subject_id: UUID, event_id: UUID | None = None
) -> None:
    """The same for those who look after it: who runs the campaign as a whole, or the event that it is about."""
    for coordinator in rights.responsible(db, campaign_id, event_id):
        values = {"campaign_id": campaign_id, "coordinator_id": coordinator.id, "kind": kind}
        _queue(db, key=f"{key}:{coordinator.id}", subject_id=subject_id, **values)


def claim(db: Session, message_id: UUID) -> Envelope | None:
    """Take a message to a person for sending.

    None if it is sent, given up, somebody else's just now, held back by a limit, or no longer true.
    """
    message, campaign = claimed(db, message_id, "person")
    person = sign_ups.person(db, message.person_id) if message and message.person_id else None
    return _envelope(db, message, campaign, person) if message and campaign and person else None


def busy_seconds(db: Session, message_id: UUID) -> float:
    """How long a message that somebody took may not be taken by anybody else; 0 if nobody has it in hand."""
    message = queries.by_id(db, message_id)
    if message is None or message.state != "sending" or message.claimed_at is None:
        return 0.0
    most = CLAIM_SECONDS if message.channel == "text" else LETTER_CLAIM_SECONDS
    # By a clock that has gone back since, it would be an hour.
    return min(most, max(0.0, most - (now() - message.claimed_at).total_seconds()))


def sent(db: Session, message_id: UUID) -> None:
    queries.step(db, message_id, ("sending",), state="sent", sent_at=now(), error=None)


def failed(db: Session, message_id: UUID, error: str, final: bool) -> None:
    """Note why it was not sent: given up, or to be tried again. It counts against no limit."""
    state = "failed" if final else "created"
    if not queries.step(db, message_id, ("sending",), state=state, error=error[:300]):
        return
    message = queries.by_id(db, message_id)
    person = sign_ups.person(db, message.person_id) if message and message.person_id else None
    address = address_of(db, message, person) if message and person else ""
    if message and address:
        allowance.give_back(db, address, message.campaign_id, message.kind, message.channel)


def unsure(db: Session, message_id: UUID, error: str, final: bool) -> None:
    """Note that it may have arrived: to be tried again, or left at that."""
    message = queries.by_id(db, message_id)
    state, tries = "unsure" if final else "created", (message.unsure_tries if message else 0) + 1
    queries.step(db, message_id, ("sending",), state=state, error=error[:300], unsure_tries=tries)


def follow_clock(db: Session) -> None:
    """Where the clock went back by an hour, what a lost worker had taken would wait for an hour otherwise."""
    moment = now()
    queries.put_back(db, moment + timedelta(seconds=CLAIM_SECONDS), moment)


def waiting(db: Session, older_than_seconds: int = 60) -> list[UUID]:
    """Messages whose job may have been lost with a worker, and those that a limit may not keep back any more."""
    moment = now()
    lost = queries.waiting(db, moment - timedelta(seconds=older_than_seconds), at=moment, urgent=URGENT)
    return lost + queries.held(db, moment - timedelta(seconds=HELD_SECONDS))


def hash_token(token: str) -> bytes:
    """What is kept of a token. It is random through and through, so that a plain hash cannot be reversed by guessing."""
    return hashlib.sha256(token.encode()).digest()


def _queue(db: Session, **values: Any) -> bool:
    message_id = queries.add_once(db, **values)
    if message_id is None:
        return False
    if values.get("run_id") is not None:
        return True
    if values.get("channel") == "call":
        state = "dropped" if values["kind"] in NOT_RUNG else "call"
        return queries.step(db, message_id, ("created",), state=state)
    jobs.send_one(db, message_id, values.get("channel", "email"), first=values["kind"] in URGENT)
    return True


def claimed(db: Session, message_id: UUID, reader: Reader) -> tuple[Message | None, Campaign | None]:
    """The message and its campaign, taken for sending; twice None if it is not there to be taken, or for another reader."""
    moment = now()
    stale = queries.Stale(
        *(moment - timedelta(seconds=after) for after in (CLAIM_SECONDS, LETTER_CLAIM_SECONDS))
    )
    if not queries.claim(db, message_id, moment, stale, reader=reader, urgent=URGENT):
        return None, None
    message = queries.by_id(db, message_id)
    return message, campaigns.by_id(db, message.campaign_id) if message else None


def _envelope(db: Session, message: Message, campaign: Campaign, person: Person) -> Envelope | None:
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is None:
        return None
    if message.channel == "call":
        queries.step(
            db, message.id, ("sending",), state="call" if is_true(db, message, person, sign_up) else "dropped"
        )
        return None
    message.channel = channel_now(message, person)
    address = address_of(db, message, person)
    if not address or not is_true(db, message, person, sign_up):
        queries.step(db, message.id, ("sending",), state="dropped")
        return None
    if full := allowance.take(db, address, campaign.id, message.kind, message.channel):
        queries.step(db, message.id, ("sending",), state="held", error=full)
        return None
    with speaking(person.language):
        page = my_page.of(db, person, campaign)
    return Envelope(
        message_id=message.id,
        kind=message.kind,
        to=address,
        name=person.name,
        language=person.language,
        link_token=_new_link(db, person, sign_up.day, message.channel)
        if message.kind not in WITHOUT_LINK
        else "",
        campaign=page.campaign,
        page=page,
        facts=message.facts,
        channel=message.channel,
        is_last_unsure=message.unsure_tries + 1 >= MOST_UNSURE_TRIES,
        code=code_of(message.subject_id) if message.kind == "new_contact" else "",
    )


def _new_link(db: Session, person: Person, day: date, channel: str) -> str:
    """A fresh key to somebody's page: 128 random bits. Whoever opens it proves that they read what comes by this channel."""
    token = secrets.token_urlsafe(16)
    expires_at = after_midnight(day, LINK_DAYS_AFTER + 1)
    queries.add_link(
        db,
        PrivateLink(
            token_hash=hash_token(token), person_id=person.id, channel=channel, expires_at=expires_at
        ),
    )
    return token
