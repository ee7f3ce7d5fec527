"""An instance as arrays for the rivals' inner loops: people, events, places, and who may go where.

Minutes of the clock count from 1970. Whoever can drive is a car: the drivers first, then the riders who may be sent as
drivers. Row by row, `halts` are the places where riders can be picked up.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from carpool.instance import Driver, Event, Instance, Rider
from carpool.schedule import dwell_minutes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
T = TypeVar("T")

MOST_TRAITS = 62
"""Kinds of company that fit into one integer; who asks for another kind is left out by these rivals."""


class Ground(NamedTuple):
    """Places on the unit sphere (places, 3) and their islands, with the crossing minutes between islands; or, with a matrix
    (else (0, 0)), minutes from place to place, infinite for no way."""

    points: Floats
    island: Ints
    between: Floats
    matrix: Floats


class Cars(NamedTuple):
    """Everybody who may drive. `rider` is the number of the same person as rider, or -1. `offers` is (cars, needs)."""

    place: Ints
    party: Ints
    seats: Ints
    max_travel: Floats
    max_detour: Floats
    ready: Floats
    home: Floats
    way_back: Flags
    offers: Ints
    traits: Ints
    company: Ints
    person: Ints
    rider: Ints
    allowed: Flags


class Riders(NamedTuple):
    """Everybody who may ride. Their halts are those from `first[r]` to `first[r + 1]`; `needs` is (riders, needs)."""

    party: Ints
    max_travel: Floats
    ready: Floats
    home: Floats
    way_back: Flags
    needs: Flags
    dwell: Floats
    traits: Ints
    company: Ints
    person: Ints
    allowed: Flags
    first: Ints


class Halts(NamedTuple):
    """Where riders can be picked up: whose it is, the place, and the minutes on foot."""

    rider: Ints
    place: Ints
    walk: Floats


class Events(NamedTuple):
    """When people arrive and leave, and what they are worth. Without a cap, `capacity` is more than there are people."""

    place: Ints
    arrive: Floats
    leave: Floats
    weight: Floats
    wanted: Ints
    capacity: Ints


class Apart(NamedTuple):
    """The groups of `apart` that a person is in, from `first[person]` to `first[person + 1]` of `group`."""

    first: Ints
    group: Ints


class Scene(NamedTuple):
    """All of it, and the price of a minute in the score."""

    ground: Ground
    cars: Cars
    riders: Riders
    halts: Halts
    events: Events
    apart: Apart
    minute: float


def make_scene(instance: Instance) -> Scene:
    """The arrays of an instance."""
    drivers = list(instance.driver_by_id.values())
    people: list[Driver | Rider] = [*drivers, *instance.riders]
    needs = sorted({need for rider in instance.riders for need in rider.needs})
    traits = {trait: number for number, trait in enumerate(_company_kinds(people))}
    return Scene(
        _ground(instance),
        _cars(instance, drivers, needs, traits),
        _riders(instance, needs, traits),
        _halts(instance),
        _events(instance),
        _apart(instance),
        1.0 / instance.minutes_per_volunteer,
    )


def _company_kinds(people: Iterable[Driver | Rider]) -> list[str]:
    return list(dict.fromkeys(trait for person in people for trait in person.company))


def _ground(instance: Instance) -> Ground:
    lat, lon = (np.radians([getattr(p, name) for p in instance.places]) for name in ("lat", "lon"))
    points = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    islands: list[str | None] = [None, *instance.crossings]
    number = {island: index for index, island in enumerate(islands)}
    minutes = np.array([0.0, *instance.crossings.values()])
    between = minutes[:, None] + minutes[None, :]
    np.fill_diagonal(between, 0.0)
    # With a matrix an island says nothing and may have no crossing.
    island = np.array([number.get(place.island, 0) for place in instance.places], dtype=np.int64)
    matrix = np.zeros((0, 0))
    if instance.matrix is not None:
        matrix = np.array([[math.inf if m is None else m for m in row] for row in instance.matrix])
        np.fill_diagonal(matrix, 0.0)
    return Ground(points.reshape(-1, 3), island, between, matrix)


def _cars(
    instance: Instance, drivers: Sequence[Driver], needs: Sequence[str], traits: Mapping[str, int]
) -> Cars:
    numbers = {rider.id: number for number, rider in enumerate(instance.riders)}
    person = _ints(drivers, lambda driver: instance.index[driver.id])
    return Cars(
        place=person,
        party=_ints(drivers, lambda driver: driver.party),
        seats=_ints(drivers, lambda driver: driver.seats),
        max_travel=_floats(drivers, lambda driver: driver.max_travel_minutes),
        max_detour=_floats(drivers, lambda driver: driver.max_detour_minutes),
        ready=_floats(drivers, lambda driver: _clock(driver.ready_at, -math.inf)),
        home=_floats(drivers, lambda driver: _clock(driver.home_by, math.inf)),
        way_back=np.array([driver.way_back for driver in drivers], dtype=np.bool_),
        offers=np.array(
            [[driver.offers.get(need, 0) for need in needs] for driver in drivers], dtype=np.int64
        ).reshape(len(drivers), len(needs)),
        traits=_ints(drivers, lambda driver: _trait_bits(driver, traits)),
        company=_ints(drivers, lambda driver: _company_bits(driver, traits)),
        person=person,
        rider=_ints(drivers, lambda driver: numbers.get(driver.id, -1)),
        allowed=_allowed(instance, drivers),
    )


def _riders(instance: Instance, needs: Sequence[str], traits: Mapping[str, int]) -> Riders:
    riders = instance.riders
    halts = [int(rider.home_pickup) + len(rider.places) for rider in riders]
    return Riders(
        party=_ints(riders, lambda rider: rider.party),
        max_travel=_floats(riders, lambda rider: rider.max_travel_minutes),
        ready=_floats(riders, lambda rider: _clock(rider.ready_at, -math.inf)),
        home=_floats(riders, lambda rider: _clock(rider.home_by, math.inf)),
        way_back=np.array([rider.way_back for rider in riders], dtype=np.bool_),
        needs=np.array([[need in rider.needs for need in needs] for rider in riders], dtype=np.bool_).reshape(
            len(riders), len(needs)
        ),
        dwell=_floats(riders, lambda rider: dwell_minutes(instance, rider)),
        traits=_ints(riders, lambda rider: _trait_bits(rider, traits)),
        company=_ints(riders, lambda rider: _company_bits(rider, traits)),
        person=_ints(riders, lambda rider: instance.index[rider.id]),
        allowed=_allowed(instance, riders),
        first=np.cumsum([0, *halts], dtype=np.int64),
    )


def halt_names(instance: Instance) -> list[tuple[str, str | None]]:
    """Rider and place id of each halt, in the order of `Halts`."""
    return [
        (rider.id, name)
        for rider in instance.riders
        for name in [*([None] if rider.home_pickup else []), *(place.id for place in rider.places)]
    ]


def _halts(instance: Instance) -> Halts:
    names = halt_names(instance)
    number = {rider.id: index for index, rider in enumerate(instance.riders)}
    walks = {(rider.id, place.id): place.walk_minutes for rider in instance.riders for place in rider.places}
    return Halts(
        rider=_ints(names, lambda name: number[name[0]]),
        place=_ints(names, lambda name: instance.place_index[name]),
        walk=_floats(names, lambda name: 0.0 if name[1] is None else walks[name[0], name[1]]),
    )


def _events(instance: Instance) -> Events:
    events, arrive = instance.events, instance.arrive_before_minutes
    everybody = (
        sum(driver.party for driver in instance.drivers) + sum(rider.party for rider in instance.riders) + 1
    )

    def capacity(event: Event) -> int:
        return everybody if event.capacity is None else event.capacity

    return Events(
        place=_ints(events, lambda event: instance.event_index[event.id]),
        arrive=_floats(events, lambda event: _clock(event.starts_at, 0.0) - arrive),
        leave=_floats(events, lambda event: _clock(event.ends_at, 0.0)),
        weight=_floats(events, lambda event: event.weight),
        wanted=_ints(events, lambda event: event.wanted),
        capacity=_ints(events, capacity),
    )


def _apart(instance: Instance) -> Apart:
    groups = [instance.apart_groups.get(person, ()) for person in instance.index]
    first = np.cumsum([0, *map(len, groups)], dtype=np.int64)
    return Apart(first, np.array([group for found in groups for group in found], dtype=np.int64))


def _allowed(instance: Instance, people: Sequence[Driver | Rider]) -> Flags:
    """Who may go to which event: (people, events). Whoever asks for too many kinds of company goes nowhere."""
    number = {event.id: index for index, event in enumerate(instance.events)}
    allowed = np.ones((len(people), len(number)), dtype=np.bool_)
    for row, person in enumerate(people):
        if person.events is not None:
            allowed[row] = False
            allowed[row, [number[event] for event in person.events]] = True
    return allowed


def _trait_bits(person: Driver | Rider, numbers: Mapping[str, int]) -> int:
    """The traits that somebody asks for as company, as bits, as far as they fit."""
    known = (numbers[trait] for trait in person.traits if trait in numbers)
    return sum(1 << number for number in known if number < MOST_TRAITS)


def _company_bits(person: Driver | Rider, numbers: Mapping[str, int]) -> int:
    """The company that somebody asks for as bits. Kinds that do not fit share one that is in nobody's traits."""
    return sum(1 << number for number in {min(numbers[trait], MOST_TRAITS) for trait in person.company})


def _clock(moment: datetime | None, without: float) -> float:
    return without if moment is None else moment.timestamp() / 60


def _ints(things: Sequence[T], value: Callable[[T], int]) -> Ints:
    return np.array([value(thing) for thing in things], dtype=np.int64)


def _floats(things: Sequence[T], value: Callable[[T], float]) -> Floats:
    return np.array([value(thing) for thing in things], dtype=np.float64)
