"""Whom to ring: people without e-mail about their lift, and riders who said that they may be asked to drive.

A day's page shows first names alone. Numbers are shown on demand, and that somebody looked is written down.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services import audit, my_page, rights
from api.services.local import now
from api.services.my_page import first_name
from api.services.truth import is_true
from api.services.views import MyPage
from api.store.queries import messages as queries
from api.store.queries import sign_ups, teams
from api.store.tables import Campaign, Coordinator

Events = Collection[UUID] | None
"""Some events, or None for all."""


@dataclass(frozen=True)
class Call:
    """Something to tell somebody on the phone; `page` is what they would see on their own."""

    message_id: UUID
    person_id: UUID
    kind: str
    name: str
    phone: str
    page: MyPage


@dataclass(frozen=True)
class MayAsk:
    """A rider without a lift who may be asked to drive."""

    person_id: UUID
    name: str
    district: str
    phone: str
    email: str


def waiting(db: Session, campaign: Campaign, day: date, events: Events = None) -> list[Call]:
    """The calls that are still true, the longest waiting first; about some `events` alone, or about all."""
    found = []
    theirs = _people(db, campaign, events)
    for message, person in queries.calls(db, campaign.id, day):
        if theirs is not None and person.id not in theirs:
            continue
        sign_up = sign_ups.of_person(db, person.id)
        if sign_up is not None and is_true(db, message, person, sign_up):
            page = my_page.of(db, person, campaign)
            call = Call(message.id, person.id, message.kind, first_name(person), person.phone_typed, page)
            found.append(call)
    return found


def may_ask(db: Session, campaign: Campaign, day: date, events: Events = None) -> list[MayAsk]:
    theirs = _people(db, campaign, events)
    return [
        MayAsk(person.id, first_name(person), sign_up.postcode.split()[0], person.phone_typed, person.email)
        for sign_up, person in sign_ups.may_be_asked(db, campaign.id, day)
        if theirs is None or person.id in theirs
    ]


def look(db: Session, campaign: Campaign, day: date, who: Coordinator) -> tuple[list[Call], list[MayAsk]]:
    """Both with their numbers, for a coordinator who is written down as having seen them."""
    events = rights.events_of(db, campaign, who)
    calls, asked = waiting(db, campaign, day, events), may_ask(db, campaign, day, events)
    for person_id in {one.person_id for one in calls} | {one.person_id for one in asked}:
        audit.record(db, who, "number looked at", campaign_id=campaign.id, subject_id=person_id)
    for call in calls:
        # A driver is told the numbers of the riders too.
        if call.page.lift is not None and call.page.lift.role == "driver":
            lift_id = call.page.lift.id
            audit.record(db, who, "numbers of a lift looked at", campaign_id=campaign.id, subject_id=lift_id)
    return calls, asked


def rung(db: Session, campaign: Campaign, message_id: UUID, who: Coordinator) -> None:
    """They know. Of two coordinators who ring at once one is told of the other."""
    message = queries.by_id(db, message_id)
    mine = message is not None and message.campaign_id == campaign.id
    if not mine or not queries.step(db, message_id, ("call",), state="sent", sent_at=now()):
        raise Conflict("Somebody else has rung them already, or there is nothing to tell them any more.")
    audit.record(db, who, "rung", campaign_id=campaign.id, subject_id=message_id)


def _people(db: Session, campaign: Campaign, events: Events) -> set[UUID] | None:
    return None if events is None else teams.people_of(db, campaign.id, events)
