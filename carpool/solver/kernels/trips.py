"""The best trip of one car to one event at given prices, by branch and bound backwards from the event.

A node is a sequence of stops that ends at the event; its children put one more stop in front. Because the sequence is
built from its end, a rider's time in the car is known as soon as the rider is put in, and only the way from the car's
home to the front stop is still open (equations 18 to 22 of docs/formulation.md).
"""

from typing import NamedTuple

import numpy as np

from carpool.schedule import TOLERANCE_MINUTES
from carpool.solver.kernels.compiled import compiled, inlined
from carpool.solver.kernels.ground import Floats, Ground, Ints, Shorts, least, leg
from carpool.solver.kernels.lists import longest_drop, longest_ride

NOTHING = -1e18
"""The value of no trip at all."""

CACHED = 256
"""Legs between so many of a pair's candidates are remembered during a search."""

EQUAL = 1e-9
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


def new_scratch(sizes: Ints, slots: int = 1) -> Scratch:
    """Room for pairs, trips and cars of these sizes: candidates, stops, seats, pairs of a car; and a pool's slots."""
    n, d, seats, pairs = int(sizes[0]) + 1, int(sizes[1]) + 2, int(sizes[2]) + 2, int(sizes[3]) + 1

    def ints(size: int) -> Ints:
        return np.zeros(size, np.int64)

    return Scratch(
        ints(n), np.zeros(n), ints(n), ints(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), ints(n),
        np.zeros(n), ints(n),
        np.zeros(seats), np.zeros(seats), np.zeros(seats),
        np.zeros((d, n), np.int32), np.zeros((d, n)), np.zeros((d, n)),
        ints(d), ints(d), np.zeros(d), ints(d), np.zeros(d), np.zeros(d), np.zeros(d), ints(d), ints(d), ints(d), ints(d),
        ints(d), ints(d), np.zeros(pairs), np.zeros(pairs), np.zeros(slots), ints(1), ints(CACHED),
        np.zeros((CACHED, CACHED)),
    )  # fmt: skip


@inlined
def base_value(ground: Ground, prices: Prices, pair: int) -> float:
    """What the driver brings to the pair's trips, whoever comes along."""
    car, event = ground.pairs.car[pair], ground.pairs.event[pair]
    bonus = ground.cars.told_bonus[car] if ground.cars.told_event[car] == event else 0.0
    return prices.mu[event] * ground.cars.party[car] + bonus - prices.wheel[car]


@inlined
def profit_of(ground: Ground, prices: Prices, pair: int, row: int) -> float:
    """What the rider of a row brings to the pair's trips, apart from the driving."""
    rider = ground.rows.rider[row]
    profit = prices.mu[ground.pairs.event[pair]] * ground.rows.party[row] + prices.gain[row]
    if ground.riders.told_event[rider] >= 0:
        if ground.riders.told_car[rider] == ground.pairs.car[pair]:
            if ground.riders.told_event[rider] == ground.pairs.event[pair]:
                profit += ground.riders.told_bonus[rider]
    return profit


@inlined
def is_required(ground: Ground, car: int, rider: int) -> bool:
    """Whether this rider is in every trip of the car, by a pin or by being of the driver's unit."""
    unit = ground.riders.unit[rider]
    return ground.riders.pin[rider] == car or (unit >= 0 and unit == ground.cars.unit[car])


@inlined
def pack(density: Floats, count: int, seats: int, value: float, party: int) -> int:
    """Put a rider's value a seat into the sorted list of the best; returns how many seats are taken then."""
    each = value / party
    for _ in range(party):
        if count < seats:
            place = count
            count += 1
        elif each > density[seats - 1]:
            place = seats - 1
        else:
            break
        while place > 0 and density[place - 1] < each:
            density[place] = density[place - 1]
            place -= 1
        density[place] = each
    return count


@compiled
def most_profit(ground: Ground, prices: Prices, pair: int, seats: int, density: Floats) -> float:
    """The most that riders can bring to the pair's trips: the best values a seat, as if people could be divided."""
    count, rider, value, party = 0, -1, 0.0, 1
    pairs, rows = ground.pairs, ground.rows
    mu, told = prices.mu[pairs.event[pair]], len(ground.riders.told_event) > 0
    for index in range(pairs.start[pair], pairs.end[pair]):
        row = pairs.candidate[index]
        profit = profit_of(ground, prices, pair, row) if told else mu * rows.party[row] + prices.gain[row]
        if profit <= EQUAL:
            continue
        if rows.rider[row] != rider:
            if rider >= 0 and (count < seats or value > density[seats - 1] * party):
                count = pack(density, count, seats, value, party)
            rider, value, party = rows.rider[row], profit, rows.party[row]
        elif profit > value:
            value = profit
    if rider >= 0:
        count = pack(density, count, seats, value, party)
    density[count:] = 0.0
    return density[:count].sum()


