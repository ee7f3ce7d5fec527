"""Messages of a day's publishings, all at once: those that wait, and those that were stopped."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, union_all
from sqlmodel import Session, col, func, select, update

from api.store.queries.runs import LARGE
from api.store.tables import Campaign, Message, Offer, Request, Run

WAITING = ("created", "stopped")


def may_go(at: datetime, urgent: Sequence[str]) -> ColumnElement[bool]:
    """Of a message: its wait is over, and its campaign is not paused unless it is `urgent` and of no publishing."""
    due = or_(col(Message.send_after).is_(None), col(Message.send_after) <= at)
    paused = select(Campaign.id).where(
        Campaign.id == Message.campaign_id, col(Campaign.paused_at).is_not(None)
    )
    anyway = and_(col(Message.kind).in_(urgent), col(Message.run_id).is_(None))
    return and_(due, or_(anyway, not_(paused.exists())))


def latest_published(db: Session, campaign_id: UUID, day: date) -> Run | None:
    """The run of a day that was published last, without what it holds in megabytes."""
    found = (
        select(Run)
        .options(*LARGE)
        .where(Run.campaign_id == campaign_id, Run.day == day, Run.state == "published")
    )
    newest = found.order_by(col(Run.published_at).desc(), col(Run.id))
    return db.exec(newest.limit(1).execution_options(populate_existing=True)).first()


def _of_day(campaign_id: UUID, day: date) -> ColumnElement[bool]:
    runs = select(Run.id).where(Run.campaign_id == campaign_id, Run.day == day)
    return col(Message.run_id).in_(runs)


def count(db: Session, campaign_id: UUID, day: date) -> dict[str, tuple[int, datetime | None]]:
    """State → messages of the day's publishings that are on no way yet, and until when they wait at most."""
    counts = select(col(Message.state), func.count(), func.max(Message.send_after)).where(
        _of_day(campaign_id, day), col(Message.state).in_(WAITING)
    )
    return {state: (n, until) for state, n, until in db.exec(counts.group_by(col(Message.state))).all()}


def stop(db: Session, campaign_id: UUID, day: date) -> int:
    """Keep back what no worker has taken yet; how many messages that is."""
    waiting = update(Message).where(_of_day(campaign_id, day), col(Message.state) == "created")
    return int(db.exec(waiting.values(state="stopped")).rowcount)


def let_go(db: Session, campaign_id: UUID, day: date, after: datetime | None) -> list[UUID]:
    """Everything of the day's publishings that waits or was stopped may go out from a moment on."""
    waiting = update(Message).where(_of_day(campaign_id, day), col(Message.state).in_(WAITING))
    found = db.exec(waiting.values(state="created", send_after=after).returning(col(Message.id)))
    return list(found.scalars())


def try_again(db: Session, campaign_id: UUID, day: date) -> list[UUID]:
    """Let what failed wait to go out as if it were new, for everybody who signed up for the day."""
    people = union_all(
        *(
            select(table.person_id).where(table.campaign_id == campaign_id, table.day == day)
            for table in (Offer, Request)
        )
    )
    failed = update(Message).where(
        col(Message.campaign_id) == campaign_id,
        col(Message.state) == "failed",
        col(Message.person_id).in_(people),
    )
    new = {"state": "created", "attempts": 0, "error": None, "claimed_at": None, "send_after": None}
    return list(db.exec(failed.values(**new).returning(col(Message.id))).scalars())


def note_stop(db: Session, campaign_id: UUID, day: date, **values: Any) -> None:
    """Write who stopped them, or that nobody does any more, into the day's published runs."""
    runs = update(Run).where(col(Run.campaign_id) == campaign_id, col(Run.day) == day)
    db.exec(runs.where(col(Run.state) == "published").values(**values))


def due(db: Session, campaign_id: UUID, at: datetime, day: date | None = None) -> list[UUID]:
    """What waits no longer: of a whole campaign, or of what the publishings of a day tell."""
    of = col(Message.campaign_id) == campaign_id if day is None else _of_day(campaign_id, day)
    over = or_(col(Message.send_after).is_(None), col(Message.send_after) <= at)
    return list(db.exec(select(Message.id).where(of, col(Message.state) == "created", over)).all())


def make_calls(db: Session, campaign_id: UUID, at: datetime) -> None:
    """What a publishing tells people without an address, and may be told by now, is for somebody to ring about."""
    calls = update(Message).where(col(Message.campaign_id) == campaign_id, col(Message.channel) == "call")
    calls = calls.where(col(Message.state) == "created", col(Message.run_id).is_not(None), may_go(at, ()))
    db.exec(calls.values(state="call"))


def count_waiting(db: Session, campaign_id: UUID) -> int:
    """Messages of a campaign that wait to go out."""
    waiting = select(func.count()).select_from(Message)
    return db.exec(waiting.where(Message.campaign_id == campaign_id, Message.state == "created")).one()


def set_paused(db: Session, campaign_id: UUID, *, by: UUID | None, at: datetime | None) -> bool:
    """Pause, or with nobody in `by` resume; whether that changes anything."""
    was = col(Campaign.paused_at).is_(None) if at else col(Campaign.paused_at).is_not(None)
    done = update(Campaign).where(col(Campaign.id) == campaign_id, was).values(paused_by=by, paused_at=at)
    return bool(db.exec(done).rowcount)
