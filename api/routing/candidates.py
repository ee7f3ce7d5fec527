"""The drives that a plan of an instance may need, by the built-in model with some slack: the others are never asked for.

By kinds, the most important first: those of trips that were promised or pinned, between cars' homes and events, between
places to get in and events, between cars' homes and places of riders whom they could take along, and between places to get in
that could share a car.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from carpool import Driver, Instance, Rider
from carpool.geo.place import EARTH_RADIUS_KM
from carpool.geo.travel import RoadTravel
from carpool.instance import PinnedTrip, PublishedTrip

Places: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Drives: TypeAlias = tuple[Places, Places]
"""From where to where, by the numbers of the format."""

STRETCH, SPARE_MINUTES = 1.2, 5.0
"""What the model finds too long by no more than this may be short enough on the road."""
RIDERS_A_CAR = 60
"""Of so many riders' places that cost a car the fewest minutes the drives are asked for, the model has the others."""
NEIGHBOURS = 40
NEIGHBOUR_MINUTES = 35.0
NEIGHBOUR_KM = 25.0
"""Further than so many kilometres is no drive of so many minutes by the model."""
MOST = 1_000_000
"""Drives of one run at most: each is kept with it. What is over is the least important, and goes by the model."""
AT_A_TIME = 200


@dataclass(frozen=True)
class Pickup:
    """A place where a rider may get in."""

    place: int
    rider: Rider


@dataclass(frozen=True)
class Ground:
    """Cars, places to get in and events with what the model says of them; `can` says which events are in reach."""

    travel: RoadTravel
    events: Places
    cars: tuple[Driver, ...]
    homes: Places
    direct: Floats
    car_can: Mask
    pickups: tuple[Pickup, ...]
    spots: Places
    lats: Floats
    ride: Floats
    pickup_can: Mask


@dataclass(frozen=True)
class Wanted:
    """The drives of each kind, each once; `is_all` is false if there would be more."""

    kinds: tuple[Drives, ...]
    is_all: bool


