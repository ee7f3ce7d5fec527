"""An instance as arrays, as the inner loops read it, and the minutes between two places.

Cars, riders, rows (a row is one place where one rider can be picked up), events and pairs (a car and an event) are
numbered from 0. Minutes of the clock count from 1970. Symbols are those of docs/formulation.md.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from carpool.geo.place import EARTH_RADIUS_KM
from carpool.solver.kernels.compiled import compiled, inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]
Bytes = NDArray[np.int8]
Flags = NDArray[np.bool_]


class Land(NamedTuple):
    """Places: on the unit sphere, an array (places, 3), or as a table of minutes.

    `matrix` is (0, 0) for the road model. `low` is never more than any way from place to place and obeys the triangle
    inequality: the table's shortest paths. `between` are the minutes of crossing from island to island.

    Where single drives are known, those from a place are in `to` from its `first`, (places + 1,), in order, with their
    minutes in `given`; all others are by road, or none unless `roads`. No drive undercuts `ratio` times the road model,
    which is 1 where all go by it.
    """

    points: Floats
    island: Shorts
    between: Floats
    matrix: Floats
    low: Floats
    first: Ints
    to: Shorts
    given: Floats
    roads: bool
    ratio: float


class Cars(NamedTuple):
    """Who may drive. `rider` is the same person as rider or -1; `required` how many riders must come along.

    `offer` numbers the kinds of offers; `told_event` is the event that the driver was told to drive to, or -1.
    """

    place: Ints
    party: Ints
    seats: Ints
    max_travel: Floats
    max_detour: Floats
    way_back: Flags
    ready: Floats
    home: Floats
    rider: Ints
    manner: Ints
    offer: Ints
    errand: Ints
    unit: Ints
    required: Ints
    pinned: Flags
    closed: Flags
    told_event: Ints
    told_bonus: Floats


class Riders(NamedTuple):
    """Who may ride. `pin` is the car that a pin holds them to, or -1; `first` is where their rows begin, (riders + 1,).

    `apart` lists whom a rider must not share a car with, from `apart_first`: a rider's number, or -1 - a car's.
    """

    party: Ints
    first: Ints
    car: Ints
    manner: Ints
    unit: Ints
    wish: Ints
    errand: Ints
    pin: Ints
    told_car: Ints
    told_event: Ints
    told_bonus: Floats
    apart_first: Ints
    apart: Ints


class Rows(NamedTuple):
    """Where riders can be picked up."""

    rider: Ints
    place: Ints
    party: Ints
    walk: Floats
    dwell: Floats
    max_ride: Floats
    way_back: Flags
    ready: Floats
    home: Floats


class Events(NamedTuple):
    """Where people go: when they arrive and leave, and what they are worth there."""

    place: Ints
    arrive: Floats
    leave: Floats
    weight: Floats
    wanted: Ints
    capacity: Ints


class Pairs(NamedTuple):
    """Cars and the events they can drive to, by car; `first` is where a car's pairs begin, (cars + 1,).

    `longest_out` and `longest_back` bound the drives, tolerance included (equations 5 and 8). `candidate` are the rows of
    those who can ride along, a pair's from its `start` to its `end`.
    """

    first: Ints
    car: Ints
    event: Ints
    direct_out: Floats
    direct_back: Floats
    longest_out: Floats
    longest_back: Floats
    start: Ints
    end: Ints
    candidate: Shorts


class Social(NamedTuple):
    """Who goes with whom and where: manners that get on, events that errands allow, units (groups that share a car) and
    their sizes, needs and offers.

    `needs` are those of each wish, from `needs_first`; `offers` is how many riders with each need a kind of car takes,
    `served` whether it takes somebody with a wish at all.
    """

    mixes: Flags
    allowed: Flags
    served: Flags
    unit_size: Ints
    needs_first: Ints
    needs: Ints
    offers: Ints


class Ground(NamedTuple):
    """Everything together. `cost` is the price of a minute in the score, 1 / minutes_per_volunteer."""

    land: Land
    cars: Cars
    riders: Riders
    rows: Rows
    events: Events
    pairs: Pairs
    social: Social
    cost: float
    triangle: bool


TWICE_RADIUS = 2.0 * EARTH_RADIUS_KM
LEAST_RATIO, ANYWHERE = 1e-6, 1e9
FAR = 0.2
"""A half chord from which the arc sine is no longer summed from its series (2,500 km)."""


@inlined
def kilometres(points: Floats, a: int, b: int) -> float:
    """Great-circle distance between two places."""
    x, y, z = points[a, 0] - points[b, 0], points[a, 1] - points[b, 1], points[a, 2] - points[b, 2]
    square = 0.25 * (x * x + y * y + z * z)
    half = math.sqrt(square)
    if half > FAR:
        return TWICE_RADIUS * math.asin(min(1.0, half))
    series = 1.0 + square * (
        1 / 6 + square * (3 / 40 + square * (15 / 336 + square * (105 / 3456 + square * (945 / 42240))))
    )
    return TWICE_RADIUS * half * series


@inlined
def road_minutes(km: float) -> float:
    """`gb-road-1`."""
    return 1.08 * (0.75 * km + 10.4 * (1.0 - math.exp(-km / 10.3)) + 6.8 * (1.0 - math.exp(-km / 3.0)))


@inlined
def leg(land: Land, a: int, b: int) -> float:
    """Minutes from one place to another (t_ab), to 1e-9 of what the judge computes."""
    if land.matrix.shape[0] > 0:
        return land.matrix[a, b]
    if land.first.shape[0] > 0:
        known = find(land, a, b)
        if known >= 0:
            return land.given[known]
        if not land.roads:
            return 0.0 if a == b else math.inf
    return by_road(land, a, b)


@inlined
def by_road(land: Land, a: int, b: int) -> float:
    """Minutes by the road model, crossings included."""
    return road_minutes(kilometres(land.points, a, b)) + land.between[land.island[a], land.island[b]]


@inlined
def find(land: Land, a: int, b: int) -> int:
    """Where the drive from one place to another is among those that are known, or -1."""
    low, end = land.first[a], land.first[a + 1]
    high = end
    while low < high:
        middle = (low + high) // 2
        if land.to[middle] < b:
            low = middle + 1
        else:
            high = middle
    return low if low < end and land.to[low] == b else -1


@inlined
def least(land: Land, a: int, b: int) -> float:
    """Minutes that no way from one place to another can undercut, whatever it passes."""
    if land.matrix.shape[0] > 0:
        return land.low[a, b]
    return land.ratio * by_road(land, a, b)


@inlined
def by_ratio(land: Land, minutes: float) -> float:
    """How many minutes of road all places lie within that can be reached in so many minutes."""
    if land.ratio > LEAST_RATIO:
        return minutes / land.ratio
    # Distance tells nothing then: everything is near, but for what cannot be reached in any time.
    return ANYWHERE if minutes >= 0.0 else -1.0


@compiled
def shorten(low: Floats) -> None:
    """Make a table of minutes its own closure under the triangle inequality, after Floyd and Warshall."""
    size = len(low)
    for i in range(size):
        low[i, i] = 0.0
    for middle in range(size):
        for i in range(size):
            before = low[i, middle]
            if before < math.inf:
                for j in range(size):
                    low[i, j] = min(low[i, j], before + low[middle, j])
