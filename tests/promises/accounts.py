"""For promise 6: what became of every message, as the tables have it and as the servers at the other end do."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.messages.channels.gateway import FakeGateway
from api.services import day_messages
from api.store.session import open_session
from api.store.tables import Campaign, Message, Person
from tests.api import world
from tests.mail import Mailbox
from tests.promises.faulty import NOBODY_BEGINS, Proxy

P95 = """SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM sent_at - created_at))
FROM message WHERE state = 'sent'"""
TALKATIVE = """SELECT count(*) FROM message m JOIN message over ON over.person_id = m.person_id
  AND over.kind = 'cancelled_by_you'
WHERE m.kind <> 'cancelled_by_you' AND m.state = 'sent' AND m.claimed_at > over.created_at"""
CANCELLED = "SELECT person_id FROM message WHERE kind = 'cancelled_by_you'"


@dataclass
class Found:
    """What is known at the end. `late`: how long after a refusal at most a coordinator saw it.

    `unaccounted`: neither handed over nor shown as failed for a reason, nor untrue by then.
    """

    messages: int = 0
    kills: int = 0
    lost: int = 0
    unaccounted: int = 0
    doubled: int = 0
    unexplained: int = 0
    p95: float = 0.0
    late: float = 0.0
    failed: int = 0
    unsure: int = 0
    talkative: int = 0
    cancelled: int = 0
    faults: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Ends:
    """The other ends, and what a worker had in hand each time that it was killed."""

    mailbox: Mailbox
    proxy: Proxy
    texts: FakeGateway
    killed: list[set[UUID]]


def counted(engine: Engine, ends: Ends, signed_up: int, cancelled: int) -> Found:
    """Everybody who signed up has one message, who cancelled two more, and each came to an end."""
    with open_session(engine) as db:
        rows = [(row[0], row[1]) for row in db.exec(select(Message, Person).join(Person)).all()]
        found = Found(messages=len(rows), kills=len(ends.killed), cancelled=cancelled)
        found.p95 = float(db.connection().execute(text(P95)).scalar() or 0.0)
        found.talkative = db.connection().execute(text(TALKATIVE)).scalar_one()
        gone = Counter(row[0] for row in db.connection().execute(text(CANCELLED)).all())
        shown = _on_screen(db)
    found.talkative += sum(times - 1 for times in gone.values())
    found.unaccounted = abs(signed_up + 2 * cancelled - len(rows)) + abs(cancelled - len(gone))
    found.unaccounted += sum(not _is_accounted(message, person, gone, shown) for message, person in rows)
    found.failed = sum(message.state == "failed" for message, _ in rows)
    found.unsure = sum(message.state == "unsure" for message, _ in rows)
    found.faults = Counter({fault.name: count for fault, count in ends.proxy.faults.items()})
    _letters(found, rows, ends)
    _texts(found, rows, ends)
    return found


def _on_screen(db: Session) -> set[UUID]:
    """What stands on any page of the coordinator's lists of messages that failed or may not have arrived."""
    made = db.exec(select(Campaign)).one()
    found = set[UUID]()
    for state in ("failed", "unsure"):
        chosen, number = day_messages.read({"state": state}), 1
        while (posting := day_messages.listed(db, made, world.DAY, chosen, number)).page == number:
            found.update(row.id for row in posting.rows)
            number += 1
    return found


def _is_accounted(message: Message, person: Person, gone: Counter[UUID], shown: set[UUID]) -> bool:
    if message.state == "failed":
        return message.id in shown and person.email.startswith(NOBODY_BEGINS)
    if message.state == "unsure":
        return message.id in shown and message.channel == "text"
    if message.state == "dropped":
        return message.kind != "cancelled_by_you" and person.id in gone
    return message.state == "sent"


def _letters(found: Found, rows: list[tuple[Message, Person]], ends: Ends) -> None:
    arrived = Counter(UUID(mail["Message-ID"].strip("<>").partition("@")[0]) for mail in ends.mailbox.mails)
    sent = {message.id for message, _ in rows if message.state == "sent" and message.channel == "email"}
    twice = {letter: times - 1 for letter, times in arrived.items() if times > 1}
    found.lost += len(sent - arrived.keys())
    found.doubled += sum(twice.values())
    found.unexplained += len(twice.keys() - ends.proxy.cut.union(*ends.killed))


def _texts(found: Found, rows: list[tuple[Message, Person]], ends: Ends) -> None:
    """A gateway is told no message's id: those of one number are counted together."""
    texts = [(message, person.phone or "") for message, person in rows if message.channel == "text"]
    sent = Counter(phone for message, phone in texts if message.state == "sent")
    reached = Counter(one.to for one in ends.texts.taken)
    in_hand = set[UUID]().union(*ends.killed)
    explained = {one.to for one in ends.texts.taken if not one.answered}
    explained |= {phone for message, phone in texts if message.id in in_hand}
    twice = reached - sent
    found.lost += sum((sent - reached).values())
    found.doubled += sum(twice.values())
    found.unexplained += len(twice.keys() - explained)
