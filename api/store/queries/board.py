"""The board of a day: what is under way, late cars first, page by page; and who has no way home."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_, true
from sqlmodel import Session, col, func, select

from api.store.tables import Arrival, Event, Lift, LiftStop, Offer, Person, Request

SOON = timedelta(hours=1)
"""A car is on the board from so long before it sets off."""
OVERDUE = timedelta(minutes=10)
"""A car that nobody has seen come so long after it was expected is late, whatever its driver said."""
HOME = timedelta(minutes=30)
"""It leaves the board so long after it should be home."""

STATES = ("missing", "overdue", "late", "on_the_road", "soon", "due", "here", "going_home")
"""In the order in which they stand on the board."""


@dataclass(frozen=True)
class OnTheRoad:
    """A lift under way: its `state`, when it is expected where it goes next, and who drives."""

    lift: Lift
    state: str
    driver: str
    car: str
    plate: str
    event: str
    ends_at: datetime


def under_way(
    db: Session, campaign_id: UUID, day: date, at: datetime, state: str = "", *, limit: int, offset: int = 0
) -> list[OnTheRoad]:
    """A page of the lifts under way, those that need somebody first, then by when they are expected."""
    rank = _rank(at)
    found = select(Lift, rank, Person.name, Offer.car, Offer.plate, Event.title, Event.ends_at)  # type: ignore[call-overload]
    found = _on_the_board(found, campaign_id, day, at).join(Person, col(Person.id) == col(Offer.person_id))
    if state in STATES:
        found = found.where(rank == STATES.index(state))
    page = found.order_by(rank, col(Lift.arrives_at), col(Lift.id)).limit(limit).offset(offset)
    return [OnTheRoad(row[0], STATES[row[1]], *row[2:]) for row in db.exec(page).all()]


def count_under_way(db: Session, campaign_id: UUID, day: date, at: datetime) -> dict[str, int]:
    """State → lifts."""
    rank = _rank(at).label("rank")
    found = _on_the_board(select(rank, func.count()), campaign_id, day, at).group_by(rank)
    return {STATES[number]: count for number, count in db.exec(found).all()}


def riders_of(db: Session, lift_ids: Iterable[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """Lift → name and people of its riders, in the order in which they get in."""
    stops = select(LiftStop.lift_id, Person.name, Request.party)
    stops = stops.join(Request, col(Request.id) == col(LiftStop.request_id))
    stops = stops.join(Person, col(Person.id) == col(Request.person_id))
    stops = stops.where(col(LiftStop.lift_id).in_(list(lift_ids)), LiftStop.state == "published")
    riders: dict[UUID, list[tuple[str, int]]] = {}
    for lift_id, name, party in db.exec(stops.order_by(col(LiftStop.position))).all():
        riders.setdefault(lift_id, []).append((name, party))
    return riders


def _on_the_board(found: Any, campaign_id: UUID, day: date, at: datetime) -> Any:
    """Lifts that stand, from shortly before they leave until they are home, with what was ticked of their drivers."""
    found = found.select_from(Lift).join(Offer, col(Offer.id) == col(Lift.offer_id))
    found = found.join(Event, col(Event.id) == col(Lift.event_id))
    ticked = and_(col(Arrival.event_id) == col(Lift.event_id), col(Arrival.offer_id) == col(Lift.offer_id))
    found = found.outerjoin(Arrival, ticked)
    over = func.coalesce(Lift.home_at, Event.ends_at)
    return found.where(
        Lift.campaign_id == campaign_id, Lift.day == day, Lift.state == "published",
        col(Lift.departs_at) <= at + SOON, over >= at - HOME,
    )  # fmt: skip


def _rank(at: datetime) -> ColumnElement[int]:
    """The place of a lift's state in `STATES`."""
    has_come, is_over = col(Arrival.state) == "arrived", col(Event.ends_at) <= at
    # A host who ticks nobody says nothing of anybody: only once somebody is ticked is a car that is not yet overdue.
    ticks = select(Arrival.id).where(Arrival.event_id == Lift.event_id, Arrival.state == "arrived")
    is_watched = ticks.correlate(Lift).exists()
    expected = col(Lift.arrives_at) + func.make_interval(0, 0, 0, 0, 0, col(Lift.late_minutes))
    order: list[tuple[ColumnElement[bool], str]] = [
        (col(Arrival.state) == "no_show", "missing"),
        (is_over, "going_home"),
        (has_come, "here"),
        (and_(expected + OVERDUE <= at, is_watched), "overdue"),
        (and_(col(Lift.late_minutes) > 0, expected >= at - OVERDUE), "late"),
        (col(Lift.departs_at) > at, "soon"),
        (col(Lift.arrives_at) > at, "on_the_road"),
        (true(), "due"),
    ]
    return case(*((when, STATES.index(state)) for when, state in order))


