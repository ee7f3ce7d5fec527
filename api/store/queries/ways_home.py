"""Who is at an event and has lost the own car, and who takes them home."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select, update

from api.store.tables import Arrival, Event, Lift, LiftStop, Offer, Person, Request, WayHome

Lost = tuple[Lift, LiftStop, Request]
Passenger = tuple[WayHome, Request, Person]


def lost(db: Session, campaign_id: UUID, day: date, at: datetime) -> list[Lost]:
    """Riders who came to an event that is on, want a way back, and have neither a lift nor a way home any more.

    Who came: a host says so, or nobody says otherwise and the car was lost after it should have arrived.
    """
    rides = select(LiftStop.id).where(LiftStop.request_id == Request.id, LiftStop.state == "published")
    goes_home = select(WayHome.id).where(WayHome.request_id == Request.id, WayHome.state == "published")
    missing = select(Arrival.id).where(
        Arrival.event_id == Lift.event_id, Arrival.offer_id == Lift.offer_id, Arrival.state == "no_show"
    )
    came_in_it = and_(
        col(Arrival.state) == "expected", col(Arrival.on_the_way), col(Arrival.changed_at) >= Lift.arrives_at
    )
    without = and_(
        col(LiftStop.state) == "cancelled",
        ~rides.correlate(Request).exists(),
        or_(col(Arrival.state) == "arrived", came_in_it),
    )
    left = and_(
        col(LiftStop.state) == "published",
        missing.correlate(Lift).exists(),
        col(Arrival.state) == "arrived",
    )
    found = select(Lift, LiftStop, Request).join(LiftStop, col(LiftStop.lift_id) == col(Lift.id))
    found = found.join(Request, col(Request.id) == col(LiftStop.request_id))
    found = found.join(Event, col(Event.id) == col(Lift.event_id))
    found = found.join(
        Arrival, and_(col(Arrival.request_id) == col(Request.id), col(Arrival.event_id) == col(Lift.event_id))
    )
    found = found.where(
        Lift.campaign_id == campaign_id, Lift.day == day, Event.state == "open", Request.state == "active",
        col(Request.way_back), col(Lift.arrives_at) <= at, col(Event.ends_at) > at,
        or_(without, left), ~goes_home.correlate(Request).exists(),
    )  # fmt: skip
    rows = db.exec(found.order_by(col(Lift.created_at), col(Request.id))).all()
    # Of several lifts that somebody lost the last is the one that they came in.
    return list({request.id: (lift, stop, request) for lift, stop, request in rows}.values())


def of_day(db: Session, campaign_id: UUID, day: date) -> list[Passenger]:
    """All that stand."""
    return _passengers(db, Request.campaign_id == campaign_id, Request.day == day)


def of_offer(db: Session, offer_id: UUID) -> list[Passenger]:
    """Whom a driver takes home beside the own riders, in the order in which they get out."""
    return _passengers(db, WayHome.offer_id == offer_id)


def of_request(db: Session, request_id: UUID) -> tuple[WayHome, Offer, Person] | None:
    """Who takes somebody home."""
    found = select(WayHome, Offer, Person).join(Offer, col(Offer.id) == col(WayHome.offer_id))
    found = found.join(Person, col(Person.id) == col(Offer.person_id))
    return db.exec(found.where(WayHome.request_id == request_id, WayHome.state == "published")).first()


def taken(db: Session, event_ids: Iterable[UUID]) -> set[UUID]:
    """The requests at these events that somebody takes home."""
    found = select(WayHome.request_id).where(WayHome.state == "published")
    return set(db.exec(found.where(col(WayHome.event_id).in_(list(event_ids)))).all())


def stands(db: Session, way_home_id: UUID | None) -> bool:
    found = select(WayHome.id).where(WayHome.id == way_home_id, WayHome.state == "published")
    return db.exec(found).first() is not None


def end(db: Session, way_home_id: UUID) -> bool:
    """Whether it stood until now."""
    mine = update(WayHome).where(col(WayHome.id) == way_home_id, col(WayHome.state) == "published")
    return bool(db.exec(mine.values(state="cancelled")).rowcount)


def add(db: Session, ways: Sequence[WayHome]) -> None:
    db.add_all(ways)
    db.flush()


def _passengers(db: Session, *wanted: bool) -> list[Passenger]:
    found = select(WayHome, Request, Person).join(Request, col(Request.id) == col(WayHome.request_id))
    found = found.join(Person, col(Person.id) == col(Request.person_id))
    found = found.where(*wanted, WayHome.state == "published")
    return [(row[0], row[1], row[2]) for row in db.exec(found.order_by(col(WayHome.drop_at))).all()]
