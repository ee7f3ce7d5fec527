"""Campaigns, their key constituencies, events and who may run them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select, update

from api.store.tables import Campaign, Coordinator, Event, KeyConstituency, Membership, Offer, Request

# What every form asks, built once: to build such a statement takes as long as to send it.
BY_SLUG = select(Campaign).where(col(Campaign.slug) == bindparam("slug"))
EVENTS = (
    select(Event)
    .where(col(Event.campaign_id) == bindparam("campaign_id"))
    .order_by(col(Event.starts_at), col(Event.title), col(Event.id))
)
EVENTS_OF_DAY = EVENTS.where(col(Event.day) == bindparam("day"))


def by_slug(db: Session, slug: str) -> Campaign | None:
    return db.exec(BY_SLUG, params={"slug": slug}).first()


def by_id(db: Session, campaign_id: UUID) -> Campaign | None:
    return db.get(Campaign, campaign_id)


def open_ones(db: Session) -> Sequence[Campaign]:
    return db.exec(select(Campaign).where(col(Campaign.open)).order_by(Campaign.name)).all()


def of_coordinator(db: Session, coordinator_id: UUID) -> Sequence[Campaign]:
    mine = select(Campaign).join(Membership).where(Membership.coordinator_id == coordinator_id)
    return db.exec(mine.order_by(Campaign.name)).all()


def slugs_like(db: Session, start: str) -> set[str]:
    return set(db.exec(select(Campaign.slug).where(col(Campaign.slug).startswith(start))).all())


def may_run(db: Session, coordinator_id: UUID, campaign_id: UUID) -> bool:
    return db.get(Membership, (coordinator_id, campaign_id)) is not None


def coordinator_by_id(db: Session, coordinator_id: UUID) -> Coordinator | None:
    return db.get(Coordinator, coordinator_id)


def key_codes(db: Session, campaign_id: UUID) -> set[str]:
    return set(db.exec(select(KeyConstituency.code).where(KeyConstituency.campaign_id == campaign_id)).all())


def add_key_codes(db: Session, campaign_id: UUID, codes: Iterable[str]) -> int:
    """How many of `codes` were not there yet."""
    rows = [{"campaign_id": campaign_id, "code": code} for code in codes]
    if not rows:
        return 0
    added = insert(KeyConstituency).values(rows).on_conflict_do_nothing().returning(col(KeyConstituency.code))
    return len(db.exec(added).all())


def remove_key_code(db: Session, campaign_id: UUID, code: str) -> None:
    db.exec(
        delete(KeyConstituency).where(
            col(KeyConstituency.campaign_id) == campaign_id, col(KeyConstituency.code) == code
        )
    )


def add_events(db: Session, events: Sequence[Event]) -> None:
    """Many at once, in few statements."""
    if events:
        db.exec(insert(Event), params=[event.model_dump() for event in events])


def events(db: Session, campaign_id: UUID, day: date | None = None) -> Sequence[Event]:
    if day is None:
        return db.exec(EVENTS, params={"campaign_id": campaign_id}).all()
    return db.exec(EVENTS_OF_DAY, params={"campaign_id": campaign_id, "day": day}).all()


def coming_events(db: Session, campaign_id: UUID, codes: Iterable[str], at: datetime) -> Sequence[Event]:
    """Open events in these constituencies that have not ended at a moment, the next one first."""
    found = select(Event).where(*_coming(campaign_id, at), col(Event.constituency).in_(set(codes)))
    return db.exec(found.order_by(col(Event.starts_at), col(Event.title), col(Event.id))).all()


def count_coming(db: Session, campaign_id: UUID, at: datetime) -> Sequence[tuple[date, str, int]]:
    """Day, constituency, and how many open events have not ended there; by day."""
    counts = select(col(Event.day), col(Event.constituency), func.count()).where(*_coming(campaign_id, at))
    counts = counts.group_by(col(Event.day), col(Event.constituency)).order_by(col(Event.day))
    return [(day, code, count) for day, code, count in db.exec(counts).all()]


def events_by_ids(db: Session, campaign_id: UUID, ids: Iterable[UUID]) -> Sequence[Event]:
    found = select(Event).where(Event.campaign_id == campaign_id, col(Event.id).in_(set(ids)))
    return db.exec(found).all()


def wanted_by_constituency(db: Session, campaign_id: UUID, at: datetime) -> dict[str, int]:
    """Constituency → people that its coming events want. One statement, however many events there are."""
    sums = select(Event.constituency, func.sum(Event.wanted)).where(*_coming(campaign_id, at))
    return {code: int(wanted) for code, wanted in db.exec(sums.group_by(Event.constituency)).all()}


def _coming(campaign_id: UUID, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(Event.campaign_id) == campaign_id, col(Event.state) == "open", col(Event.ends_at) > at)


def event_by_id(db: Session, campaign_id: UUID, event_id: UUID) -> Event | None:
    event = db.get(Event, event_id)
    return event if event is not None and event.campaign_id == campaign_id else None


def cancel_event(db: Session, event_id: UUID) -> bool:
    """Whether it was open until now."""
    done = db.exec(
        update(Event).where(col(Event.id) == event_id, col(Event.state) == "open").values(state="cancelled")
    )
    return bool(done.rowcount)


def days(db: Session, campaign_id: UUID) -> list[date]:
    """Every day on which the campaign has an event, an offer or a request."""
    found: set[date] = set()
    tables: list[type[Any]] = [Event, Offer, Request]
    for table in tables:
        found.update(db.scalars(select(table.day).where(table.campaign_id == campaign_id).distinct()))
    return sorted(found)


def count_events(db: Session, campaign_id: UUID, day: date) -> tuple[int, int]:
    """Open events of the day and how many people they want."""
    figures = select(func.count(), func.coalesce(func.sum(Event.wanted), 0)).where(
        Event.campaign_id == campaign_id, Event.day == day, Event.state == "open"
    )
    count, wanted = db.exec(figures).one()
    return count, wanted
