"""How far the cars of a campaign go for each constituency: as summed up of days that are over, of others as they stand."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Session, col

from api.store.tables import Arrival, Driven, Event, Lift, LiftStop, Offer, Request
from carpool.geo.place import EARTH_RADIUS_KM

ROADS = 1.3
"""How much longer British roads are than the straight line between two stops, on average."""
_LAST = 1_000_000

Sums = tuple[date, str, int, float]
"""Day, constituency, cars, kilometres."""


def sums(db: Session, campaign_id: UUID) -> Sequence[Sums]:
    """By day and constituency, the earliest day first."""
    kept = select(col(Driven.day), col(Driven.constituency), col(Driven.cars), col(Driven.kilometres))
    kept = kept.where(col(Driven.campaign_id) == campaign_id)
    summed = select(col(Driven.day)).where(col(Driven.campaign_id) == campaign_id)
    live = _summed((col(Lift.campaign_id) == campaign_id, col(Lift.day).not_in(summed)))
    rows: list[Any] = [*db.connection().execute(kept).all()]
    rows += [row[1:] for row in db.connection().execute(live).all()]
    return sorted((row[0], row[1], row[2], row[3]) for row in rows)


def sum_up(db: Session, before: date, at: datetime) -> int:
    """Keep the sums of each day before a date that has none yet; how many rows were written."""
    known = exists().where(col(Driven.campaign_id) == col(Lift.campaign_id), col(Driven.day) == col(Lift.day))
    found = _summed((col(Lift.day) < before, ~known)).add_columns(literal(at))
    columns = ["campaign_id", "day", "constituency", "cars", "kilometres", "summed_at"]
    # Two workers may do it at once.
    kept = insert(Driven).from_select(columns, found).on_conflict_do_nothing()
    return db.connection().execute(kept).rowcount


def _summed(which: Sequence[Any]) -> Any:
    """Campaign, day, constituency, cars and kilometres of published lifts, but for drivers who were marked as not come."""
    legs = _legs(_points(which))
    straight = func.sum(_kilometres(legs))
    found = select(
        legs.c.campaign_id, legs.c.day, legs.c.constituency, func.count(legs.c.lift_id.distinct()), straight
    )
    # After the last point comes nothing; `least` would take nothing for the greater half of the earth.
    found = found.where(legs.c.next_lat.is_not(None))
    return found.group_by(legs.c.campaign_id, legs.c.day, legs.c.constituency)


def _points(which: Sequence[Any]) -> Subquery:
    """The points of each lift in their order: the driver's start, the stops, the event."""
    absent = exists().where(
        col(Arrival.event_id) == col(Lift.event_id),
        col(Arrival.offer_id) == col(Lift.offer_id),
        col(Arrival.state) == "no_show",
    )
    of_lift: tuple[Any, ...] = (
        *(col(Lift.id).label("lift_id"), col(Lift.campaign_id), col(Lift.day), col(Event.constituency)),
        case((col(Lift.home_at).is_(None), 1), else_=2).label("ways"),
    )

    def points(position: Any, lat: Any, lon: Any) -> Any:
        found: Any = select(*of_lift, position.label("position"), lat.label("lat"), lon.label("lon"))
        found = found.select_from(Lift).join(Event, col(Event.id) == col(Lift.event_id))
        return found.where(col(Lift.state) == "published", ~absent, *which)

    start = points(literal(-1), col(Offer.lat), col(Offer.lon)).join(
        Offer, col(Offer.id) == col(Lift.offer_id)
    )
    end = points(literal(_LAST), col(Event.lat), col(Event.lon))
    stops = points(col(LiftStop.position), _of_stop("lat", Request.lat), _of_stop("lon", Request.lon))
    stands = and_(col(LiftStop.lift_id) == col(Lift.id), col(LiftStop.state) == "published")
    stops = stops.join(LiftStop, stands).join(Request, col(Request.id) == col(LiftStop.request_id))
    return union_all(start, stops, end).subquery("point")


def _of_stop(name: str, at_the_door: Any) -> ColumnElement[float]:
    """A coordinate of the place where the car stops, or of the rider's door."""
    place = func.jsonb_array_elements(col(Request.places), type_=JSONB).column_valued("place")
    chosen = select(place[name].as_float()).where(place["id"].as_string() == col(LiftStop.place_id))
    return func.coalesce(chosen.correlate(Request, LiftStop).scalar_subquery(), col(at_the_door))


def _legs(point: Subquery) -> Subquery:
    """Each point with the next one of its lift, None after the last."""

    def following(name: str) -> Any:
        found = func.lead(point.c[name]).over(partition_by=point.c.lift_id, order_by=point.c.position)
        return found.label(f"next_{name}")

    return select(*point.c, following("lat"), following("lon")).subquery("leg")


def _kilometres(leg: Subquery) -> ColumnElement[float]:
    """By the haversine formula, as `carpool.geo.place.kilometres` has it, there and where the lift goes back, back."""
    here, there = func.radians(leg.c.lat), func.radians(leg.c.next_lat)
    north = func.power(func.sin((there - here) / 2), 2)
    east = func.power(func.sin((func.radians(leg.c.next_lon) - func.radians(leg.c.lon)) / 2), 2)
    chord = func.least(1.0, north + func.cos(here) * func.cos(there) * east)
    return 2 * EARTH_RADIUS_KM * ROADS * leg.c.ways * func.asin(func.sqrt(chord))
