"""The smoothed dual of the master over the pool, and its slopes: equation (24)."""

import math
from typing import NamedTuple

import numpy as np

from carpool.solver.kernels.compiled import compiled
from carpool.solver.kernels.ground import Floats, Ground, Ints, Shorts
from carpool.solver.kernels.pool import Pool, value_at
from carpool.solver.kernels.scratch import NOTHING, Prices

TAIL = 12.0
"""A trip this many temperatures below the best gets no share: less than one in a hundred thousand."""


class Options(NamedTuple):
    """The trips of the pool that some cars choose among, a car's one after the other from its `first`, (cars + 1,).

    `own` is the driver as a rider, or -1, and `bound` whether the car may not stay at home, by car; event, people and worth are
    by trip, and `rider` lists those of a trip from its `start`, (trips + 1,).
    """

    first: Ints
    own: Ints
    bound: Ints
    event: Shorts
    people: Shorts
    worth: Floats
    start: Ints
    rider: Shorts


@compiled
def list_options(
    ground: Ground,
    prices: Prices,
    rho: Floats,
    pool: Pool,
    cars: Ints,
    room: Ints,
    reach: float,
    options: Options,
    values: Floats,
) -> tuple[int, int]:
    """Write down the trips of these cars that are no more than `reach` below their car's best at these prices; those that the
    events have no `room` for are none. Returns how many trips and stops there are; `values` is space for a car's trips."""
    trips, stops = 0, 0
    for number, car in enumerate(cars):
        options.first[number], options.own[number] = trips, ground.cars.rider[car]
        options.bound[number] = ground.cars.pinned[car]
        best = NOTHING if ground.cars.pinned[car] else 0.0
        for slot in range(pool.size[car]):
            values[slot] = NOTHING
            if pool.people[car, slot] <= room[ground.pairs.event[pool.pair[car, slot]]]:
                values[slot] = value_at(ground, prices, pool, rho, car, slot)
                best = max(best, values[slot])
        for slot in range(pool.size[car]):
            if values[slot] > NOTHING and values[slot] >= best - reach:
                options.event[trips] = ground.pairs.event[pool.pair[car, slot]]
                options.people[trips], options.worth[trips] = pool.people[car, slot], pool.worth[car, slot]
                options.start[trips] = stops
                for stop in range(pool.stops[car, slot]):
                    options.rider[stops] = ground.rows.rider[pool.row[car, slot, stop]]
                    stops += 1
                trips += 1
    options.first[len(cars)], options.start[trips] = trips, stops
    return trips, stops


def new_options(pool: Pool, cars: Ints) -> Options:
    """Room for all trips that the pool has for these cars."""
    trips = int(pool.size[cars].sum())
    stops = trips * pool.row.shape[2]
    ints, shorts = np.int64, np.int32
    return Options(
        np.empty(len(cars) + 1, ints), np.empty(len(cars), ints), np.empty(len(cars), ints), np.empty(trips, shorts),
        np.empty(trips, shorts), np.empty(trips), np.empty(trips + 1, ints), np.empty(stops, shorts),
    )  # fmt: skip


@compiled
def choices(
    options: Options,
    mu: Floats,
    rho: Floats,
    heat: float,
    coming: Floats,
    people: Floats,
    sums: Floats,
    values: Floats,
) -> None:
    """Every car chooses among its options and staying at home, the likelier the more a trip is worth.

    Adds to `coming` the share in which each rider is taken, to `people` how many come to each event, to `sums` the
    smoothed and the plain value of the choices. Heat is in units of value; `values` is space for a car's trips.
    """
    for number in range(len(options.own)):
        first, last, own = options.first[number], options.first[number + 1], options.own[number]
        bound = options.bound[number] > 0
        if bound and first == last:
            continue
        wheel = rho[own] if own >= 0 else 0.0
        best = NOTHING if bound else 0.0
        for trip in range(first, last):
            value = mu[options.event[trip]] * options.people[trip] + options.worth[trip] - wheel
            for stop in range(options.start[trip], options.start[trip + 1]):
                value -= rho[options.rider[stop]]
            values[trip - first] = value
            best = max(best, value)
        total = 0.0 if bound else math.exp(-best / heat)
        for trip in range(first, last):
            short = best - values[trip - first]
            share = math.exp(-short / heat) if short < TAIL * heat else 0.0
            values[trip - first] = share
            total += share
        sums[0] += best + heat * math.log(total)
        sums[1] += best
        for trip in range(first, last):
            if values[trip - first] > 0.0:
                share = values[trip - first] / total
                people[options.event[trip]] += share * options.people[trip]
                if own >= 0:
                    coming[own] += share
                for stop in range(options.start[trip], options.start[trip + 1]):
                    coming[options.rider[stop]] += share


@compiled
def favourites(
    ground: Ground,
    prices: Prices,
    rho: Floats,
    pool: Pool,
    cars: Ints,
    room: Ints,
    heat: float,
    slots: Ints,
    shares: Floats,
    values: Floats,
) -> None:
    """Each car's most likely trip in the pool, as a slot, and its share; slot -1 when staying at home is likelier."""
    for car in cars:
        count = pool.size[car]
        best, slot = (NOTHING, -1) if ground.cars.pinned[car] else (0.0, -1)
        for place in range(count):
            values[place] = NOTHING
            if pool.people[car, place] <= room[ground.pairs.event[pool.pair[car, place]]]:
                values[place] = value_at(ground, prices, pool, rho, car, place)
                if values[place] > best:
                    best, slot = values[place], place
        total = 0.0 if ground.cars.pinned[car] else math.exp(-best / heat)
        for place in range(count):
            if values[place] > best - TAIL * heat:
                total += math.exp((values[place] - best) / heat)
        slots[car], shares[car] = slot, 1.0 / max(total, 1e-300)
