"""What a search for trips needs beside the ground: prices, how hard to look, and room to work in."""

from typing import NamedTuple

import numpy as np

from carpool.schedule import TOLERANCE_MINUTES
from carpool.solver.kernels.chords import reaches
from carpool.solver.kernels.ground import Bytes, Floats, Ints, Shorts

NOTHING = -1e18
"""The value of no trip at all."""

CACHED = 256
"""Legs between so many of a pair's candidates are remembered during a search."""

UNKNOWN, MAY, MAY_NOT = 0, 1, 2
"""What is remembered of two candidates: whether they can be in one trip."""

EQUAL = 1e-13
"""Values closer than this count as equal."""

TOLERANCE = TOLERANCE_MINUTES + 1e-7
"""Limits are met up to this: the judge's tolerance and the noise of other arithmetic. Plans are judged anew."""


DETOUR_WEIGHT = 0.01
"""When only some candidates are looked at, a minute of detour counts so much against profit."""


class Prices(NamedTuple):
    """What people and places cost. `gain` is -rho and the cost of walk and dwell, by row; `wheel` is rho of the driver,
    by car; `mu` is by event."""

    gain: Floats
    wheel: Floats
    mu: Floats


class Effort(NamedTuple):
    """How hard to look: nodes at most, candidates at most (0: all), and how little more is not worth looking for."""

    nodes: int
    most: int
    slack: float


class Scratch(NamedTuple):
    """Room for one search at a time: by candidate, by seat, by depth, by pair of the car, by trip in the pool."""

    row: Ints
    profit: Floats
    party: Ints
    rider: Ints
    home: Floats
    homeward: Floats
    dwell: Floats
    longest: Floats
    latest: Floats
    beyond: Floats
    dropped: Floats
    place: Ints
    key: Floats
    order: Ints
    density: Floats
    knapsack: Floats
    within: Floats
    list: Shorts
    ride: Floats
    drop: Floats
    length: Ints
    at: Ints
    value: Floats
    load: Ints
    moving: Floats
    elapsed: Floats
    returning: Floats
    front: Ints
    last: Ints
    missing: Ints
    have: Ints
    chain: Ints
    best: Ints
    top: Floats
    known: Floats
    value_in_pool: Floats
    total: Ints
    seen: Ints
    ways: Floats
    shared: Bytes
    chords: Floats


def new_scratch(sizes: Ints, slots: int = 1) -> Scratch:
    """Room for pairs, trips and cars of these sizes: candidates, stops, seats, pairs of a car; and a pool's slots."""
    n, d, seats, pairs = int(sizes[0]) + 1, int(sizes[1]) + 2, int(sizes[2]) + 2, int(sizes[3]) + 1

    def ints(size: int) -> Ints:
        return np.zeros(size, np.int64)

    def floats(size: int) -> Floats:
        return np.zeros(size)

    ways, shared = np.zeros((CACHED, CACHED)), np.zeros((CACHED, CACHED), np.int8)
    return Scratch(
        ints(n), floats(n), ints(n), ints(n), floats(n), floats(n), floats(n), floats(n), floats(n), floats(n), floats(n),
        ints(n), floats(n), ints(n),
        floats(seats), floats(seats), floats(seats),
        np.zeros((d, n), np.int32), np.zeros((d, n)), np.zeros((d, n)),
        ints(d), ints(d), floats(d), ints(d), floats(d), floats(d), floats(d), ints(d), ints(d), ints(d), ints(d),
        ints(d), ints(d), floats(pairs), floats(pairs), floats(slots), ints(1), ints(CACHED), ways, shared, reaches().beyond,
    )  # fmt: skip