@compiled
def gather(ground: Ground, prices: Prices, pair: int, seats: int, floor: float, s: Scratch) -> int:
    """The pair's candidates whose trips can be worth more than `floor`; returns how many."""
    pairs, rows, land = ground.pairs, ground.rows, ground.land
    car = pairs.car[pair]
    special = ground.cars.required[car] > 0 or ground.cars.pinned[car]
    direct = least(land, ground.cars.place[car], ground.events.place[pairs.event[pair]])
    base = base_value(ground, prices, pair) - ground.cost * direct
    s.knapsack[0] = 0.0
    for seat in range(seats):
        s.knapsack[seat + 1] = s.knapsack[seat] + s.density[seat]
    count = 0
    for index in range(pairs.start[pair], pairs.end[pair]):
        row = pairs.candidate[index]
        rider, party = rows.rider[row], rows.party[row]
        if party > seats:
            continue
        profit = profit_of(ground, prices, pair, row)
        if ground.riders.unit[rider] < 0 and not (special and is_required(ground, car, rider)):
            if profit <= EQUAL or base + profit + s.knapsack[seats - party] <= floor:
                continue
        home = least(land, ground.cars.place[car], rows.place[row])
        beyond = least(land, rows.place[row], ground.events.place[pairs.event[pair]])
        detour = home + beyond - direct
        if base + profit - ground.cost * detour + s.knapsack[seats - party] <= floor:
            if ground.riders.unit[rider] < 0 and not (special and is_required(ground, car, rider)):
                continue
        s.row[count], s.rider[count], s.party[count], s.profit[count] = row, rider, party, profit
        s.home[count] = detour
        count += 1
    return count


@compiled
def arrange(count: int, most: int, s: Scratch) -> int:
    """Sort the candidates, the most profit a seat first; keep at most `most` (0: all), those on the way sooner.

    `s.home` holds their detours, which are not needed after this.
    """
    if 0 < most < count:
        keep_best(count, most, s)
        count = most
    for index in range(count):
        s.key[index] = 1e-8 * s.home[index] - s.profit[index] / s.party[index]
    gap = 1
    while 3 * gap + 1 < count:
        gap = 3 * gap + 1
    while gap > 0:
        for index in range(gap, count):
            sink(index, gap, s)
        gap //= 3
    return count


@inlined
def sink(index: int, gap: int, s: Scratch) -> None:
    """One step of a shell sort by `s.key`."""
    key, row, rider, party, profit = (
        s.key[index],
        s.row[index],
        s.rider[index],
        s.party[index],
        s.profit[index],
    )
    place = index
    while place >= gap and s.key[place - gap] > key:
        s.key[place], s.row[place], s.rider[place] = (
            s.key[place - gap],
            s.row[place - gap],
            s.rider[place - gap],
        )
        s.party[place], s.profit[place] = s.party[place - gap], s.profit[place - gap]
        place -= gap
    s.key[place], s.row[place], s.rider[place], s.party[place], s.profit[place] = (
        key,
        row,
        rider,
        party,
        profit,
    )


@compiled
def keep_best(count: int, most: int, s: Scratch) -> None:
    """Bring the `most` best candidates to the front: much profit a seat, little detour."""
    kept = 0
    for index in range(count):
        key = DETOUR_WEIGHT * s.home[index] - s.profit[index] / s.party[index]
        if kept == most and key >= s.key[most - 1]:
            continue
        place = min(kept, most - 1)
        kept = min(kept + 1, most)
        while place > 0 and s.key[place - 1] > key:
            s.key[place], s.order[place] = s.key[place - 1], s.order[place - 1]
            place -= 1
        s.key[place], s.order[place] = key, index
    for index in range(1, most):
        place, chosen = index, s.order[index]
        while place > 0 and s.order[place - 1] > chosen:
            s.order[place] = s.order[place - 1]
            place -= 1
        s.order[place] = chosen
    for index in range(most):
        chosen = s.order[index]
        s.row[index], s.rider[index], s.party[index] = s.row[chosen], s.rider[chosen], s.party[chosen]
        s.profit[index], s.home[index] = s.profit[chosen], s.home[chosen]


