"""The instance: one round of lifts to arrange, as frozen data. Field by field it is the format `carpool-instance/1`.

Units: times are aware datetimes, durations minutes, places WGS84 degrees. Types and numbers are the reader's business
(`carpool.files`); what only shows when the members are seen together (duplicate ids, references to nobody) is checked
here, so that no other way of building an instance can avoid it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from carpool.errors import InvalidInstance
from carpool.geo.pair_travel import PairTravel
from carpool.geo.place import Place
from carpool.geo.travel import MatrixTravel, RoadTravel, TravelModel
from carpool.pairs import Pairs

Matrix = tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something to come to. The first `wanted` people count in full, from there to `capacity` half, none beyond."""

    id: str
    lat: float
    lon: float
    starts_at: datetime
    ends_at: datetime
    wanted: int
    capacity: int | None = None
    weight: float = 1.0
    island: str | None = None


@dataclass(frozen=True, slots=True)
class Driver:
    """Somebody with a car: `party` volunteers of the own household come, `seats` are left for others."""

    id: str
    lat: float
    lon: float
    seats: int
    party: int = 1
    ready_at: datetime | None = None
    home_by: datetime | None = None
    max_detour_minutes: float = 20.0
    max_travel_minutes: float = 120.0
    way_back: bool = True
    events: tuple[str, ...] | None = None
    offers: Mapping[str, int] = field(default_factory=dict)
    traits: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    island: str | None = None
    at: str | None = None
    """The event where this driver and the car already are: all that is left is the way home."""


@dataclass(frozen=True, slots=True)
class PickupPlace:
    """A place other than home where a rider can be picked up, `walk_minutes` away. Its id is unique within the rider."""

    id: str
    lat: float
    lon: float
    walk_minutes: float