def wanted(instance: Instance, most: int = MOST) -> Wanted:
    """At most `most` drives. The instance goes by the built-in model.

    Drives over water are left out: a router knows no timetable, and the model's crossings do.
    """
    ground = _ground(instance)
    size = len(instance.places)
    island = _islands(instance)
    seen, kinds, is_all = np.zeros(0, np.int64), list[Drives](), True
    for origins, destinations in (_of_trips(instance), *_kinds(ground)):
        dry = (island[origins] == island[destinations]) & (origins != destinations)
        found = np.unique(origins[dry] * size + destinations[dry])
        fresh = found[~np.isin(found, seen, assume_unique=True)]
        is_all = len(seen) + len(fresh) <= most
        fresh = fresh[: most - len(seen)]
        seen = np.concatenate([seen, fresh])
        kinds.append((fresh // size, fresh % size))
        if not is_all:
            break
    return Wanted(tuple(kinds), is_all)


def _of_trips(instance: Instance) -> Drives:
    """Between all places of each trip that was promised or pinned, in whichever order it stops there."""
    found = set[tuple[int, int]]()
    trips: list[PublishedTrip | PinnedTrip] = [*instance.published, *instance.pinned]
    for trip in trips:
        people = [one for one in (trip.driver, *trip.riders) if one in instance.index]
        spots = {instance.index[one] for one in people}
        riders = (instance.rider_by_id[one] for one in people if one in instance.rider_by_id)
        spots |= {instance.place_index[rider.id, place.id] for rider in riders for place in rider.places}
        if trip.event in instance.event_index:
            spots.add(instance.event_index[trip.event])
        found.update((a, b) for a in spots for b in spots)
    whole = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return whole[:, 0], whole[:, 1]


def _kinds(ground: Ground) -> Iterator[Drives]:
    backs = np.array([car.way_back for car in ground.cars], dtype=bool)
    yield from _there_and_back(ground.homes, ground.events, ground.car_can, backs)
    returns = np.array([pickup.rider.way_back for pickup in ground.pickups], dtype=bool)
    yield from _there_and_back(ground.spots, ground.events, ground.pickup_can, returns)
    yield from _to_riders(ground)
    yield _between_riders(ground)


def _there_and_back(starts: Places, goals: Places, can: Mask, back: Mask) -> tuple[Drives, Drives]:
    rows, columns = np.nonzero(can)
    home = back[rows]
    return (starts[rows], goals[columns]), (goals[columns[home]], starts[rows[home]])


def _ground(instance: Instance) -> Ground:
    travel = RoadTravel(instance.places, instance.crossings)
    events = np.array(list(instance.event_index.values()), dtype=np.int64)
    cars = tuple(instance.driver_by_id.values())
    homes = np.array([instance.index[car.id] for car in cars], dtype=np.int64)
    pickups = tuple(_pickups(instance))
    spots = np.array([pickup.place for pickup in pickups], dtype=np.int64)
    lats = np.array([instance.places[spot].lat for spot in spots.tolist()])
    direct, ride = _legs(travel, homes, events), _legs(travel, spots, events)
    longest = np.array([stretched(car.max_travel_minutes) for car in cars])
    longest_ride = np.array([stretched(pickup.rider.max_travel_minutes) for pickup in pickups])
    car_can = (direct <= longest.reshape(-1, 1)) & _chosen(instance, cars)
    pickup_can = (ride <= longest_ride.reshape(-1, 1)) & _chosen(instance, [p.rider for p in pickups])
    return Ground(travel, events, cars, homes, direct, car_can, pickups, spots, lats, ride, pickup_can)


def stretched(minutes: float) -> float:
    """A limit with the slack that is granted here."""
    return STRETCH * minutes + SPARE_MINUTES


def _pickups(instance: Instance) -> Iterator[Pickup]:
    for rider in instance.riders:
        if rider.home_pickup:
            yield Pickup(instance.index[rider.id], rider)
        for place in rider.places:
            yield Pickup(instance.place_index[rider.id, place.id], rider)


def _legs(travel: RoadTravel, origins: Places, destinations: Places) -> Floats:
    parts = [
        travel.legs(origins[at : at + AT_A_TIME, None], destinations[None, :])
        for at in range(0, len(origins), AT_A_TIME)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, len(destinations)))


def _chosen(instance: Instance, people: Sequence[Driver | Rider]) -> Mask:
    """Which of the events somebody may go to, (people, events)."""
    masks: dict[tuple[str, ...] | None, Mask] = {}
    for one in people:
        if one.events not in masks:
            allowed = [one.events is None or event.id in one.events for event in instance.events]
            masks[one.events] = np.array(allowed, dtype=bool)
    return np.array([masks[one.events] for one in people], dtype=bool).reshape(
        len(people), len(instance.events)
    )


def _to_riders(ground: Ground) -> tuple[Drives, Drives]:
    """Between each car's home and the places of the riders that it could take along for the fewest minutes."""
    if not len(ground.spots) or not len(ground.events):
        return _none(), _none()
    party = np.array([pickup.rider.party for pickup in ground.pickups])
    returns = np.array([pickup.rider.way_back for pickup in ground.pickups], dtype=bool)
    # Events that a rider cannot go to cost for ever: then no car goes there with them.
    ride = np.where(ground.pickup_can, ground.ride, np.inf)
    there, back = list[Places](), list[Places]()
    for number, car in enumerate(ground.cars):
        goals = np.flatnonzero(ground.car_can[number])
        fits = np.flatnonzero((party <= car.seats) & (ground.spots != ground.homes[number]))
        if not car.way_back:
            fits = fits[~returns[fits]]
        if not len(goals) or not len(fits):
            continue
        to = ground.travel.legs(np.full(len(fits), ground.homes[number]), ground.spots[fits])
        near = np.flatnonzero(to <= stretched(car.max_travel_minutes))
        longer = (ride[np.ix_(fits[near], goals)] - ground.direct[number, goals]).min(axis=1) + to[near]
        near = near[_cheapest(longer, stretched(car.max_detour_minutes), RIDERS_A_CAR)]
        homes = np.full(len(near), ground.homes[number])
        there.append(np.stack([homes, ground.spots[fits[near]]]))
        home = returns[fits[near]]
        back.append(np.stack([ground.spots[fits[near[home]]], homes[home]]))
    return _joined(there), _joined(back)


def _cheapest(minutes: Floats, limit: float, most: int) -> NDArray[np.intp]:
    """Which of these are within the limit, the `most` lowest at most."""
    good = np.flatnonzero(minutes <= limit)
    if len(good) > most:
        good = good[np.argpartition(minutes[good], most)[:most]]
    return good


def _between_riders(ground: Ground) -> Drives:
    """Between the places of neighbours who may go to the same event, both ways: a car that takes one takes the other."""
    lats, found = ground.lats, list[Places]()
    number: dict[str, int] = {}
    whose = np.array([number.setdefault(p.rider.id, len(number)) for p in ground.pickups], dtype=np.int64)
    degrees = np.degrees(NEIGHBOUR_KM / EARTH_RADIUS_KM)
    order = np.argsort(lats, kind="stable")
    lows = np.searchsorted(lats[order], lats[order] - degrees)
    highs = np.searchsorted(lats[order], lats[order] + degrees)
    for at, one in enumerate(order.tolist()):
        others = order[lows[at] : highs[at]]
        others = others[whose[others] != whose[one]]
        others = others[(ground.pickup_can[others] & ground.pickup_can[one]).any(axis=1)]
        if not len(others):
            continue
        minutes = ground.travel.legs(np.full(len(others), ground.spots[one]), ground.spots[others])
        near = ground.spots[others[_cheapest(minutes, NEIGHBOUR_MINUTES, NEIGHBOURS)]]
        mine = np.full(len(near), ground.spots[one])
        found += [np.stack([mine, near]), np.stack([near, mine])]
    return _joined(found)


def _joined(parts: Sequence[Places]) -> Drives:
    if not parts:
        return _none()
    whole = np.concatenate(parts, axis=1)
    return whole[0], whole[1]


def _none() -> Drives:
    return np.zeros(0, np.int64), np.zeros(0, np.int64)


def _islands(instance: Instance) -> Places:
    number: dict[str | None, int] = {}
    return np.array(
        [number.setdefault(place.island, len(number)) for place in instance.places], dtype=np.int64
    )