@compiled
def start(ground: Ground, prices: Prices, pair: int, count: int, seats: int, s: Scratch) -> None:
    """The node without stops: its value and, as its children, the candidates that may be the last stop."""
    pairs, rows, land = ground.pairs, ground.rows, ground.land
    car, event = pairs.car[pair], pairs.event[pair]
    goal, home = ground.events.place[event], ground.cars.place[car]
    s.value[0], s.load[0], s.moving[0] = base_value(ground, prices, pair), 0, 0.0
    s.elapsed[0], s.returning[0], s.front[0], s.last[0], s.missing[0], s.have[0] = 0.0, 0.0, goal, goal, 0, 0
    s.length[0], s.at[0], s.total[0] = 0, 0, min(count, CACHED)
    for index in range(count):
        row = s.row[index]
        s.home[index] = least(land, home, rows.place[row])
        s.homeward[index] = s.home[index] if ground.triangle else least(land, rows.place[row], home)
        s.dwell[index], s.place[index] = rows.dwell[row], rows.place[row]
        s.longest[index] = longest_ride(ground, row, event, TOLERANCE)
        s.latest[index] = longest_drop(ground, row, event, TOLERANCE) if rows.way_back[row] else -1.0
        if index < CACHED:
            s.seen[index] = 0
    for index in range(count):
        extend(ground, pair, 0, index, seats, s)


@inlined
def way_between(ground: Ground, depth: int, index: int, s: Scratch) -> float:
    """The least minutes from a candidate to the front stop of the node; remembered, for most are asked for again."""
    front = s.chain[depth - 1] if depth > 0 else CACHED
    if front >= CACHED or index >= CACHED:
        return least(ground.land, s.place[index], s.front[depth])
    if s.seen[front] == 0:
        s.seen[front] = 1
        for other in range(s.total[0]):
            s.ways[front, other] = -1.0
    if s.ways[front, index] < 0.0:
        s.ways[front, index] = least(ground.land, s.place[index], s.front[depth])
    return s.ways[front, index]


@inlined
def extend(ground: Ground, pair: int, depth: int, index: int, seats: int, s: Scratch) -> bool:
    """Put a candidate among the children of the node, if it may be the next stop in front of the node's or a later one.

    Where a detour can be a short cut a later stop may make up for a long way from here; `is_next` asks about this one.
    """
    pairs, land = ground.pairs, ground.land
    if s.load[depth] + s.party[index] > seats:
        return False
    way, drop, child = way_between(ground, depth, index, s), s.returning[depth], s.length[depth]
    ride = s.elapsed[depth] + way
    if not ride <= s.longest[index] or not ride + s.dwell[index] + s.home[index] <= pairs.longest_out[pair]:
        return False
    if s.latest[index] >= 0.0:
        same = ground.triangle and s.last[depth] == s.front[depth]
        drop += way if same else least(land, s.last[depth], s.place[index])
        if not drop <= s.latest[index]:
            return False
        if not drop + s.dwell[index] + s.homeward[index] <= pairs.longest_back[pair]:
            return False
        if not ground.triangle:
            drop = s.returning[depth] + leg(land, s.last[depth], s.place[index])
    if not ground.triangle:
        ride = s.elapsed[depth] + leg(land, s.place[index], s.front[depth])
    s.list[depth, child], s.ride[depth, child], s.drop[depth, child] = index, ride, drop
    s.length[depth] = child + 1
    return True


@inlined
def is_next(depth: int, child: int, s: Scratch) -> bool:
    """Whether the limits let the child be the very next stop, by the minutes as they are driven."""
    index = s.list[depth, child]
    if not s.ride[depth, child] <= s.longest[index]:
        return False
    return s.latest[index] < 0.0 or s.drop[depth, child] <= s.latest[index]


