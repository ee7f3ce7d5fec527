"""The best trip of one car to one event at given prices, by branch and bound backwards from the event.

A node is a sequence of stops that ends at the event; its children put one more stop in front. Because the sequence is
built from its end, a rider's time in the car is known as soon as the rider is put in, and only the way from the car's
home to the front stop is still open (equations 18 to 22 of docs/formulation.md).
"""

from carpool.solver.kernels.compiled import compiled, inlined
from carpool.solver.kernels.ground import Ground, least, leg
from carpool.solver.kernels.lists import longest_drop, longest_ride
from carpool.solver.kernels.profit import base_value, is_required
from carpool.solver.kernels.scratch import CACHED, NOTHING, TOLERANCE, Prices, Scratch
from carpool.solver.kernels.sharing import clear


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
        s.beyond[index] = least(land, rows.place[row], goal)
        s.dropped[index] = s.beyond[index] if ground.triangle else least(land, goal, rows.place[row])
        s.longest[index] = longest_ride(ground, row, event, TOLERANCE)
        s.latest[index] = longest_drop(ground, row, event, TOLERANCE) if rows.way_back[row] else -1.0
        if index < CACHED:
            s.seen[index] = 0
    for index in range(count):
        extend(ground, pair, 0, index, seats, s)


@inlined
def way_between(ground: Ground, depth: int, index: int, s: Scratch) -> float:
    """The least minutes from a candidate to the front stop of the node."""
    if depth == 0:
        return s.beyond[index]
    return way(ground, index, s.chain[depth - 1], s)


@inlined
def way(ground: Ground, index: int, front: int, s: Scratch) -> float:
    """The least minutes from one candidate to another; remembered, for most are asked for again."""
    if front >= CACHED or index >= CACHED:
        return least(ground.land, s.place[index], s.place[front])
    clear(front, s)
    if s.ways[front, index] < 0.0:
        s.ways[front, index] = least(ground.land, s.place[index], s.place[front])
    return s.ways[front, index]


@inlined
def extend(ground: Ground, pair: int, depth: int, index: int, seats: int, s: Scratch) -> bool:
    """Put a candidate among the children of the node, if it may be the next stop in front of the node's or a later one.

    Where a detour can be a short cut a later stop may make up for a long way from here; `is_next` asks about this one.
    """
    pairs, land = ground.pairs, ground.land
    if s.load[depth] + s.party[index] > seats:
        return False
    onward, drop, child = way_between(ground, depth, index, s), s.returning[depth], s.length[depth]
    ride = s.elapsed[depth] + onward
    if not ride <= s.longest[index] or not ride + s.dwell[index] + s.home[index] <= pairs.longest_out[pair]:
        return False
    if s.latest[index] >= 0.0:
        same = ground.triangle and s.last[depth] == s.front[depth]
        drop += onward if same else least(land, s.last[depth], s.place[index])
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
def own_ceiling(ground: Ground, depth: int, child: int, s: Scratch) -> float:
    """What a trip that ends with the node's child and its stops is worth at most, but for what others bring to it."""
    index = s.list[depth, child]
    moving = s.moving[depth] + s.ride[depth, child] - s.elapsed[depth]
    return s.value[depth] + s.profit[index] - ground.cost * (moving + s.home[index])
