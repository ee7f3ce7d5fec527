"""The pool: for every car the trips that were best at some prices, and the car's choice among them."""

import math
from typing import NamedTuple

import numpy as np

from carpool.solver.kernels.compiled import compiled, inlined
from carpool.solver.kernels.ground import Floats, Ground, Ints, Shorts, leg
from carpool.solver.kernels.pricing import best_trip, next_best, root_ceiling
from carpool.solver.kernels.scratch import EQUAL, NOTHING, Effort, Prices, Scratch


class Pool(NamedTuple):
    """Up to `slots` trips a car, arrays (cars, slots): how many there are, and of each the pair, people, stops (rows, from
    the front), worth c_j of equation (2), and a key that tells pairs with sets of rows apart."""

    size: Shorts
    pair: Shorts
    people: Shorts
    stops: Shorts
    row: Shorts
    worth: Floats
    key: Ints


@inlined
def scattered(number: int) -> np.int64:
    """The number spread over all bits, so that sums of a few tell sets apart."""
    mixed = np.int64(number) + np.int64(12345)
    mixed = (mixed ^ (mixed << np.int64(13))) * np.int64(2862933555777941757)
    mixed = (mixed ^ ((mixed >> np.int64(29)) & np.int64(0x7FFFFFFFF))) * np.int64(3202034522624059733)
    return mixed ^ ((mixed >> np.int64(32)) & np.int64(0xFFFFFFFF))


@compiled
def trip_key(pair: int, rows: Ints, count: int) -> np.int64:
    """Equal for the same rows in another order."""
    key = np.int64(pair) * np.int64(1000003) + np.int64(17)
    for stop in range(count):
        key += scattered(rows[stop])
    return key


@compiled
def worth_of(ground: Ground, pair: int, rows: Ints, count: int) -> float:
    """c_j of a trip: the promises that it keeps, less its minutes of drive and walks: equation (2)."""
    pairs, land, riders = ground.pairs, ground.land, ground.riders
    car, event = pairs.car[pair], pairs.event[pair]
    kept = ground.cars.told_bonus[car] if ground.cars.told_event[car] == event else 0.0
    minutes, front = 0.0, ground.cars.place[car]
    for stop in range(count):
        row = rows[stop]
        rider = ground.rows.rider[row]
        minutes += leg(land, front, ground.rows.place[row]) + ground.rows.dwell[row] + ground.rows.walk[row]
        front = ground.rows.place[row]
        if riders.told_car[rider] == car and riders.told_event[rider] == event:
            kept += riders.told_bonus[rider]
    return kept - ground.cost * (minutes + leg(land, front, ground.events.place[event]))


@inlined
def value_at(ground: Ground, prices: Prices, pool: Pool, rho: Floats, car: int, slot: int) -> float:
    """What a trip of the pool is worth at these prices: minus its reduced cost, equation (18)."""
    event = ground.pairs.event[pool.pair[car, slot]]
    value = prices.mu[event] * pool.people[car, slot] + pool.worth[car, slot] - prices.wheel[car]
    for stop in range(pool.stops[car, slot]):
        value -= rho[ground.rows.rider[pool.row[car, slot, stop]]]
    return value


@compiled
def add_trip(ground: Ground, pool: Pool, car: int, pair: int, rows: Ints, count: int, values: Floats) -> bool:
    """Put a trip into the pool, in place of the car's least valuable if there is no room. Whether it is new.

    `values` are those of the car's trips; a new one's is set so that it stays for now.
    """
    key, worth = trip_key(pair, rows, count), worth_of(ground, pair, rows, count)
    have, slots = pool.size[car], pool.pair.shape[1]
    slot, new = -1, True
    for place in range(have):
        if pool.key[car, place] == key:
            if worth <= pool.worth[car, place]:
                return False
            slot, new = place, False
    if slot < 0 and have < slots:
        slot = have
        pool.size[car] = have + 1
    elif slot < 0:
        slot = 0
        for place in range(1, slots):
            if values[place] < values[slot]:
                slot = place
    people = ground.cars.party[car]
    for stop in range(count):
        pool.row[car, slot, stop] = rows[stop]
        people += ground.rows.party[rows[stop]]
    pool.pair[car, slot], pool.stops[car, slot], pool.people[car, slot] = pair, count, people
    pool.worth[car, slot], pool.key[car, slot] = worth, key
    values[slot] = math.inf
    return new


@compiled
def room_in(ground: Ground, pair: int) -> int:
    """Seats for riders in the pair's trips, by the car and by the event's capacity; below 0: not even the driver."""
    car = ground.pairs.car[pair]
    room = ground.events.capacity[ground.pairs.event[pair]] - ground.cars.party[car]
    return min(ground.cars.seats[car], room)


@compiled
def price_car(
    ground: Ground,
    prices: Prices,
    rho: Floats,
    pool: Pool,
    car: int,
    margin: float,
    effort: Effort,
    s: Scratch,
) -> tuple[float, float, int]:
    """Find the car's best trips at these prices, one a pair, and put the new ones into the pool.

    Looked for are those worth more than the best known less `margin`. Returns the value of the best, one that no trip
    of the car exceeds, and how many trips are new. Staying at home is worth 0, but is no choice for a pinned driver.
    """
    first, last = ground.pairs.first[car], ground.pairs.first[car + 1]
    values, tops, known = s.value_in_pool, s.top, s.known
    best = NOTHING if ground.cars.pinned[car] else 0.0
    for pair in range(first, last):
        known[pair - first] = NOTHING
    for slot in range(pool.size[car]):
        values[slot] = value_at(ground, prices, pool, rho, car, slot)
        best = max(best, values[slot])
        place = pool.pair[car, slot] - first
        known[place] = max(known[place], values[slot])
    for pair in range(first, last):
        seats = room_in(ground, pair)
        tops[pair - first] = root_ceiling(ground, prices, pair, seats, s) if seats >= 0 else NOTHING
    most, added = best, 0
    place = next_best(tops, last - first)
    while place >= 0:
        if tops[place] <= best - margin + EQUAL:
            most = max(most, tops[place])
            break
        tops[place] = NOTHING
        pair, floor = first + place, max(best - margin, known[place])
        value, count, top, _ = best_trip(ground, prices, pair, room_in(ground, pair), floor, effort, s)
        if count >= 0:
            if add_trip(ground, pool, car, pair, s.best, count, values):
                added += 1
            best = max(best, value)
        most = max(most, top)
        place = next_best(tops, last - first)
    return best, max(best, most), added


@compiled
def price_cars(
    ground: Ground,
    prices: Prices,
    rho: Floats,
    pool: Pool,
    cars: Ints,
    margin: float,
    effort: Effort,
    s: Scratch,
    found: Floats,
) -> None:
    """The same for many cars; `found` gets a row (best value, ceiling, trips added) for each of the instance's."""
    for car in cars:
        best, most, added = price_car(ground, prices, rho, pool, car, margin, effort, s)
        found[car, 0], found[car, 1], found[car, 2] = best, most, added


@compiled
def reduced_worths(ground: Ground, prices: Prices, rho: Floats, pool: Pool, values: Floats) -> None:
    """What every trip of the pool is worth at these prices, (cars, slots)."""
    for car in range(len(pool.size)):
        for slot in range(pool.size[car]):
            values[car, slot] = value_at(ground, prices, pool, rho, car, slot)
