"""A day's offers, requests and lifts as programs of coordinators may have them: no names, no contact, no addresses."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services.local import local
from api.store.queries import lifts as lift_queries
from api.store.queries import sign_ups
from api.store.queries.lifts import Rider
from api.store.tables import Campaign, Lift, Offer, Person, Request


@dataclass(frozen=True)
class Listed:
    """What an offer and a request have in common."""

    id: UUID
    reference: str
    day: date
    district: str
    people: int
    state: str
    confirmed: bool
    ready_at: datetime | None
    home_by: datetime | None
    max_travel_minutes: int
    way_back: bool
    event_ids: tuple[UUID, ...] | None
    created_at: datetime


@dataclass(frozen=True)
class ListedOffer(Listed):
    seats: int
    max_detour_minutes: int
    takes: dict[str, int]


@dataclass(frozen=True)
class ListedRequest(Listed):
    needs: tuple[str, ...]
    seats_if_driving: int | None


@dataclass(frozen=True)
class ListedStop:
    request: str
    district: str
    people: int
    pick_up_at: datetime
    drop_at: datetime | None


@dataclass(frozen=True)
class ListedLift:
    id: UUID
    day: date
    event_id: UUID
    offer: str
    district: str
    people: int
    departs_at: datetime
    arrives_at: datetime
    home_at: datetime | None
    drive_minutes: int
    stops: tuple[ListedStop, ...]


def offers(db: Session, campaign: Campaign, day: date) -> list[ListedOffer]:
    """Oldest first, whatever their state."""
    found = sign_ups.listed(db, campaign.id, day)
    return [_offer(row, person) for row, person in found if isinstance(row, Offer)]


def requests(db: Session, campaign: Campaign, day: date) -> list[ListedRequest]:
    """Oldest first, whatever their state."""
    found = sign_ups.listed(db, campaign.id, day)
    return [_request(row, person) for row, person in found if isinstance(row, Request)]


def lifts(db: Session, campaign: Campaign, day: date) -> list[ListedLift]:
    """Those that stand, by departure."""
    drivers = {row.id: row for row, _ in sign_ups.listed(db, campaign.id, day) if isinstance(row, Offer)}
    found = lift_queries.standing(db, campaign.id, day)
    return [_lift(lift, drivers[lift.offer_id], riders) for lift, _, riders in found]


def _offer(row: Offer, person: Person) -> ListedOffer:
    return ListedOffer(
        **_common(row, person),
        seats=row.seats,
        max_detour_minutes=round(row.max_detour_minutes),
        takes=dict(row.offers),
    )


def _request(row: Request, person: Person) -> ListedRequest:
    seats = row.can_drive["seats"] if row.can_drive is not None else None
    return ListedRequest(**_common(row, person), needs=tuple(row.needs), seats_if_driving=seats)


def _common(row: Offer | Request, person: Person) -> dict[str, Any]:
    return {
        "id": row.id,
        "reference": row.reference,
        "day": row.day,
        "district": _district(row),
        "people": row.party,
        "state": row.state,
        "confirmed": person.confirmed_at is not None,
        "ready_at": _local(row.ready_at),
        "home_by": _local(row.home_by),
        "max_travel_minutes": round(row.max_travel_minutes),
        "way_back": row.way_back,
        "event_ids": None if row.event_ids is None else tuple(UUID(x) for x in row.event_ids),
        "created_at": local(row.created_at),
    }


def _lift(lift: Lift, offer: Offer, riders: list[Rider]) -> ListedLift:
    return ListedLift(
        id=lift.id,
        day=lift.day,
        event_id=lift.event_id,
        offer=offer.reference,
        district=_district(offer),
        people=offer.party,
        departs_at=local(lift.departs_at),
        arrives_at=local(lift.arrives_at),
        home_at=_local(lift.home_at),
        drive_minutes=round(lift.drive_minutes),
        stops=tuple(
            ListedStop(request.reference, _district(request), request.party, local(stop.pick_up_at), _local(stop.drop_at))
            for stop, request, _ in riders
        ),
    )  # fmt: skip


def _district(row: Offer | Request) -> str:
    return row.postcode.split()[0]


def _local(moment: datetime | None) -> datetime | None:
    return None if moment is None else local(moment)