@dataclass(frozen=True)
class NoWayHome:
    """Somebody who needs a way home and has none. `why`: driver_missing, no_car or no_way_back."""

    request_id: UUID
    name: str
    people: int
    postcode: str
    why: str
    arrived: bool
    event: Event


def without_way_home(db: Session, campaign_id: UUID, day: date, limit: int) -> list[NoWayHome]:
    """Who came or is on the way, has no way back, and wants one; those who are there first."""
    found: list[NoWayHome] = []
    for why, rows in (
        ("driver_missing", _of_missing(campaign_id, day)),
        ("no_car", _of_lost(campaign_id, day)),
        ("no_way_back", _of_one_way(campaign_id, day)),
    ):
        ordered = rows.order_by(col(Arrival.state) != "arrived", col(Person.name), col(Request.id)).limit(
            limit
        )
        for request_id, name, party, postcode, state, event in db.exec(ordered).all():
            found.append(NoWayHome(request_id, name, party, postcode, why, state == "arrived", event))
    return sorted(found, key=lambda one: (not one.arrived, one.event.starts_at, one.name))[:limit]


def _riders(campaign_id: UUID, day: date) -> Any:
    """Riders of a day who want a way back and did not stay away, with what was ticked of them."""
    found = select(Request.id, Person.name, Request.party, Request.postcode, Arrival.state, Event)  # type: ignore[call-overload]
    found = found.select_from(Request).join(Person, col(Person.id) == col(Request.person_id))
    return found.where(
        Request.campaign_id == campaign_id,
        Request.day == day,
        Request.state == "active",
        col(Request.way_back),
    )


def _of_missing(campaign_id: UUID, day: date) -> Any:
    """In a car whose driver did not come."""
    missing = select(Arrival.id).where(
        Arrival.event_id == Lift.event_id, Arrival.offer_id == Lift.offer_id, Arrival.state == "no_show"
    )
    found = _with_lift(_riders(campaign_id, day))
    came = or_(col(Arrival.state).is_(None), col(Arrival.state) != "no_show")
    return found.where(missing.correlate(Lift).exists(), came)


def _of_one_way(campaign_id: UUID, day: date) -> Any:
    """In a car that does not take them back, and there."""
    found = _with_lift(_riders(campaign_id, day)).where(Arrival.state == "arrived")
    driver = select(Arrival.id).where(
        Arrival.event_id == Lift.event_id, Arrival.offer_id == Lift.offer_id, Arrival.state == "no_show"
    )
    none = or_(col(LiftStop.drop_at).is_(None), col(Lift.home_at).is_(None))
    return found.where(none, ~driver.correlate(Lift).exists())


def _with_lift(found: Any) -> Any:
    found = found.join(
        LiftStop, and_(col(LiftStop.request_id) == col(Request.id), col(LiftStop.state) == "published")
    )
    found = found.join(Lift, and_(col(Lift.id) == col(LiftStop.lift_id), col(Lift.state) == "published"))
    found = found.join(Event, col(Event.id) == col(Lift.event_id))
    own = and_(col(Arrival.request_id) == col(Request.id), col(Arrival.event_id) == col(Lift.event_id))
    return found.outerjoin(Arrival, own)


def _of_lost(campaign_id: UUID, day: date) -> Any:
    """Without a car any more, and there or on the way."""
    rides = select(LiftStop.id).where(LiftStop.request_id == Request.id, LiftStop.state == "published")
    found = _riders(campaign_id, day).join(Arrival, col(Arrival.request_id) == col(Request.id))
    found = found.join(Event, col(Event.id) == col(Arrival.event_id))
    there = or_(
        col(Arrival.state) == "arrived", and_(col(Arrival.state) == "expected", col(Arrival.on_the_way))
    )
    return found.where(there, ~rides.correlate(Request).exists())
