"""What a coordinator does on the board: numbers on demand, each look written down, a car that cannot go on, the settings."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit, lifts
from api.services.arrivals import board_of
from api.services.host_views import FreeCar
from api.services.repair import begun
from api.services.repair.board import short_name, station
from api.store.queries import arrivals, campaigns, sign_ups
from api.store.queries import lifts as queries
from api.store.tables import Campaign, Coordinator, Event

GONE = "This car is not on the road any more: its lift has ended. Look at the board again."
MINUTES = (5, 10, 20, 30)
"""For how long a proposal may wait."""


@dataclass(frozen=True)
class Number:
    """Somebody to ring, and what for."""

    name: str
    role: str
    phone: str
    email: str


@dataclass(frozen=True)
class CarCall:
    """The people of a car with their numbers."""

    lift_id: UUID
    event: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class RiderCall:
    """Somebody without a way home: their number, the nearest station, and cars there that go the same way."""

    number: Number
    event: str
    place: str
    station: str
    walk_minutes: int
    cars: tuple[FreeCar, ...]


def ring_car(db: Session, campaign: Campaign, lift_id: UUID, coordinator: Coordinator) -> CarCall:
    """How to reach everybody in a car; that somebody looked is written down."""
    lift = queries.by_id(db, campaign.id, lift_id)
    if lift is None:
        raise Conflict(GONE)
    _, driver = queries.driver(db, lift)
    people = [("driver", driver), *(("rider", person) for _, _, person in queries.riders(db, lift.id))]
    audit.record(db, coordinator, "numbers of a lift looked at", campaign_id=campaign.id, subject_id=lift.id)
    event = campaigns.event_by_id(db, campaign.id, lift.event_id)
    numbers = (
        Number(short_name(person.name), role, person.phone_typed, person.email) for role, person in people
    )
    return CarCall(lift.id, event.title if event else "", tuple(numbers))


def ring_rider(db: Session, campaign: Campaign, request_id: UUID, coordinator: Coordinator) -> RiderCall:
    """The same for somebody who has no way home, with what can be said to them."""
    request = sign_ups.request_by_id(db, request_id)
    person = sign_ups.person(db, request.person_id) if request else None
    event = _event_of(db, campaign, request_id)
    if request is None or person is None or event is None or request.campaign_id != campaign.id:
        raise NotFound("This person is not on the board any more. Somebody may have helped just now.")
    audit.record(db, coordinator, "number looked at", campaign_id=campaign.id, subject_id=person.id)
    found = board_of(db, campaign, event.id).stranded
    cars = next((one.cars for one in found if one.guest.id == request_id), ())
    number = Number(short_name(person.name), "rider", person.phone_typed, person.email)
    return RiderCall(number, event.title, f"{event.place_name}, {event.postcode}", *station(db, event), cars)


def _event_of(db: Session, campaign: Campaign, request_id: UUID) -> Event | None:
    """Where somebody is or should be."""
    found = queries.of_request(db, request_id)
    event_id = found[0].event_id if found else arrivals.event_of_rider(db, request_id)
    return campaigns.event_by_id(db, campaign.id, event_id) if event_id else None


def broken_down(db: Session, campaign: Campaign, lift_id: UUID, coordinator: Coordinator) -> None:
    """A driver rang: the car cannot go on. Of two who note it one is told."""
    lift = queries.by_id(db, campaign.id, lift_id)
    if lift is None:
        raise Conflict(GONE)
    offer, driver = queries.driver(db, lift)
    if not lifts.break_down(db, offer, driver):
        raise Conflict(GONE)
    audit.record(db, coordinator, "car broken down", campaign_id=campaign.id, subject_id=lift.id)


def search_again(db: Session, campaign: Campaign, day: date, coordinator: Coordinator) -> None:
    """Look for lifts now, though nothing happened."""
    queries.lock_day(db, campaign.id, day)
    begun.wanted(db, campaign.id, day, "asked")
    audit.record(db, coordinator, "repair asked for", campaign_id=campaign.id)


def settle(
    db: Session, campaign: Campaign, coordinator: Coordinator, *, alone: bool, minutes: int, unanswered: bool
) -> None:
    """How the campaign wants its repairs."""
    if minutes not in MINUTES:
        raise Invalid({"minutes": f"Choose one of these: {', '.join(map(str, MINUTES))} minutes."})
    campaign.repairs_alone, campaign.repair_minutes, campaign.repairs_unanswered = alone, minutes, unanswered
    db.add(campaign)
    audit.record(db, coordinator, "rules of repairs changed", campaign_id=campaign.id)
