"""A run's plan as its coordinator looks through it: a page of trips, a page of those left over, however many there are.

Nothing here reads the plan's JSON, nor says what publishing would do: both take their time where many people sign up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlmodel import Session

from api.services.local import local
from api.services.my_page import first_name
from api.services.plan_views import TripView, UnmatchedView
from api.services.views import RunView
from api.store.queries import campaigns
from api.store.queries import planned as queries
from api.store.queries.planned import Wanted
from api.store.queries.sign_ups import Found
from api.store.tables import Campaign, Offer, Planned

PAGE = 50
LONGEST_SEARCH = 40
GONE = "somebody who is gone"
NO_EVENT = "an event that is gone"


@dataclass(frozen=True)
class PlannedEvent:
    """An event with what the plan brings to it."""

    id: UUID
    title: str
    cars: int
    people: int


@dataclass(frozen=True)
class Trips:
    """A page of a plan's trips. `total`: how many there are of those that were asked for."""

    events: tuple[PlannedEvent, ...]
    total: int
    trips: tuple[TripView, ...]


@dataclass(frozen=True)
class Leftovers:
    """A page of those whom a plan leaves out, and how many there are for each reason."""

    reasons: tuple[tuple[str, int], ...]
    total: int
    people: tuple[UnmatchedView, ...]


@dataclass(frozen=True)
class Names:
    """Who somebody is, as a coordinator may see it in a plan: a first name and a district."""

    found: dict[UUID, Found]

    def name(self, sign_up_id: UUID | None) -> str:
        known = self.found.get(sign_up_id) if sign_up_id else None
        return first_name(known[1]) if known else GONE

    def district(self, sign_up_id: UUID) -> str:
        known = self.found.get(sign_up_id)
        return known[0].postcode.split()[0] if known else ""

    def role(self, sign_up_id: UUID) -> str:
        known = self.found.get(sign_up_id)
        return "driver" if known and isinstance(known[0], Offer) else "rider"


def names(db: Session, ids: Iterable[UUID | None]) -> Names:
    """Whose sign-ups these are."""
    return Names(queries.people(db, {one for one in ids if one is not None}))


def trips(
    db: Session,
    campaign: Campaign,
    run: RunView,
    event_id: UUID | None = None,
    search: str = "",
    page: int = 1,
) -> Trips:
    """A page of the trips: all of them, those to one event, or those with somebody whose name or postcode begins so."""
    total, rows = queries.trips(db, run.id, _wanted(page, search, event_id=event_id))
    titles = titles_of(db, campaign, run)
    known = names(db, (row.sign_up_id for row in rows))
    shown = [_trip(list(group), known, titles) for _, group in groupby(rows, lambda row: row.trip)]
    return Trips(events(db, run, titles), total, tuple(shown))


def left(db: Session, run: RunView, reason: str = "", search: str = "", page: int = 1) -> Leftovers:
    """A page of those who are left over."""
    total, rows = queries.left(db, run.id, _wanted(page, search, reason=reason))
    known = names(db, (row.sign_up_id for row in rows))
    people = [
        UnmatchedView(
            name=known.name(row.sign_up_id),
            role=known.role(row.sign_up_id),
            district=known.district(row.sign_up_id),
            reason=row.reason or "",
            text=(row.details or {}).get("text") or "",
            fix=(row.details or {}).get("fix") or "",
            id=row.sign_up_id,
        )
        for row in rows
    ]
    return Leftovers(tuple(queries.by_reason(db, run.id)), total, tuple(people))


def titles_of(db: Session, campaign: Campaign, run: RunView) -> dict[UUID, str]:
    """The names of the day's events."""
    return {event.id: event.title for event in campaigns.events(db, campaign.id, run.day)}


def events(db: Session, run: RunView, titles: dict[UUID, str]) -> tuple[PlannedEvent, ...]:
    """What the plan brings to each event, by name."""
    found = [
        PlannedEvent(event_id, titles.get(event_id, NO_EVENT), cars, people)
        for event_id, cars, people in queries.by_event(db, run.id)
    ]
    return tuple(sorted(found, key=lambda event: (event.title, str(event.id))))


def _wanted(page: int, search: str, event_id: UUID | None = None, reason: str = "") -> Wanted:
    search = search.strip()[:LONGEST_SEARCH].replace("\0", "")
    return Wanted(event_id, reason, search, first=PAGE * (page - 1), most=PAGE)


def _trip(rows: Sequence[Planned], known: Names, titles: dict[UUID, str]) -> TripView:
    driver, *riders = rows
    details = driver.details or {}
    arrives = details.get("arrives_at")
    return TripView(
        driver=known.name(driver.sign_up_id),
        event=titles.get(driver.event_id, NO_EVENT) if driver.event_id else NO_EVENT,
        departs_at=local(driver.at) if driver.at else None,
        arrives_at=local(datetime.fromisoformat(arrives)) if arrives else None,
        drive_minutes=round(details.get("drive_minutes") or 0),
        detour_minutes=round(details.get("detour_minutes") or 0),
        stops=tuple(
            (known.name(row.sign_up_id), known.district(row.sign_up_id), local(row.at))
            for row in riders
            if row.at
        ),
        people=sum(row.people for row in rows),
        driver_id=driver.sign_up_id,
        by_hand=driver.by_hand,
    )
