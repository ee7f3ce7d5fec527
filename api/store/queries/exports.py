"""What leaves the house on a day: rows of plain columns, a few at a time, so that a large day does not fill the memory."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from api.store.tables import Arrival, Event, Lift, LiftStop, Offer, Person, Request

AT_ONCE = 500
"""So many rows are fetched at a time."""


def offers(db: Session, campaign_id: UUID, day: date) -> Iterator[Row[Any]]:
    """Offers that count, by name, each with its `Person`'s columns of the same names."""
    found = select(
        *_person(), col(Offer.reference), col(Offer.postcode), col(Offer.precision), col(Offer.party),
        col(Offer.seats), col(Offer.ready_at), col(Offer.home_by), col(Offer.way_back), col(Offer.event_ids),
        col(Offer.offers), col(Offer.company), col(Offer.max_detour_minutes), col(Offer.car), col(Offer.plate),
    )  # fmt: skip
    found = found.join(Person, col(Person.id) == col(Offer.person_id))
    return _streamed(db, found.where(*_counts(Offer, campaign_id, day)).order_by(*_by_name(Offer)))


def requests(db: Session, campaign_id: UUID, day: date) -> Iterator[Row[Any]]:
    """The same of requests."""
    found = select(
        *_person(), col(Request.reference), col(Request.postcode), col(Request.precision), col(Request.party),
        col(Request.ready_at), col(Request.home_by), col(Request.way_back), col(Request.event_ids),
        col(Request.needs), col(Request.company), col(Request.pickup), col(Request.places),
        col(Request.home_pickup), col(Request.can_drive),
    )  # fmt: skip
    found = found.join(Person, col(Person.id) == col(Request.person_id))
    return _streamed(db, found.where(*_counts(Request, campaign_id, day)).order_by(*_by_name(Request)))


def lifts(db: Session, campaign_id: UUID, day: date) -> Iterator[Row[Any]]:
    """Lifts that stand, by event and departure: a row a rider, or one without a rider for whoever drives alone.

    What is the driver's begins with `driver`, what is the rider's with `rider`; `come` and `came` are their ticks.
    """
    driver, rider = aliased(Person, name="driver"), aliased(Person, name="passenger")
    come, came = aliased(Arrival, name="come"), aliased(Arrival, name="came")
    found: Any = select(
        *(col(Event.title), col(Event.place_name), col(Lift.id), col(Lift.match_word), col(Lift.departs_at)),
        *(col(Lift.arrives_at), col(Lift.home_at), col(Lift.accepted_at).label("driver_accepted_at")),
        *(col(Offer.car), col(Offer.plate), col(Offer.party).label("driver_party")),
        *(col(Offer.postcode).label("driver_postcode"), col(come.state).label("come")),
        *(col(getattr(driver, name)).label(f"driver_{name}") for name in ("name", "phone_typed", "email")),
        *(col(LiftStop.pick_up_at), col(LiftStop.drop_at), col(LiftStop.place_id)),
        *(col(LiftStop.accepted_at).label("rider_accepted_at"), col(Request.party).label("rider_party")),
        *(col(Request.postcode).label("rider_postcode"), col(Request.pickup), col(Request.places)),
        *(col(Request.needs), col(came.state).label("came")),
        *(col(getattr(rider, name)).label(f"rider_{name}") for name in ("name", "phone_typed", "email")),
    )
    found = found.select_from(Lift).join(Event, col(Event.id) == col(Lift.event_id))
    found = found.join(Offer, col(Offer.id) == col(Lift.offer_id))
    found = found.join(driver, col(driver.id) == col(Offer.person_id))
    stands = and_(col(LiftStop.lift_id) == col(Lift.id), col(LiftStop.state) == "published")
    found = found.outerjoin(LiftStop, stands)
    found = found.outerjoin(Request, col(Request.id) == col(LiftStop.request_id))
    found = found.outerjoin(rider, col(rider.id) == col(Request.person_id))
    of_driver = and_(col(come.event_id) == col(Event.id), col(come.offer_id) == col(Offer.id))
    of_rider = and_(col(came.event_id) == col(Event.id), col(came.request_id) == col(Request.id))
    found = found.outerjoin(come, of_driver).outerjoin(came, of_rider).where(*_standing(campaign_id, day))
    order = (col(Event.starts_at), col(Event.title), col(Event.id), col(Lift.departs_at), col(Lift.id))
    return _streamed(db, found.order_by(*order, col(LiftStop.position)))


def counts(db: Session, campaign_id: UUID, day: date) -> dict[str, int]:
    """How many there are of each: offers, requests and lifts."""
    found = {}
    for name, table in (("offers", Offer), ("requests", Request)):
        rows = select(func.count()).select_from(table).join(Person, col(Person.id) == col(table.person_id))
        found[name] = db.connection().execute(rows.where(*_counts(table, campaign_id, day))).scalar_one()
    of_lifts = select(func.count()).select_from(Lift).where(*_standing(campaign_id, day))
    return found | {"lifts": db.connection().execute(of_lifts).scalar_one()}


def lifts_by_event(db: Session, campaign_id: UUID, day: date) -> dict[UUID, int]:
    """Event → lifts to it that stand."""
    found = select(col(Lift.event_id), func.count()).where(*_standing(campaign_id, day))
    return {row[0]: row[1] for row in db.connection().execute(found.group_by(col(Lift.event_id))).all()}


def lift_ids(
    db: Session, campaign_id: UUID, day: date, event_id: UUID | None, skip: int, most: int, *, by_driver: bool
) -> list[UUID]:
    """Lifts that stand, of one event or all: event by event, in it by the driver's name or as they should arrive."""
    found = select(col(Lift.id)).join(Event, col(Event.id) == col(Lift.event_id))
    found = found.join(Offer, col(Offer.id) == col(Lift.offer_id))
    found = found.join(Person, col(Person.id) == col(Offer.person_id))
    found = found.where(*_standing(campaign_id, day))
    if event_id is not None:
        found = found.where(col(Lift.event_id) == event_id)
    within: Any = func.lower(col(Person.name)) if by_driver else col(Lift.arrives_at)
    order = (col(Event.starts_at), col(Event.title), col(Event.id), within, col(Lift.id))
    return list(db.connection().execute(found.order_by(*order).offset(skip).limit(most)).scalars())


def _person() -> tuple[Any, ...]:
    return col(Person.name), col(Person.email), col(Person.phone_typed), col(Person.confirmed_at)


def _counts(table: type[Offer] | type[Request], campaign_id: UUID, day: date) -> list[ColumnElement[bool]]:
    """Of this day, and neither cancelled nor replaced: nobody needs the number of somebody who does not come."""
    return [col(table.campaign_id) == campaign_id, col(table.day) == day, col(table.state) == "active"]


def _by_name(table: type[Offer] | type[Request]) -> tuple[Any, ...]:
    return func.lower(col(Person.name)), col(table.id)


def _standing(campaign_id: UUID, day: date) -> list[ColumnElement[bool]]:
    return [col(Lift.campaign_id) == campaign_id, col(Lift.day) == day, col(Lift.state) == "published"]


def _streamed(db: Session, found: Select[Any]) -> Iterator[Row[Any]]:
    yield from db.connection().execute(found.execution_options(yield_per=AT_ONCE))
