"""The instance as the solver reads it: people by number, clock times as minutes after one moment, and who may go with whom.

People are numbered as in `Instance.index` (drivers, then riders), events in their order, places as the travel model
counts them. Symbols in the comments are those of docs/formulation.md.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from carpool.collector import at_rest
from carpool.instance import Driver, Event, Instance, Rider
from carpool.schedule import dwell_minutes
from carpool.solver.times import Times


@dataclass(frozen=True, slots=True)
class Goal:
    """An event e: its place, when people arrive (A_e) and leave (B_e), and what they are worth there."""

    place: int
    arrives_at: datetime
    ends_at: datetime
    wanted: int
    capacity: int
    weight: float

    def value(self, people: int) -> float:
        """V_e(n) of equation (1), for 0 ≤ `people` ≤ capacity."""
        return self.weight * (min(people, self.wanted) + 0.5 * max(0, people - self.wanted))


@dataclass(frozen=True, slots=True)
class Car:
    """Somebody who may drive, k. `events` are those allowed by the person and by a pin."""

    person: int
    party: int
    seats: int
    ready_at: datetime | None
    home_by: datetime | None
    max_detour: float
    max_travel: float
    way_back: bool
    offers: Mapping[str, int]
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pickup:
    """One place where a car may stop for rider `person`: `place` counts as the travel model does, `name` as in the instance."""

    person: int
    place: int
    walk: float
    name: str | None


@dataclass(frozen=True, slots=True)
class Passenger:
    """Somebody who may ride, r, and the places where a car may stop for them."""

    person: int
    party: int
    ready_at: datetime | None
    home_by: datetime | None
    max_ride: float
    way_back: bool
    dwell: float
    needs: tuple[str, ...]
    events: frozenset[int]
    pickups: tuple[Pickup, ...]


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned trip, by numbers. `riders` in the listed order, which counts only with `force`."""

    driver: int
    event: int
    riders: tuple[int, ...]
    full: bool
    force: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What one person was last told: ride with `driver` to `event`, or, with `driver` their own number, drive there."""

    driver: int | None
    event: int | None


@dataclass(frozen=True)
class Data:
    """Everything the algorithm reads. `cars` and `passengers` are keyed by person; who may not drive or ride is missing."""

    instance: Instance
    times: Times
    ids: tuple[str, ...]
    event_number: Mapping[str, int]
    goals: tuple[Goal, ...]
    cars: Mapping[int, Car]
    passengers: Mapping[int, Passenger]
    pins: Mapping[int, Pin]
    held: Mapping[int, int]
    units: Mapping[int, frozenset[int]]
    apart: Mapping[int, frozenset[int]]
    manners: tuple[int, ...]
    mixes: tuple[tuple[bool, ...], ...]
    told: Mapping[int, Told]
    told_total: float

    def get_on(self, a: int, b: int) -> bool:
        """Whether two people may sit in one car as far as company and `apart` go."""
        return (
            self.mixes[self.manners[a]][self.manners[b]]
            and self.mixes[self.manners[b]][self.manners[a]]
            and b not in self.apart.get(a, ())
        )

    def party(self, person: int) -> int:
        """How many people come when this person comes, in either role."""
        passenger = self.passengers.get(person)
        return passenger.party if passenger is not None else self.cars[person].party

    def kept(self, person: int, driver: int, event: int) -> float:
        """The change penalty that is saved when `person` is in this driver's trip to this event: part of b_j."""
        told = self.told.get(person)
        if told is None or told.event != event or told.driver != driver:
            return 0.0
        return self.instance.change_penalty * self.party(person)

    def may_ride(self, car: Car, passenger: Passenger, event: int) -> bool:
        """Whether all but the clock allows these two in a car to this event: rules 1, 2, 4 and 5 for the pair alone."""
        return (
            car.person != passenger.person
            and passenger.party <= car.seats
            and event in passenger.events
            and (car.way_back or not passenger.way_back)
            and all(car.offers.get(need, 0) > 0 for need in passenger.needs)
            and self.get_on(car.person, passenger.person)
            and self.held.get(passenger.person, car.person) == car.person
            and not self.barred(car.person, passenger.person)
        )

    def barred(self, driver: int, rider: int) -> bool:
        """Whether these two are kept apart, or the driver's trip is pinned as full without this rider."""
        pin = self.pins.get(driver)
        full = pin is not None and (pin.full or pin.force) and rider not in pin.riders
        return full or rider in self.apart.get(driver, ())


def without_pins(data: Data) -> Data:
    """The same instance as it would be without pins: only those whom a pin names are looked at again."""
    instance, people = data.instance, _people(data.instance)
    compiler = _Compiler(instance, data.event_number, {}, {})
    cars, passengers = dict(data.cars), dict(data.passengers)
    for person in (*data.pins, *data.held):
        who = people[person]
        if (driver := instance.driver_by_id.get(who.id)) is not None:
            cars[person] = compiler.car(person, driver)
        if isinstance(who, Rider):
            passengers[person] = compiler.passenger(person, who)
    return replace(data, cars=cars, passengers=passengers, pins={}, held={})


