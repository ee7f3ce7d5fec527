"""Ringing people whom a message may not have reached: who is at it, what came of it, and that they know now.

Who rings somebody is noted for a quarter of an hour. Others are told who it is, so that nobody is rung twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.services import audit, my_page, rights
from api.services.colleagues import name_of
from api.services.local import local, now
from api.services.my_page import first_name
from api.services.ringing_view import RingingView
from api.services.views import MyPage
from api.store.queries import messages as message_queries
from api.store.queries import ringing as queries
from api.store.queries import sign_ups, teams
from api.store.queries.day_messages import TO_RING
from api.store.tables import Campaign, Coordinator, Message, Person, Ringing

HELD_FOR = timedelta(minutes=15)
HOW = {"told": "call", "text": "text"}
"""What came of it when they know now → how they were told."""
RESULTS = ("no_answer", "wrong_number")
KNOWN = "They know already: somebody else has told them, or the message arrived after all."


@dataclass(frozen=True)
class Ring:
    """Somebody to ring now, what about, and what they would see on their own page."""

    message_id: UUID
    kind: str
    state: str
    name: str
    phone: str
    mobile: str
    email: str
    page: MyPage
    before: RingingView | None


def ring(db: Session, campaign: Campaign, message_id: UUID, who: Coordinator) -> Ring:
    """The number, for the coordinator who rings from now on. Raises `Conflict` while somebody else does."""
    message, person = _of(db, campaign, message_id, who)
    if message.state not in TO_RING:
        raise Conflict(KNOWN)
    before = known(db, [person.id]).get(person.id)
    if not take(db, {person.id}, who):
        raise Conflict(_busy(known(db, [person.id]).get(person.id)))
    audit.record(db, who, "number looked at", campaign_id=campaign.id, subject_id=person.id)
    page = my_page.of(db, person, campaign)
    if page.lift is not None and page.lift.role == "driver":
        audit.record(db, who, "numbers of a lift looked at", campaign_id=campaign.id, subject_id=page.lift.id)
    mobile = person.phone if person.phone and person.phone.startswith("+447") else ""
    return Ring(
        message.id, message.kind, message.state, first_name(person), person.phone_typed, mobile, person.email, page,
        before,
    )  # fmt: skip


def take(db: Session, people: Collection[UUID], who: Coordinator) -> set[UUID]:
    """Whom of these people the coordinator rings from now on."""
    at = now()
    return queries.claim(db, people, who.id, at, at - HELD_FOR) if people else set()


def ended(db: Session, campaign: Campaign, message_id: UUID, result: str, who: Coordinator) -> None:
    """What came of a call or of a text by hand. Of two who have told somebody, one is told of the other."""
    _, person = _of(db, campaign, message_id, who)
    if result in HOW:
        told = {"state": "sent", "sent_at": now(), "told_by": who.id, "told_how": HOW[result]}
        if not message_queries.step(db, message_id, TO_RING, **told):
            raise Conflict(KNOWN)
        queries.end(db, person.id, who.id, "told", now())
        audit.record(db, who, "rung", campaign_id=campaign.id, subject_id=message_id)
        return
    if result not in RESULTS:
        raise NotFound
    if not queries.end(db, person.id, who.id, result, now()):
        raise Conflict(_not_yours(known(db, [person.id]).get(person.id)))
    what = {"no_answer": "rung without an answer", "wrong_number": "rung at a wrong number"}[result]
    audit.record(db, who, what, campaign_id=campaign.id, subject_id=message_id)


def known(db: Session, people: Collection[UUID]) -> dict[UUID, RingingView]:
    """Who rings these people, and what came of it before."""
    return {person_id: _view(db, row) for person_id, row in queries.of(db, people).items()}


def _view(db: Session, row: Ringing) -> RingingView:
    since = row.since if row.since and row.since > now() - HELD_FOR else None
    return RingingView(
        row.coordinator_id, name_of(db, row.coordinator_id, ""), local(since) if since else None, row.result,
        local(row.result_at) if row.result_at else None, row.tries,
    )  # fmt: skip


def _busy(found: RingingView | None) -> str:
    if found is None or found.since is None:
        return "Somebody else has just begun to ring them. Take the next one."
    return (
        f"{found.by} is ringing them since {found.since:%H:%M}. Take the next one. If nothing comes of it, they are free again "
        f"at {found.since + HELD_FOR:%H:%M}."
    )


def _not_yours(found: RingingView | None) -> str:
    if found is not None and found.since is not None:
        return f"{found.by} is ringing them since {found.since:%H:%M}: your quarter of an hour was over. Nothing was changed."
    return (
        "You are not ringing them any more, or you have said already what came of it. Look at the list again."
    )


def _of(db: Session, campaign: Campaign, message_id: UUID, who: Coordinator) -> tuple[Message, Person]:
    """A message of the campaign and its reader, whom this coordinator may ring. Raises `NotFound`."""
    message = message_queries.by_id(db, message_id)
    if message is None or message.campaign_id != campaign.id or message.person_id is None:
        raise NotFound("This message is not there any more.")
    events = rights.events_of(db, campaign, who)
    if events is not None and message.person_id not in teams.people_of(db, campaign.id, events):
        raise NotFound("This message is not there any more.")
    person = sign_ups.person(db, message.person_id)
    if person is None:
        raise NotFound("This person is not there any more.")
    return message, person
