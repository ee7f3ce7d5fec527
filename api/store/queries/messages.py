"""The outbox."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select, update

from api.store.queries import ringing
from api.store.queries.sending import may_go
from api.store.tables import DemoLetter, Message, Offer, Person, PrivateLink, Request

Reader = Literal["person", "host", "coordinator", "invitation"]


# Built once: most of what a form costs would be the building of such statements.
ADD_ONCE = insert(Message).on_conflict_do_nothing(index_elements=["key"]).returning(col(Message.id))


class Stale(NamedTuple):
    """Since when whoever took a message counts as gone, by its channel."""

    texts: datetime
    letters: datetime


def add_once(db: Session, **values: Any) -> UUID | None:
    """Insert the message unless there is one with its key; its id, None if there is."""
    added: UUID | None = db.connection().execute(ADD_ONCE, Message(**values).model_dump()).scalar()
    return added


def by_id(db: Session, message_id: UUID) -> Message | None:
    return db.get(Message, message_id, populate_existing=True)


def step(db: Session, message_id: UUID, before: Sequence[str], **values: Any) -> bool:
    """Change the message if its state is one of `before`; whether it was."""
    done = db.exec(
        update(Message).where(col(Message.id) == message_id, col(Message.state).in_(before)).values(**values)
    )
    return bool(done.rowcount)


def is_about(db: Session, person_id: UUID | None, subject_id: UUID) -> bool:
    """Whether there is a message to this person about this subject, whatever became of it."""
    found = select(Message.id).where(Message.person_id == person_id, Message.subject_id == subject_id)
    return db.exec(found.limit(1)).first() is not None


def add_link(db: Session, link: PrivateLink) -> None:
    db.add(link)
    db.flush()


def waiting(
    db: Session, before: datetime, limit: int = 1000, *, at: datetime, urgent: Sequence[str]
) -> list[UUID]:
    """Messages made before a moment that may go out now and are neither sent nor given up: their job may have been lost.

    With those that were made later than now, by a clock that has gone back since.
    """
    is_older = or_(col(Message.created_at) < before, col(Message.created_at) > at)
    found = select(Message.id).where(
        col(Message.state).in_(("created", "sending")), is_older, may_go(at, urgent)
    )
    return list(db.exec(found.order_by(col(Message.created_at)).limit(limit)).all())


def put_back(db: Session, latest: datetime, moment: datetime) -> None:
    """Count what was taken after `latest`, by a clock that has gone back since, as taken at the moment."""
    ahead = update(Message).where(
        col(Message.state).in_(("sending", "held")), col(Message.claimed_at) > latest
    )
    db.exec(ahead.values(claimed_at=moment))


def held(db: Session, before: datetime, limit: int = 100) -> list[UUID]:
    """Those that a limit keeps back, looked at last before a moment; those that wait longest since then."""
    found = select(Message.id).where(Message.state == "held", col(Message.claimed_at) < before)
    return list(db.exec(found.order_by(col(Message.claimed_at)).limit(limit)).all())


def of_person(db: Session, person_id: UUID) -> Sequence[Message]:
    """Everything that we wrote to somebody, oldest first."""
    own = select(Message).where(Message.person_id == person_id)
    return db.exec(own.order_by(col(Message.created_at), col(Message.id))).all()


def calls(
    db: Session,
    campaign_id: UUID,
    day: date,
    people: Collection[UUID] | None,
    most: int,
    *free: ColumnElement[bool],
) -> list[tuple[Message, Person]]:
    """Whom to ring about the day: whoever was not tried yet, the longest waiting first. Among some people, or among all."""
    found = select(Message, Person).join(Person, col(Person.id) == col(Message.person_id))
    found = found.where(*_calls(campaign_id, day, people), *free)
    order = (
        ringing.tried_at(Message.person_id).asc().nulls_first(),
        col(Message.created_at),
        col(Message.id),
    )
    rows = db.exec(found.order_by(*order).limit(most)).all()
    return [(row[0], row[1]) for row in rows]


def count_calls(
    db: Session, campaign_id: UUID, day: date, people: Collection[UUID] | None, *free: ColumnElement[bool]
) -> int:
    """How many there are, with those that are not true any more."""
    return db.exec(select(func.count(col(Message.id))).where(*_calls(campaign_id, day, people), *free)).one()


def free_to_ring(who: UUID, stale: datetime) -> ColumnElement[bool]:
    """Of messages: nobody but this coordinator rings their readers since `stale`."""
    return ringing.free(Message.person_id, who, stale)


def _calls(campaign_id: UUID, day: date, people: Collection[UUID] | None) -> tuple[ColumnElement[bool], ...]:
    offered = select(Offer.person_id).where(Offer.campaign_id == campaign_id, Offer.day == day)
    asked = select(Request.person_id).where(Request.campaign_id == campaign_id, Request.day == day)
    of_the_day = or_(col(Message.person_id).in_(offered), col(Message.person_id).in_(asked))
    own = and_(col(Message.campaign_id) == campaign_id, col(Message.state) == "call")
    return (own, of_the_day, *([col(Message.person_id).in_(people)] if people is not None else []))


def count(db: Session, campaign_id: UUID, day: date) -> dict[str, int]:
    """State → messages to people who signed up for the day."""
    offered = select(Offer.person_id).where(Offer.campaign_id == campaign_id, Offer.day == day)
    asked = select(Request.person_id).where(Request.campaign_id == campaign_id, Request.day == day)
    counts = select(Message.state, func.count()).where(
        or_(col(Message.person_id).in_(offered), col(Message.person_id).in_(asked))
    )
    return dict(db.exec(counts.group_by(col(Message.state))).all())


def claim(
    db: Session, message_id: UUID, moment: datetime, stale: Stale, *, reader: Reader, urgent: Sequence[str]
) -> bool:
    """Take a message that waits and may go out, or that somebody took before it is `stale` and never reported on."""
    given_up = case((col(Message.channel) == "text", stale.texts), else_=stale.letters)
    free = or_(
        col(Message.state).in_(("created", "held")),
        and_(col(Message.state) == "sending", col(Message.claimed_at) < given_up),
    )
    readers = {
        "person": Message.person_id,
        "host": Message.host_id,
        "coordinator": Message.coordinator_id,
        "invitation": Message.invitation_id,
    }
    kind = col(readers[reader]).is_not(None)
    taken = update(Message).where(col(Message.id) == message_id, free, kind, may_go(moment, urgent))
    taken = taken.values(state="sending", claimed_at=moment, attempts=col(Message.attempts) + 1)
    return bool(db.exec(taken).rowcount)


def people_told(db: Session, campaign_id: UUID, kind: str) -> set[UUID]:
    """Who got, or will get, a message of this kind."""
    found = select(Message.person_id).where(Message.campaign_id == campaign_id, Message.kind == kind)
    return {person_id for person_id in db.exec(found).all() if person_id is not None}


def demo_letters(db: Session, limit: int, offset: int) -> Sequence[DemoLetter]:
    """What the demonstration sent, newest first."""
    newest = select(DemoLetter).order_by(col(DemoLetter.at).desc(), col(DemoLetter.id).desc())
    return db.exec(newest.limit(limit).offset(offset)).all()