@dataclass(frozen=True, slots=True)
class CanDrive:
    """What a rider offers who may be sent as a driver instead. The reader fills what is left out from the rider."""

    seats: int
    ready_at: datetime | None = None
    home_by: datetime | None = None
    events: tuple[str, ...] | None = None
    way_back: bool = True
    max_detour_minutes: float = 20.0
    max_travel_minutes: float = 120.0
    offers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rider:
    """`party` people who ask for a lift, all or none, at one stop. `dwell_minutes` None: the instance's."""

    id: str
    lat: float
    lon: float
    party: int = 1
    ready_at: datetime | None = None
    home_by: datetime | None = None
    max_travel_minutes: float = 120.0
    way_back: bool = True
    events: tuple[str, ...] | None = None
    needs: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    places: tuple[PickupPlace, ...] = ()
    home_pickup: bool = True
    dwell_minutes: float | None = None
    can_drive: CanDrive | None = None
    island: str | None = None
    at: str | None = None
    """The event where these people already are: all that they need is the way home."""

    def as_driver(self) -> Driver | None:
        """The driver this rider can be, None without `can_drive`. Needs, places and the ride limit do not carry over."""
        if self.can_drive is None:
            return None
        can = self.can_drive
        return Driver(
            id=self.id, lat=self.lat, lon=self.lon, seats=can.seats, party=self.party, ready_at=can.ready_at,
            home_by=can.home_by, max_detour_minutes=can.max_detour_minutes, max_travel_minutes=can.max_travel_minutes,
            way_back=can.way_back, events=can.events, offers=can.offers, traits=self.traits, company=self.company,
            island=self.island,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PinnedTrip:
    """A trip that is in every plan. With `force` it stands exactly as listed and the minutes and clock limits are lifted."""

    driver: str
    event: str
    riders: tuple[str, ...] = ()
    full: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class PublishedTrip:
    """What people were last told. It may name people and events that are gone."""

    driver: str
    event: str
    riders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instance:
    """One round: each person travels at most once, out and, if wanted, back. Several days are several instances.

    Without `matrix` and `pairs` the travel model is `gb-road-1`. A matrix has minutes from row to column, None for no way,
    over the places of drivers, riders, events and all riders' places, in that order; `pairs` has those of single drives.
    Raises `InvalidInstance` with a line a fault.
    """

    events: tuple[Event, ...] = ()
    drivers: tuple[Driver, ...] = ()
    riders: tuple[Rider, ...] = ()
    matrix: Matrix | None = None
    pairs: Pairs | None = None
    dwell_minutes: float = 2.0
    arrive_before_minutes: float = 10.0
    minutes_per_volunteer: float = 1000.0
    change_penalty: float = 3.0
    crossings: Mapping[str, float] = field(default_factory=dict)
    apart: tuple[tuple[str, ...], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    pinned: tuple[PinnedTrip, ...] = ()
    published: tuple[PublishedTrip, ...] = ()

    def __post_init__(self) -> None:
        from carpool.faults import instance_faults  # That page reads these classes.

        if faults := instance_faults(self):
            raise InvalidInstance(faults)

    @cached_property
    def event_by_id(self) -> dict[str, Event]:
        return {event.id: event for event in self.events}

    @cached_property
    def rider_by_id(self) -> dict[str, Rider]:
        return {rider.id: rider for rider in self.riders}

    @cached_property
    def driver_by_id(self) -> dict[str, Driver]:
        """Everybody who may stand as a driver: the drivers, and the riders who can drive, as the drivers they can be."""
        by_id = {driver.id: driver for driver in self.drivers}
        by_id.update({rider.id: driver for rider in self.riders if (driver := rider.as_driver())})
        return by_id

    @cached_property
    def at_events(self) -> frozenset[str]:
        """Who is at an event already and needs only the way home."""
        return frozenset(
            [driver.id for driver in self.drivers if driver.at is not None]
            + [rider.id for rider in self.riders if rider.at is not None]
        )

    @cached_property
    def apart_groups(self) -> dict[str, tuple[int, ...]]:
        """Person id → the numbers of the groups of `apart` that name the person."""
        return _groups_by_person(self.apart)

    @cached_property
    def together_groups(self) -> dict[str, tuple[int, ...]]:
        """Person id → the numbers of the groups of `together` that name the person."""
        return _groups_by_person(self.together)

    @cached_property
    def travel(self) -> TravelModel:
        """Minutes between the indices that `index` and `place_index` give."""
        if self.matrix is not None:
            return MatrixTravel(self.matrix)
        if self.pairs is not None:
            return PairTravel(self.places, self.crossings, self.pairs)
        return RoadTravel(self.places, self.crossings)

    @property
    def on_roads(self) -> bool:
        """Whether `gb-road-1` has a say, so that all is in Great Britain and islands mean something."""
        return self.matrix is None and (self.pairs is None or self.pairs.otherwise is not None)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All places in the order of the travel model: drivers, riders, events, then all riders' other places."""
        owners: list[Driver | Rider | Event] = [*self.drivers, *self.riders, *self.events]
        own = (Place(owner.lat, owner.lon, owner.island) for owner in owners)
        return (*own, *(Place(p.lat, p.lon, r.island) for r in self.riders for p in r.places))

    @cached_property
    def index(self) -> dict[str, int]:
        """Person id → index of the own place."""
        people: list[Driver | Rider] = [*self.drivers, *self.riders]
        return {person.id: i for i, person in enumerate(people)}

    @cached_property
    def event_index(self) -> dict[str, int]:
        """Event id → index of its place."""
        first = len(self.drivers) + len(self.riders)
        return {event.id: first + i for i, event in enumerate(self.events)}

    @cached_property
    def place_index(self) -> dict[tuple[str, str | None], int]:
        """(rider id, place id) → index; place None is the rider's own place."""
        indices: dict[tuple[str, str | None], int] = {
            (rider.id, None): self.index[rider.id] for rider in self.riders
        }
        first = len(self.drivers) + len(self.riders) + len(self.events)
        others = [(rider.id, place.id) for rider in self.riders for place in rider.places]
        indices.update({key: first + i for i, key in enumerate(others)})
        return indices


def _groups_by_person(groups: Sequence[Sequence[str]]) -> dict[str, tuple[int, ...]]:
    numbers: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        for person in dict.fromkeys(group):
            numbers.setdefault(person, []).append(number)
    return {person: tuple(found) for person, found in numbers.items()}
