"""What a host sees of an event: first names with an initial, cars and times. No address, no number, no e-mail."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.services.views import CampaignView, EventView


@dataclass(frozen=True)
class Guest:
    """A driver or a rider with whoever comes with them. `state`: expected, arrived or no_show; `id` is of the sign-up."""

    id: UUID
    kind: str
    name: str
    people: int
    state: str


@dataclass(frozen=True)
class CarView:
    """A car on its way to the event. `expected_at` counts in by how many minutes its driver said to be late."""

    id: UUID
    car: str
    plate: str
    expected_at: datetime
    late_minutes: int
    seats: int
    driver: Guest
    riders: tuple[Guest, ...]

    @property
    def guests(self) -> tuple[Guest, ...]:
        return (self.driver, *self.riders)

    @property
    def people(self) -> int:
        return sum(guest.people for guest in self.guests)

    @property
    def taken(self) -> int:
        """Seats that riders have."""
        return sum(rider.people for rider in self.riders)

    @property
    def state(self) -> str:
        """What everybody in it has in common, `mixed` where they differ."""
        states = {guest.state for guest in self.guests}
        return states.pop() if len(states) == 1 else "mixed"


@dataclass(frozen=True)
class FreeCar:
    """A car with seats free on the way back, towards a postcode district. `here`: its driver has come."""

    driver: str
    car: str
    plate: str
    free: int
    towards: str
    here: bool


@dataclass(frozen=True)
class Stranded:
    """Somebody who needs a way home and has none. `why`: driver_missing, no_car or no_way_back."""

    guest: Guest
    why: str
    driver: str
    district: str
    cars: tuple[FreeCar, ...]


@dataclass(frozen=True)
class Board:
    """The page of arrivals. `others` had a lift that is off, and may come in another way."""

    campaign: CampaignView
    event: EventView
    phone: str
    stranded: tuple[Stranded, ...]
    cars: tuple[CarView, ...]
    others: tuple[Guest, ...]
    opens_at: datetime
    closes_at: datetime

    @property
    def guests(self) -> tuple[Guest, ...]:
        """Everybody, each once."""
        in_cars = [guest for car in self.cars for guest in car.guests]
        known = {guest.id for guest in in_cars}
        without = [one.guest for one in self.stranded if one.guest.id not in known]
        return (*in_cars, *without, *self.others)

    def count(self, *states: str) -> int:
        """People in one of these states."""
        return sum(guest.people for guest in self.guests if guest.state in states)

    @property
    def without_way_home(self) -> int:
        return sum(one.guest.people for one in self.stranded)

    @property
    def arrived(self) -> int:
        return self.count("arrived")

    @property
    def missing(self) -> int:
        return self.count("no_show")

    @property
    def people(self) -> int:
        """People in the cars, and those who have come without one."""
        in_cars = sum(car.people for car in self.cars)
        known = {guest.id for car in self.cars for guest in car.guests}
        return in_cars + sum(x.people for x in self.guests if x.id not in known and x.state == "arrived")


@dataclass(frozen=True)
class EventArrivals:
    """The figures of one event for its coordinators: counts alone."""

    event: EventView
    people: int
    arrived: int
    missing: int
    stranded: int
