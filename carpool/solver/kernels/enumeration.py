"""All trips of a pair that are worth more than a given value: the branch and bound of `pricing`, without a best to beat."""

from typing import NamedTuple

import numpy as np

from carpool.solver.kernels.compiled import compiled
from carpool.solver.kernels.ground import Floats, Ground, Ints, Shorts
from carpool.solver.kernels.pool import room_in, scattered, worth_of
from carpool.solver.kernels.pricing import branch, opens, root_ceiling, strike
from carpool.solver.kernels.profit import arrange, gather
from carpool.solver.kernels.scratch import Prices, Scratch
from carpool.solver.kernels.trips import closed_value, descend, start

FULL = -1
"""Said in place of a number of trips when there are more than there is room for, or too many nodes to look at."""


class Catalogue(NamedTuple):
    """Room for trips, arrays (trips,): pair, number of stops, value, and their rows from the front, (trips, stops).

    `key` and `trip` are a table, twice as long at least and of a power of two, that finds a set of riders again.
    """

    pair: Ints
    stops: Ints
    value: Floats
    row: Shorts
    key: Ints
    trip: Ints


@compiled
def riders_key(depth: int, s: Scratch) -> np.int64:
    """Equal for the same riders in another order or at other places."""
    key = np.int64(0)
    for level in range(depth):
        key += scattered(s.rider[s.chain[level]])
    return key


@compiled
def has_riders(ground: Ground, catalogue: Catalogue, trip: int, depth: int, s: Scratch) -> bool:
    """Whether a trip of the catalogue has just the riders of the node."""
    if catalogue.stops[trip] != depth:
        return False
    for level in range(depth):
        here = False
        for stop in range(depth):
            here = here or ground.rows.rider[catalogue.row[trip, stop]] == s.rider[s.chain[level]]
        if not here:
            return False
    return True


@compiled
def note(
    ground: Ground,
    pair: int,
    depth: int,
    value: float,
    first: int,
    count: int,
    catalogue: Catalogue,
    s: Scratch,
) -> int:
    """Put the node into the catalogue, if none of the pair's trips, from `first` on, has the same riders and is worth more.

    Returns how many trips there are then, one more than there is room for if there is none.
    """
    key, last = riders_key(depth, s), len(catalogue.key) - 1
    place, trip = key & last, count
    # What other pairs left in the table counts as empty: it is never looked for again.
    while catalogue.trip[place] >= first:
        other = catalogue.trip[place]
        if catalogue.key[place] == key and has_riders(ground, catalogue, other, depth, s):
            if value <= catalogue.value[other]:
                return count
            trip = other
            break
        place = (place + 1) & last
    if trip >= len(catalogue.pair):
        return count + 1
    catalogue.key[place], catalogue.trip[place] = key, trip
    catalogue.pair[trip], catalogue.stops[trip], catalogue.value[trip] = pair, depth, value
    for stop in range(depth):
        catalogue.row[trip, stop] = s.row[s.chain[depth - 1 - stop]]
    return count + 1 if trip == count else count


@compiled
def list_pair(
    ground: Ground,
    prices: Prices,
    pair: int,
    floor: float,
    nodes: int,
    count: int,
    catalogue: Catalogue,
    s: Scratch,
) -> int:
    """Put all of the pair's trips worth more than `floor` into the catalogue, which has `count`; of equal riders the best.

    Returns how many there are then, or `FULL`.
    """
    seats = room_in(ground, pair)
    if seats < 0 or root_ceiling(ground, prices, pair, seats, s) <= floor:
        return count
    first, depth = count, 0
    kept = arrange(gather(ground, prices, pair, seats, floor, True, s), 0, s)
    start(ground, prices, pair, kept, seats, s)
    value = closed_value(ground, pair, 0, s)
    if value > floor:
        count = note(ground, pair, 0, value, first, count, catalogue, s)
    strike(ground, pair, seats, floor, s)
    while depth >= 0:
        if count > len(catalogue.pair):
            return FULL
        if s.at[depth] >= s.length[depth]:
            depth -= 1
            continue
        child = s.at[depth]
        s.at[depth] = child + 1
        if not opens(ground, pair, depth, child, seats, floor, s):
            continue
        nodes -= 1
        if nodes < 0:
            return FULL
        descend(ground, pair, depth, child, s)
        depth += 1
        value = closed_value(ground, pair, depth, s)
        if value > floor:
            count = note(ground, pair, depth, value, first, count, catalogue, s)
        if depth + 2 < len(s.length):
            branch(ground, pair, depth, floor, seats, s)
        elif s.load[depth] < seats and depth < kept:
            return FULL
    return FULL if count > len(catalogue.pair) else count


@compiled
def list_trips(
    ground: Ground,
    prices: Prices,
    cars: Ints,
    floors: Floats,
    nodes: int,
    count: int,
    catalogue: Catalogue,
    s: Scratch,
) -> int:
    """The same for all pairs of these cars, each with the floor of its car, looking at no more than so many nodes a pair."""
    for car in cars:
        for pair in range(ground.pairs.first[car], ground.pairs.first[car + 1]):
            count = list_pair(ground, prices, pair, floors[car], nodes, count, catalogue, s)
            if count == FULL:
                return FULL
    return count


@compiled
def weigh(ground: Ground, catalogue: Catalogue, count: int, rows: Ints, worth: Floats) -> None:
    """What each trip of the catalogue adds to the score apart from its people: c_j of equation (2). `rows` is room."""
    for trip in range(count):
        for stop in range(catalogue.stops[trip]):
            rows[stop] = catalogue.row[trip, stop]
        worth[trip] = worth_of(ground, catalogue.pair[trip], rows, catalogue.stops[trip])
