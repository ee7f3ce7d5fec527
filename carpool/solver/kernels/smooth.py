"""The smoothed dual of the master over the pool, and its slopes: equation (24)."""

import math

from carpool.solver.kernels.compiled import compiled
from carpool.solver.kernels.ground import Floats, Ground, Ints
from carpool.solver.kernels.pool import Pool, value_at
from carpool.solver.kernels.scratch import NOTHING, Prices

TAIL = 12.0
"""A trip this many temperatures below the best gets no share: less than one in a hundred thousand."""


@compiled
def choices(
    ground: Ground,
    prices: Prices,
    rho: Floats,
    pool: Pool,
    cars: Ints,
    room: Ints,
    heat: float,
    coming: Floats,
    people: Floats,
    sums: Floats,
    values: Floats,
) -> None:
    """Every car chooses among its trips in the pool and staying at home, the likelier the more a trip is worth.

    Adds to `coming` the share in which each rider is taken, to `people` how many come to each event, to `sums` the
    smoothed and the plain value of the choices. Heat is in units of value; `values` is space for a car's trips.
    `room` is how many more people each event may have.
    """
    for car in cars:
        count = pool.size[car]
        best = NOTHING if ground.cars.pinned[car] else 0.0
        for slot in range(count):
            values[slot] = NOTHING
            if pool.people[car, slot] <= room[ground.pairs.event[pool.pair[car, slot]]]:
                values[slot] = value_at(ground, prices, pool, rho, car, slot)
                best = max(best, values[slot])
        if best == NOTHING:
            continue
        total = 0.0 if ground.cars.pinned[car] else math.exp(-best / heat)
        for slot in range(count):
            share = math.exp((values[slot] - best) / heat) if values[slot] > best - TAIL * heat else 0.0
            values[slot] = share
            total += share
        sums[0] += best + heat * math.log(total)
        sums[1] += best
        rider = ground.cars.rider[car]
        for slot in range(count):
            if values[slot] > 0.0:
                share = values[slot] / total
                people[ground.pairs.event[pool.pair[car, slot]]] += share * pool.people[car, slot]
                if rider >= 0:
                    coming[rider] += share
                for stop in range(pool.stops[car, slot]):
                    coming[ground.rows.rider[pool.row[car, slot, stop]]] += share


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
