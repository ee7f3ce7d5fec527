"""Paper for the day: a sheet for each driver, and lists of who arrives when to tick by hand.

A day of 10,000 lifts comes in parts of so many as somebody prints and sorts at a time.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.services import arrivals, constituencies
from api.services.campaigns import event_view
from api.services.days import CampaignDay
from api.services.exchange import exports
from api.services.host_views import CarView
from api.services.local import after_midnight, now
from api.services.my_page import HIDDEN_AFTER, view_of
from api.services.views import EventView, LiftView
from api.store.queries import arrivals as car_queries
from api.store.queries import campaigns
from api.store.queries import exports as queries
from api.store.queries.arrivals import CarRow

A_PART = 200
OVER = "This day is over. What drivers and hosts needed for it is no longer shown to anybody."
NO_SUCH_PART = "There is no such part any more. Look at the list again."


@dataclass(frozen=True)
class EventOfDay:
    """An event of the day with the number of its lifts."""

    event: EventView
    lifts: int


@dataclass(frozen=True)
class Part:
    """Lifts `first` to `last` of `total`, from 1. `number` of `parts`, from 1; of `event`, or of all."""

    number: int
    parts: int
    first: int
    last: int
    total: int
    event: EventView | None


@dataclass(frozen=True)
class DriverSheet:
    """`name` is for whoever hands it out; the rest is what the driver sees on the private page."""

    name: str
    lift: LiftView


@dataclass(frozen=True)
class ArrivalList:
    """The cars of an event that this part holds. `goes_on`: the part before ended in the midst of it."""

    event: EventView
    cars: tuple[CarView, ...]
    goes_on: bool


def events(db: Session, at: CampaignDay) -> list[EventOfDay]:
    """The day's events that somebody drives to."""
    counts, known = queries.lifts_by_event(db, at.campaign.id, at.day), constituencies.current(db)
    rows = [event for event in campaigns.events(db, at.campaign.id, at.day) if event.id in counts]
    return [EventOfDay(event_view(event, known), counts[event.id]) for event in rows]


def part(db: Session, at: CampaignDay, event_id: UUID | None, number: int) -> Part:
    """What a part holds. Raises `NotFound` for one that there is not, `Conflict` once the day is over."""
    if is_over(at.day):
        raise Conflict(OVER)
    of_day = events(db, at)
    found = next((one for one in of_day if one.event.id == event_id), None)
    total = sum(one.lifts for one in of_day) if event_id is None else found.lifts if found else 0
    parts = -(-total // A_PART)
    if not 1 <= number <= parts:
        raise NotFound(NO_SUCH_PART)
    first = (number - 1) * A_PART + 1
    return Part(number, parts, first, min(total, first + A_PART - 1), total, found.event if found else None)


def is_over(day: date) -> bool:
    """Names, places and numbers are hidden so long after the day, on paper as on the private pages."""
    return now() > after_midnight(day, 1) + HIDDEN_AFTER


def driver_sheets(db: Session, at: CampaignDay, wanted: Part, *, agreed: bool) -> list[DriverSheet]:
    """By event, and in it by name. Raises `Invalid` if nobody answers for them."""
    exports.approve(db, at, "driver sheets printed", agreed=agreed)
    shown = {one.event.id: one.event for one in events(db, at)}
    return [
        DriverSheet(
            row.driver.name, view_of(row.lift, row.offer, row.driver, row.riders, shown[row.lift.event_id])
        )
        for row in _rows(db, at, wanted, by_driver=True)
        if row.lift.event_id in shown
    ]


def arrival_lists(db: Session, at: CampaignDay, wanted: Part, *, agreed: bool) -> list[ArrivalList]:
    """By event, and in it as they should arrive: first names with an initial, as hosts see them."""
    exports.approve(db, at, "arrival lists printed", agreed=agreed)
    shown = {one.event.id: one.event for one in events(db, at)}
    rows = _rows(db, at, wanted, by_driver=False)
    ticks = car_queries.ticks(db, {row.lift.event_id for row in rows})
    before = _event_before(db, at, wanted)
    return [
        ArrivalList(shown[event_id], arrivals.cars_of(of_event, ticks), event_id == before)
        for event_id, of_event in groupby(rows, lambda row: row.lift.event_id)
        if event_id in shown
    ]


def _rows(db: Session, at: CampaignDay, wanted: Part, *, by_driver: bool) -> list[CarRow]:
    event_id = wanted.event.id if wanted.event else None
    skip, most = wanted.first - 1, wanted.last - wanted.first + 1
    ids = queries.lift_ids(db, at.campaign.id, at.day, event_id, skip, most, by_driver=by_driver)
    return car_queries.cars_of(db, ids)


def _event_before(db: Session, at: CampaignDay, wanted: Part) -> UUID | None:
    """The event of the last lift before this part; None for the first."""
    if wanted.number == 1:
        return None
    event_id = wanted.event.id if wanted.event else None
    ids = queries.lift_ids(db, at.campaign.id, at.day, event_id, wanted.first - 2, 1, by_driver=False)
    return next((row.lift.event_id for row in car_queries.cars_of(db, ids)), None)