@at_rest()
def compile_data(instance: Instance) -> Data:
    """The instance as `Data`. Its pins must be such that a plan can keep them."""
    number = instance.index
    event_number = {event.id: e for e, event in enumerate(instance.events)}
    listed = (
        Pin(number[p.driver], event_number[p.event], tuple(number[r] for r in p.riders), p.full, p.force)
        for p in instance.pinned
    )
    pins = {pin.driver: pin for pin in listed}
    held = {rider: pin.driver for pin in pins.values() for rider in pin.riders}
    compiler = _Compiler(instance, event_number, pins, held)
    manners, mixes = _manners(instance)
    told, told_total = _told(instance, event_number)
    return Data(
        instance=instance, times=Times(instance), ids=tuple(number), event_number=event_number, goals=compiler.goals(),
        cars=compiler.cars(), passengers=compiler.passengers(), pins=pins, held=held, units=_units(instance),
        apart=_apart(instance), manners=manners, mixes=mixes, told=told, told_total=told_total,
    )  # fmt: skip


_Events = tuple[tuple[int, ...], frozenset[int]]


@dataclass(frozen=True)
class _Compiler:
    instance: Instance
    event_number: Mapping[str, int]
    pins: Mapping[int, Pin]
    held: Mapping[int, int]
    lists: dict[object, _Events] = field(default_factory=dict)

    def goals(self) -> tuple[Goal, ...]:
        everybody = sum(person.party for person in _people(self.instance))
        return tuple(self.goal(event, everybody) for event in self.instance.events)

    def goal(self, event: Event, everybody: int) -> Goal:
        arrives_at = event.starts_at.astimezone(UTC) - timedelta(minutes=self.instance.arrive_before_minutes)
        capacity = everybody if event.capacity is None else min(event.capacity, everybody)
        place = self.instance.event_index[event.id]
        return Goal(place, arrives_at, event.ends_at, event.wanted, capacity, event.weight)

    def events(self, allowed: tuple[str, ...] | None, pin: Pin | None) -> _Events:
        """The numbers of the events allowed, the same list and set for all who allow the same."""
        key = allowed, None if pin is None else pin.event
        if key not in self.lists:
            known = self.event_number
            numbers = sorted(known.values() if allowed is None else (known[e] for e in allowed))
            events = tuple(e for e in numbers if pin is None or e == pin.event)
            self.lists[key] = events, frozenset(events)
        return self.lists[key]

    def cars(self) -> dict[int, Car]:
        number = self.instance.index
        people = ((number[person], driver) for person, driver in self.instance.driver_by_id.items())
        return {person: self.car(person, driver) for person, driver in people if person not in self.held}

    def car(self, person: int, driver: Driver) -> Car:
        return Car(
            person=person, party=driver.party, seats=driver.seats, ready_at=driver.ready_at,
            home_by=driver.home_by, max_detour=driver.max_detour_minutes,
            max_travel=driver.max_travel_minutes, way_back=driver.way_back, offers=driver.offers,
            events=self.events(driver.events, self.pins.get(person))[0],
        )  # fmt: skip

    def passengers(self) -> dict[int, Passenger]:
        number = self.instance.index
        people = ((number[rider.id], rider) for rider in self.instance.riders)
        return {person: self.passenger(person, rider) for person, rider in people if person not in self.pins}

    def passenger(self, person: int, rider: Rider) -> Passenger:
        place_index = self.instance.place_index
        own = [Pickup(person, person, 0.0, None)] if rider.home_pickup else []
        others = [Pickup(person, place_index[rider.id, p.id], p.walk_minutes, p.id) for p in rider.places]
        pin = self.pins[self.held[person]] if person in self.held else None
        return Passenger(
            person=person, party=rider.party, ready_at=rider.ready_at, home_by=rider.home_by,
            max_ride=rider.max_travel_minutes, way_back=rider.way_back,
            dwell=dwell_minutes(self.instance, rider), needs=rider.needs,
            events=self.events(rider.events, pin)[1], pickups=(*own, *others),
        )  # fmt: skip


def _units(instance: Instance) -> dict[int, frozenset[int]]:
    """Person → everybody they must share a car with, themselves included. Groups that share a person are one unit."""
    unit_of: dict[int, frozenset[int]] = {}
    for group in instance.together:
        joined = {instance.index[person] for person in group}
        for person in tuple(joined):
            joined |= unit_of.get(person, frozenset())
        unit_of.update(dict.fromkeys(joined, frozenset(joined)))
    return unit_of


def _apart(instance: Instance) -> dict[int, frozenset[int]]:
    kept_from: defaultdict[int, set[int]] = defaultdict(set)
    for group in instance.apart:
        numbers = {instance.index[person] for person in group}
        for person in numbers:
            kept_from[person] |= numbers - {person}
    return {person: frozenset(others) for person, others in kept_from.items()}


def _manners(instance: Instance) -> tuple[tuple[int, ...], tuple[tuple[bool, ...], ...]]:
    """People with equal traits and equal wishes share a number, and a table says whether the first accepts the second."""
    kinds: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    manners = tuple(
        kinds.setdefault((frozenset(person.traits), frozenset(person.company)), len(kinds))
        for person in _people(instance)
    )
    return manners, tuple(tuple(company <= traits for traits, _ in kinds) for _, company in kinds)


def _told(instance: Instance, event_number: Mapping[str, int]) -> tuple[dict[int, Told], float]:
    """What everybody who still exists was told, and the penalty if every one of them is told something else."""
    number = instance.index
    parties = {person.id: person.party for person in _people(instance)}
    told = {
        number[person]: Told(number.get(trip.driver), event_number.get(trip.event))
        for trip in instance.published
        for person in (trip.driver, *trip.riders)
        if person in number
    }
    ids = tuple(number)
    return told, instance.change_penalty * sum(parties[ids[person]] for person in told)


def _people(instance: Instance) -> tuple[Driver | Rider, ...]:
    return *instance.drivers, *instance.riders