@inlined
def rest(depth: int, index: int, seats: int, s: Scratch) -> None:
    """`within[n]`: the most profit that n seats can bring by the node's other children, as if people could be divided."""
    room, taken, total, rider = seats - s.load[depth] - s.party[index], 0, 0.0, s.rider[index]
    s.within[0] = 0.0
    for child in range(s.length[depth]):
        other = s.list[depth, child]
        if taken >= room:
            break
        if s.rider[other] == rider or s.profit[other] <= 0.0:
            continue
        each = s.profit[other] / s.party[other]
        for _ in range(s.party[other]):
            if taken < room:
                taken += 1
                total += each
                s.within[taken] = total
    while taken < room:
        taken += 1
        s.within[taken] = total


@compiled
def fits(ground: Ground, pair: int, depth: int, index: int, s: Scratch) -> bool:
    """Whether a candidate gets on with the riders of the node and the car has what all of them need."""
    riders, social, rider = ground.riders, ground.social, s.rider[index]
    wish = riders.wish[rider]
    plain = riders.apart_first[rider] == riders.apart_first[rider + 1]
    for level in range(depth):
        other = s.rider[s.chain[level]]
        if other == rider or not social.mixes[riders.manner[rider], riders.manner[other]]:
            return False
        if not plain:
            for enemy in riders.apart[riders.apart_first[rider] : riders.apart_first[rider + 1]]:
                if enemy == other:
                    return False
    for need in social.needs[social.needs_first[wish] : social.needs_first[wish + 1]]:
        taken = 0
        for level in range(depth):
            others = riders.wish[s.rider[s.chain[level]]]
            for also in social.needs[social.needs_first[others] : social.needs_first[others + 1]]:
                taken += also == need
        if taken >= social.offers[ground.cars.offer[ground.pairs.car[pair]], need]:
            return False
    return True


@compiled
def descend(ground: Ground, pair: int, depth: int, child: int, s: Scratch) -> None:
    """Make the node's child the node at the next depth, without children yet."""
    pairs, rows, riders = ground.pairs, ground.rows, ground.riders
    index, car = s.list[depth, child], pairs.car[pair]
    row, rider, below = s.row[index], s.rider[index], depth + 1
    ride, drop = s.ride[depth, child], s.drop[depth, child]
    s.chain[depth] = index
    s.value[below] = s.value[depth] + s.profit[index]
    s.load[below] = s.load[depth] + s.party[index]
    s.moving[below] = s.moving[depth] + ride - s.elapsed[depth]
    s.elapsed[below] = ride + rows.dwell[row]
    s.front[below] = rows.place[row]
    s.returning[below], s.last[below] = s.returning[depth], s.last[depth]
    if rows.way_back[row]:
        s.returning[below], s.last[below] = drop + rows.dwell[row], rows.place[row]
    unit = riders.unit[rider]
    s.missing[below], s.have[below] = s.missing[depth], s.have[depth]
    if ground.cars.required[car] > 0 and is_required(ground, car, rider):
        s.have[below] += 1
    if unit >= 0:
        present = 0
        for level in range(depth):
            present += riders.unit[s.rider[s.chain[level]]] == unit
        if present == 0:
            s.missing[below] += ground.social.unit_size[unit] - (ground.cars.unit[car] == unit)
        s.missing[below] -= 1
    s.length[below], s.at[below] = 0, 0


@compiled
def closed_value(ground: Ground, pair: int, depth: int, s: Scratch) -> float:
    """What the node is worth as a trip, `NOTHING` if it is none: equations (3) to (10)."""
    pairs, cars, land = ground.pairs, ground.cars, ground.land
    car = pairs.car[pair]
    if s.missing[depth] > 0 or s.have[depth] < cars.required[car]:
        return NOTHING
    way = leg(land, cars.place[car], s.front[depth])
    if not s.elapsed[depth] + way <= pairs.longest_out[pair]:
        return NOTHING
    if cars.way_back[car]:
        if not s.returning[depth] + leg(land, s.last[depth], cars.place[car]) <= pairs.longest_back[pair]:
            return NOTHING
    return s.value[depth] - ground.cost * (s.moving[depth] + way)


@inlined
def ceiling(ground: Ground, pair: int, depth: int, child: int, seats: int, s: Scratch) -> float:
    """More than this no trip is worth that ends with the node's child and its stops; `rest` was called for the child."""
    index = s.list[depth, child]
    moving = s.moving[depth] + s.ride[depth, child] - s.elapsed[depth]
    room = seats - s.load[depth] - s.party[index]
    return s.value[depth] + s.profit[index] - ground.cost * (moving + s.home[index]) + s.within[room]
