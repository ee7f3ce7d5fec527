"""Whom to ring: people without e-mail about their lift, and riders who said that they may be asked to drive.

A day's page shows first names alone. Numbers are shown on demand, and that somebody looked is written down.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session

from api.services import audit, my_page, rights, ringing
from api.services.local import now
from api.services.my_page import first_name
from api.services.ringing_view import RingingView
from api.services.truth import is_true
from api.services.views import MyPage
from api.store.queries import messages as queries
from api.store.queries import sign_ups, teams
from api.store.tables import Campaign, Coordinator, Message, Person

MOST_LISTED, LOOKED_THROUGH = 10, 30
"""A page that is only looked at does not search far for calls that are still true."""
MOST_AT_ONCE, EVERY_CALL = 25, 100_000
"""Nobody rings more people in one go, and each number that is shown is written down."""

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
    before: RingingView | None


@dataclass(frozen=True)
class DueCall:
    """Something to tell somebody, without the number; and who rings them, or what came of it so far."""

    name: str
    kind: str
    ringing: RingingView | None


@dataclass(frozen=True)
class Due:
    """Calls that are still true, the longest waiting first, without numbers; `more` wait behind them, at most.

    `may_ask` counts the riders without a lift who may be asked to drive.
    """

    calls: tuple[DueCall, ...]
    more: int
    may_ask: int


@dataclass(frozen=True)
class MayAsk:
    """A rider without a lift who may be asked to drive."""

    person_id: UUID
    name: str
    district: str
    phone: str
    email: str


@dataclass(frozen=True)
class Numbers:
    """Whom to ring now. `more` calls come as these are made; `pages` are those of the riders who may be asked.

    `busy` calls are left out because somebody else makes them.
    """

    calls: tuple[Call, ...]
    more: int
    may_ask: tuple[MayAsk, ...]
    page: int
    pages: int
    busy: int


def due(db: Session, campaign: Campaign, day: date, events: Events = None) -> Due:
    """What a day's page says of it; about some `events` alone, or about all."""
    theirs = _people(db, campaign, events)
    found, more = _true(db, campaign, day, theirs, MOST_LISTED, LOOKED_THROUGH)
    rung = ringing.known(db, [person.id for _, person in found])
    calls = tuple(DueCall(first_name(person), message.kind, rung.get(person.id)) for message, person in found)
    return Due(calls, more, sign_ups.count_may_be_asked(db, campaign.id, day, theirs))


def look(db: Session, campaign: Campaign, day: date, who: Coordinator, page: int = 1) -> Numbers:
    """The next to ring with their numbers, for a coordinator who is written down as having seen them, and who rings them now:
    whoever presses meanwhile gets others.
    """
    theirs = _people(db, campaign, rights.events_of(db, campaign, who))
    free = queries.free_to_ring(who.id, now() - ringing.HELD_FOR)
    found, more = _true(db, campaign, day, theirs, MOST_AT_ONCE, EVERY_CALL, free)
    mine = ringing.take(db, {person.id for _, person in found}, who)
    before = ringing.known(db, mine)
    calls = tuple(
        _call(db, campaign, message, person, before.get(person.id))
        for message, person in found
        if person.id in mine
    )
    pages = max(1, -(-sign_ups.count_may_be_asked(db, campaign.id, day, theirs) // MOST_AT_ONCE))
    page = min(max(page, 1), pages)
    asked = _may_ask(db, campaign, day, theirs, (page - 1) * MOST_AT_ONCE)
    for person_id in {one.person_id for one in calls} | {one.person_id for one in asked}:
        audit.record(db, who, "number looked at", campaign_id=campaign.id, subject_id=person_id)
    for call in calls:
        # A driver is told the numbers of the riders too.
        if call.page.lift is not None and call.page.lift.role == "driver":
            lift_id = call.page.lift.id
            audit.record(db, who, "numbers of a lift looked at", campaign_id=campaign.id, subject_id=lift_id)
    everybody, own = (queries.count_calls(db, campaign.id, day, theirs, *only) for only in ((), (free,)))
    return Numbers(calls, more, asked, page, pages, everybody - own)


def _true(
    db: Session,
    campaign: Campaign,
    day: date,
    theirs: set[UUID] | None,
    most: int,
    look_through: int,
    *free: ColumnElement[bool],
) -> tuple[list[tuple[Message, Person]], int]:
    """The first calls that are still true, and how many others wait; whether those are true shows when their turn comes."""
    found: list[tuple[Message, Person]] = []
    looked = 0
    for message, person in queries.calls(db, campaign.id, day, theirs, look_through, *free):
        looked += 1
        sign_up = sign_ups.of_person(db, person.id)
        if sign_up is not None and is_true(db, message, person, sign_up):
            found.append((message, person))
            if len(found) == most:
                break
    return found, queries.count_calls(db, campaign.id, day, theirs, *free) - looked


def _call(
    db: Session, campaign: Campaign, message: Message, person: Person, before: RingingView | None
) -> Call:
    page = my_page.of(db, person, campaign)
    return Call(message.id, person.id, message.kind, first_name(person), person.phone_typed, page, before)


def _may_ask(
    db: Session, campaign: Campaign, day: date, theirs: set[UUID] | None, first: int
) -> tuple[MayAsk, ...]:
    return tuple(
        MayAsk(person.id, first_name(person), sign_up.postcode.split()[0], person.phone_typed, person.email)
        for sign_up, person in sign_ups.may_be_asked(db, campaign.id, day, theirs, first, MOST_AT_ONCE)
    )


def _people(db: Session, campaign: Campaign, events: Events) -> set[UUID] | None:
    return None if events is None else teams.people_of(db, campaign.id, events)
