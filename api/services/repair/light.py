"""A large day from few columns of many rows: enough to see who is near whom, before anybody is loaded whole."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services import holds, instances
from api.services.local import now
from api.store.queries import campaigns, friends
from api.store.queries import holds as hold_queries
from api.store.queries import parts as queries
from api.store.tables import Campaign
from carpool import Driver, Instance, Rider
from carpool.geo.islands import CROSSING_MINUTES
from carpool.instance import CanDrive, PublishedTrip

ANY_WEIGHT = 1.0
"""What an event counts says nothing of who is near."""


@dataclass(frozen=True)
class Light:
    """The day's offers, requests and lifts that stand, as rows, and the instance made of them.

    The instance is without cars that have left, those in them, and whoever is out of reach. `bound` are groups of people who
    travel together or were pinned together.
    """

    offers: Sequence[Any]
    requests: Sequence[Any]
    cars: Sequence[Any]
    instance: Instance
    bound: tuple[tuple[str, ...], ...]


def people_of(car: Any) -> tuple[UUID, ...]:
    """The sign-ups of everybody in a car, its driver first."""
    return (car.offer_id, *car.riders)


def read(db: Session, campaign: Campaign, day: date, gone: Collection[UUID]) -> Light:
    """The day without those who are `gone`."""
    offers, requests = queries.offers(db, campaign.id, day), queries.requests(db, campaign.id, day)
    cars, moment = queries.cars(db, campaign.id, day), now()
    held = hold_queries.of_day(db, campaign.id, day)
    events = [event for event in campaigns.events(db, campaign.id, day) if event.state == "open"]
    is_open = {str(event.id) for event in events}
    left = {one for car in cars if car.departs_at <= moment for one in people_of(car)}
    away = {*gone, *holds.out_of(held), *left}
    instance = Instance(
        events=tuple(instances.event_of(event, ANY_WEIGHT) for event in events),
        drivers=tuple(_driver(row, wanted) for row, wanted in _willing(offers, is_open, away)),
        riders=tuple(_rider(row, wanted) for row, wanted in _willing(requests, is_open, away)),
        crossings=CROSSING_MINUTES,
        published=tuple(_trip(car) for car in cars if car.offer_id not in away),
    )
    group_of = friends.groups(db, campaign.id)
    groups: dict[object, list[str]] = {}
    for row in (*offers, *requests):
        if (group := group_of.get(row.person_id)) is not None and row.id not in away:
            groups.setdefault(group, []).append(str(row.id))
    for hold, people in held:
        if hold.kind == holds.PIN:
            groups[hold.id] = [str(one) for one in people]
    return Light(offers, requests, cars, instance, tuple(map(tuple, groups.values())))


def _willing(
    rows: Iterable[Any], is_open: Collection[str], away: Collection[UUID]
) -> Iterator[tuple[Any, tuple[str, ...] | None]]:
    """Whoever is there, with the open events that they want; None: any."""
    for row in rows:
        wanted = None if row.event_ids is None else tuple(one for one in row.event_ids if one in is_open)
        if wanted != () and row.id not in away:
            yield row, wanted


def _driver(row: Any, events: tuple[str, ...] | None) -> Driver:
    return Driver(
        id=str(row.id), lat=row.lat, lon=row.lon, island=row.island, party=row.party, seats=row.seats,
        max_detour_minutes=row.max_detour_minutes, max_travel_minutes=row.max_travel_minutes, way_back=row.way_back,
        events=events, offers=row.offers, traits=tuple(row.traits), company=tuple(row.company),
    )  # fmt: skip


def _rider(row: Any, events: tuple[str, ...] | None) -> Rider:
    can = row.can_drive and CanDrive(
        seats=row.can_drive["seats"], events=events, way_back=row.way_back, offers=row.can_drive["offers"],
        max_detour_minutes=row.can_drive["max_detour_minutes"],
        max_travel_minutes=row.can_drive["max_travel_minutes"],
    )  # fmt: skip
    return Rider(
        id=str(row.id), lat=row.lat, lon=row.lon, island=row.island, party=row.party,
        max_travel_minutes=row.max_travel_minutes, way_back=row.way_back, events=events, can_drive=can or None,
        needs=tuple(need for need in row.needs if need not in instances.NOT_OF_CARS),
        traits=tuple(row.traits), company=tuple(row.company),
    )  # fmt: skip


def _trip(car: Any) -> PublishedTrip:
    return PublishedTrip(str(car.offer_id), str(car.event_id), tuple(str(rider) for rider in car.riders))
