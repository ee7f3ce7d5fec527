"""A car is lost while its event is on: whoever came in it is taken home by another car that is there.

Published at once where nobody in that car gets home at another hour for it, or proposed where the campaign is always asked;
otherwise they stay on top of the board.
docs/decisions/0025-ways-home.md says what the search knows of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services import outbox
from api.services.local import local
from api.services.my_page import first_name
from api.services.repair import held
from api.store.queries import campaigns, lifts, sign_ups
from api.store.queries import ways_home as queries
from api.store.queries.lifts import Standing
from api.store.tables import Lift, Request, WayHome
from carpool.files import plan_from_json
from carpool.plan import Drop, Stop, Trip


@dataclass(frozen=True)
class Told:
    """What people were told, with the trips that brought those who are lost; `there`: who is at an event and looked after."""

    trips: tuple[Trip, ...]
    there: frozenset[str]


def told(
    db: Session, standing: Iterable[Standing], gone: Collection[str], lost: Iterable[queries.Lost]
) -> Told:
    """The lifts that stand and whose driver is not `gone`, and for each car that is lost a trip of whoever came in it.

    Who is taken home already is in the car that does so, where somebody new may be added to it.
    """
    brought: dict[UUID, list[queries.Lost]] = defaultdict(list)
    for one in lost:
        brought[one[0].id].append(one)
    events = {rows[0][0].event_id for rows in brought.values()}
    passengers = _passengers(db, [rows[0][0] for rows in brought.values()])
    there = {str(request.id) for rows in brought.values() for _, _, request in rows}
    trips = [_lost_trip(rows) for rows in brought.values()]
    for row in standing:
        if str(row[0].offer_id) in gone:
            continue
        trip = held.told_trip(row)
        more = passengers.get(row[0].offer_id, []) if row[0].event_id in events else []
        there |= {str(request.id) for _, request in more}
        stops = (Stop(str(request.id), way.place_id, trip.arrives_at, 0.0) for way, request in more)
        trips.append(replace(trip, stops=(*trip.stops, *stops)))
    return Told(tuple(trips), frozenset(there))


def _passengers(db: Session, lost: Collection[Lift]) -> dict[UUID, list[tuple[WayHome, Request]]]:
    """Offer → whom its driver takes home already; nothing where nobody is lost."""
    found: dict[UUID, list[tuple[WayHome, Request]]] = defaultdict(list)
    for campaign_id, day in {(lift.campaign_id, lift.day) for lift in lost}:
        for way, request, _ in queries.of_day(db, campaign_id, day):
            found[way.offer_id].append((way, request))
    return found


def _lost_trip(rows: list[queries.Lost]) -> Trip:
    """Under a name of its own: the driver may still be there, and somebody not ride with them any more."""
    lift = rows[0][0]
    stops = (Stop(str(r.id), stop.place_id, local(stop.pick_up_at), stop.ride_minutes) for _, stop, r in rows)
    return Trip(
        f"lost {lift.id}", str(lift.event_id), tuple(stops),
        departs_at=local(lift.departs_at), arrives_at=local(lift.arrives_at), drive_minutes=lift.drive_minutes,
    )  # fmt: skip


@dataclass(frozen=True)
class Ride:
    """A way home to be: the car as people were told, who is taken, and where and when they get out."""

    car: Standing
    drop: Drop
    request: Request

    def by_ids(self) -> dict[str, str]:
        """As a proposal keeps it: no names."""
        lift, at = self.car[0], self.drop.at
        both = {"driver": str(lift.offer_id), "event": str(lift.event_id)}
        return both | {"who": str(self.request.id), "at": at.isoformat() if at else ""}


def rides(plan: Any, standing: Iterable[Standing], lost: Iterable[queries.Lost]) -> tuple[Ride, ...]:
    """The ways home of a plan that move nobody."""
    waiting = {str(request.id): request for _, _, request in lost}
    cars = {str(row[0].offer_id): row for row in standing}
    found = list[Ride]()
    for trip in plan_from_json(dict(plan)).trips:
        if trip.departs_at is not None or trip.driver not in cars:
            continue
        drops = [drop for drop in trip.back or () if drop.rider in waiting and drop.at is not None]
        if drops and str(cars[trip.driver][0].event_id) == trip.event and not _moves(trip, cars[trip.driver]):
            found += [Ride(cars[trip.driver], drop, waiting[drop.rider]) for drop in drops]
    return tuple(found)


def _moves(trip: Trip, car: Standing) -> bool:
    """Whether the driver or one of the own riders is home at another hour than told."""
    lift, _, riders = car
    if lift.home_at is None or _shift(lift.home_at, trip.home_at) > held.DRIVER_SHIFT.total_seconds():
        return True
    home = {drop.rider: drop.at for drop in trip.back or ()}
    told = {str(request.id): stop.drop_at for stop, request, _ in riders if stop.drop_at is not None}
    return any(_shift(at, home.get(one)) > held.RIDER_SHIFT.total_seconds() for one, at in told.items())


def _shift(told: datetime, now: datetime | None) -> float:
    return abs((now - told).total_seconds()) if now is not None else float("inf")


def publish(db: Session, repair_id: UUID, found: Iterable[Ride]) -> None:
    """Write these ways home, and tell both sides."""
    for ride in found:
        _write(db, repair_id, ride)


def _write(db: Session, repair_id: UUID, ride: Ride) -> None:
    lift, driver, _ = ride.car
    drop, request = ride.drop, ride.request
    rider = sign_ups.person(db, request.person_id)
    if drop.at is None or rider is None:
        return
    event = campaigns.event_by_id(db, lift.campaign_id, lift.event_id)
    offer, _ = lifts.driver(db, lift)
    facts = (
        {"event": event.title, "place": event.place_name, "at": f"{local(event.ends_at):%H:%M}"}
        if event
        else {}
    )
    way = WayHome(
        repair_id=repair_id, event_id=lift.event_id, offer_id=lift.offer_id, request_id=request.id,
        place_id=drop.place, drop_at=drop.at,
    )  # fmt: skip
    queries.add(db, [way])
    to_rider = {"driver_name": first_name(driver), "car": offer.car, "home": f"{local(drop.at):%H:%M}"}
    _tell(db, rider.id, lift, way, facts | to_rider)
    _tell(db, driver.id, lift, way, facts | {"rider_name": first_name(rider), "party": request.party})


def _tell(db: Session, person_id: UUID, lift: Lift, way: WayHome, facts: dict[str, Any]) -> None:
    key = f"way_home:{way.id}:{person_id}"
    outbox.queue(db, person_id, lift.campaign_id, "way_home", key=key, subject_id=way.id, facts=facts)
