"""A long event as shifts: one step for its organiser, and people choose the hours that suit them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit
from api.services.local import local, now
from api.store.queries import campaigns as queries
from api.store.queries import lifts, sign_ups
from api.store.tables import Campaign, Coordinator, Event

MOST = 4
SHORTEST = timedelta(minutes=90)
FIVE_MINUTES = timedelta(minutes=5)
MOST_WANTED = 10_000


@dataclass(frozen=True)
class Shifts:
    """One way to cut an event: how many shifts, and from when to when each goes, local."""

    count: int
    times: tuple[tuple[datetime, datetime], ...]


def ways(event: Event) -> list[Shifts]:
    """Two to four shifts of about the same length, none too short to be worth the way."""
    whole = event.ends_at - event.starts_at
    return [Shifts(count, _cut(event, count)) for count in range(2, MOST + 1) if whole / count >= SHORTEST]


def long_event(db: Session, campaign: Campaign, event_id: UUID) -> Event:
    """The event, if it can still be cut. Raises `NotFound` or `Conflict`."""
    event = queries.event_by_id(db, campaign.id, event_id)
    if event is None:
        raise NotFound("This campaign has no such event.")
    if event.state != "open" or event.starts_at <= now():
        raise Conflict("This event is cancelled or has begun, so it stays as it is.")
    if lifts.any_to(db, event.id):
        raise Conflict(
            "Lifts to this event are published already. Whoever has one was told when it starts, so it stays as it is."
        )
    return event


def make(
    db: Session, campaign: Campaign, coordinator: Coordinator, event_id: UUID, count: int, wanted: int, ends_at: str
) -> None:  # fmt: skip
    """Cut the event into `count` shifts that want `wanted` people each. Whoever chose the event has chosen all of them.

    `ends_at` is what the page showed: a second press finds a shift in its place, and changes nothing.
    """
    found = queries.event_by_id(db, campaign.id, event_id)
    if found is not None:
        lifts.lock_day(db, campaign.id, found.day)
        db.refresh(found)
        if found.ends_at.isoformat() != ends_at:
            return
    event = long_event(db, campaign, event_id)
    cut = next((way for way in ways(event) if way.count == count), None)
    if not 0 <= wanted <= MOST_WANTED:
        raise Invalid({"wanted": "Type how many people you want in each shift, a whole number up to 10,000."})
    if cut is None:
        raise Invalid({"count": "Choose how many shifts it should be."})
    later = [_like(event, starts_at, ends_at, wanted) for starts_at, ends_at in cut.times[1:]]
    event.ends_at, event.wanted = cut.times[0][1], wanted
    db.add_all([event, *later])
    db.flush()
    sign_ups.choose_too(db, campaign.id, event.day, str(event.id), [str(shift.id) for shift in later])
    audit.record(db, coordinator, "event cut into shifts", campaign_id=campaign.id, subject_id=event.id)


def _cut(event: Event, count: int) -> tuple[tuple[datetime, datetime], ...]:
    """Equal parts, their ends to five minutes."""
    steps = (event.ends_at - event.starts_at) // FIVE_MINUTES
    inner = [local(event.starts_at) + (steps * number // count) * FIVE_MINUTES for number in range(count)]
    return tuple(zip(inner, [*inner[1:], local(event.ends_at)], strict=True))


def _like(event: Event, starts_at: datetime, ends_at: datetime, wanted: int) -> Event:
    same = event.model_dump(exclude={"id", "created_at", "starts_at", "ends_at", "wanted"})
    return Event(**same, starts_at=starts_at, ends_at=ends_at, wanted=wanted)
