"""Who has come to an event, and in which car they are expected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, or_, select, update

from api.store.queries.lifts import Rider
from api.store.tables import Arrival, Lift, LiftStop, Offer, Person, Request

Kind = Literal["driver", "rider"]


@dataclass(frozen=True)
class CarRow:
    """A lift that stands with everybody in it, riders in the order in which they get in."""

    lift: Lift
    offer: Offer
    driver: Person
    riders: tuple[Rider, ...]


def cars(db: Session, event_ids: Iterable[UUID]) -> list[CarRow]:
    """The lifts to these events that stand. Two statements, however many there are."""
    return _cars(db, col(Lift.event_id).in_(list(event_ids)))


def cars_of(db: Session, lift_ids: Sequence[UUID]) -> list[CarRow]:
    """The same of single lifts, in this order."""
    found = {row.lift.id: row for row in _cars(db, col(Lift.id).in_(lift_ids))}
    return [found[lift_id] for lift_id in lift_ids if lift_id in found]


def _cars(db: Session, wanted: ColumnElement[bool]) -> list[CarRow]:
    lifts = select(Lift, Offer, Person).join(Offer, col(Offer.id) == col(Lift.offer_id))
    lifts = lifts.join(Person, col(Person.id) == col(Offer.person_id))
    lifts = lifts.where(wanted, Lift.state == "published")
    stops = select(LiftStop, Request, Person).join(Request, col(Request.id) == col(LiftStop.request_id))
    stops = stops.join(Person, col(Person.id) == col(Request.person_id))
    stops = stops.join(Lift, col(Lift.id) == col(LiftStop.lift_id))
    stops = stops.where(wanted, LiftStop.state == "published")
    riders: dict[UUID, list[Rider]] = {}
    for stop, request, person in db.exec(stops.order_by(col(LiftStop.position))).all():
        riders.setdefault(stop.lift_id, []).append((stop, request, person))
    rows = db.exec(lifts.order_by(col(Lift.arrives_at), col(Lift.id))).all()
    return [CarRow(lift, offer, driver, tuple(riders.get(lift.id, ()))) for lift, offer, driver in rows]


def ticks(db: Session, event_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], Arrival]:
    """Event and sign-up → what was ticked."""
    found = db.exec(select(Arrival).where(col(Arrival.event_id).in_(list(event_ids)))).all()
    return {(tick.event_id, sign_up): tick for tick in found if (sign_up := tick.offer_id or tick.request_id)}


def without_car(db: Session, event_ids: Iterable[UUID]) -> list[tuple[Arrival, Request, Person]]:
    """Riders who had a lift to the event, have none any more to any, and did not cancel."""
    found = select(Arrival, Request, Person).join(Request, col(Request.id) == col(Arrival.request_id))
    found = found.join(Person, col(Person.id) == col(Request.person_id))
    rides = select(LiftStop.id).where(LiftStop.request_id == Request.id, LiftStop.state == "published")
    found = found.where(
        col(Arrival.event_id).in_(list(event_ids)), Request.state == "active", ~rides.exists()
    )
    rows = db.exec(found.order_by(col(Request.created_at), col(Request.id))).all()
    return [(row[0], row[1], row[2]) for row in rows]


def event_of_rider(db: Session, request_id: UUID) -> UUID | None:
    """The event at which a rider was last heard of."""
    found = select(Arrival.event_id).where(Arrival.request_id == request_id)
    return db.exec(found.order_by(col(Arrival.changed_at).desc()).limit(1)).first()


def set_state(
    db: Session,
    event_id: UUID,
    kind: Kind,
    sign_up_id: UUID,
    before: str,
    after: str,
    host_id: UUID,
    at: datetime,
) -> bool:
    """Whether it was `before` until now: of two who tick at once, one is told False. Without a row it is expected."""
    own = _own(kind, sign_up_id)
    values: dict[str, Any] = {"state": after, "ticked_by": host_id, "changed_at": at}
    if before != "expected":
        column = Arrival.offer_id if kind == "driver" else Arrival.request_id
        changed = update(Arrival).where(col(Arrival.event_id) == event_id, col(column) == sign_up_id)
        return bool(db.exec(changed.where(col(Arrival.state) == before).values(**values)).rowcount)
    row = Arrival(event_id=event_id).model_dump() | own | values
    added = insert(Arrival).values(row)
    added = added.on_conflict_do_update(
        index_elements=["event_id", *own], set_=values, where=(col(Arrival.state) == before)
    )
    return bool(db.exec(added.returning(col(Arrival.id))).first())


def state_of(db: Session, event_id: UUID, kind: Kind, sign_up_id: UUID) -> Arrival | None:
    column = Arrival.offer_id if kind == "driver" else Arrival.request_id
    found = select(Arrival).where(Arrival.event_id == event_id, col(column) == sign_up_id)
    return db.exec(found.execution_options(populate_existing=True)).first()


def lose_car(
    db: Session, event_id: UUID, request_ids: Iterable[UUID], on_the_way: bool, at: datetime
) -> None:
    """Note that these riders' car is off, so that the event's host knows them; `on_the_way`: they may have set out."""
    for request_id in request_ids:
        row = Arrival(
            event_id=event_id, request_id=request_id, lost_car=True, on_the_way=on_the_way, changed_at=at
        )
        added = insert(Arrival).values(row.model_dump())
        kept = or_(col(Arrival.on_the_way), added.excluded.on_the_way)
        db.exec(
            added.on_conflict_do_update(
                index_elements=["event_id", "request_id"], set_={"lost_car": True, "on_the_way": kept}
            )
        )


def come_as_rider(db: Session, event_id: UUID, offer_id: UUID, request_id: UUID) -> None:
    """What a host ticked of a driver holds for the rider that they have become."""
    driver = state_of(db, event_id, "driver", offer_id)
    rider = state_of(db, event_id, "rider", request_id)
    if driver is not None and rider is not None:
        rider.state, rider.ticked_by, rider.changed_at = driver.state, driver.ticked_by, driver.changed_at
        db.add(rider)
        db.flush()


def is_missing(db: Session, event_id: UUID, offer_id: UUID) -> bool:
    """Whether a driver is marked as not come."""
    found = state_of(db, event_id, "driver", offer_id)
    return found is not None and found.state == "no_show"


def _own(kind: Kind, sign_up_id: UUID) -> dict[str, UUID]:
    return {"offer_id" if kind == "driver" else "request_id": sign_up_id}
