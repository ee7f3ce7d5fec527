"""The search for a car's best trip, one pair at a time: the branch and bound over the nodes of `trips`."""

from carpool.solver.kernels.compiled import compiled, inlined
from carpool.solver.kernels.ground import Floats, Ground, least
from carpool.solver.kernels.profit import arrange, base_value, gather, most_profit
from carpool.solver.kernels.scratch import EQUAL, NOTHING, Effort, Prices, Scratch
from carpool.solver.kernels.sharing import can_fill, has_unit, may_precede, rest
from carpool.solver.kernels.trips import (
    closed_value,
    descend,
    extend,
    fits,
    is_next,
    own_ceiling,
    start,
    way_between,
)

SORTED = 1e-9
"""Sums of profits are compared with so much to spare."""


@inlined
def next_best(tops: Floats, count: int) -> int:
    """The place of the largest number; taken out of the game by making it `NOTHING`. -1 when all are."""
    place = -1
    for index in range(count):
        if tops[index] > NOTHING and (place < 0 or tops[index] > tops[place]):
            place = index
    return place


@compiled
def open_ceiling(ground: Ground, pair: int, depth: int, seats: int, known: float, s: Scratch) -> float:
    """The most that any node left open is worth, when the search is given up at this depth."""
    most = known
    while depth >= 0:
        for child in range(s.at[depth], s.length[depth]):
            index = s.list[depth, child]
            if s.load[depth] + s.party[index] <= seats:
                own = own_ceiling(ground, depth, child, s)
                if rest(ground, pair, depth, child, seats, most - own, s):
                    most = own + s.within[seats - s.load[depth] - s.party[index]]
        depth -= 1
    return most


@compiled
def root_ceiling(ground: Ground, prices: Prices, pair: int, seats: int, s: Scratch) -> float:
    """More than this none of the pair's trips is worth: everybody beside the direct drive (equation 20)."""
    home, goal = ground.cars.place[ground.pairs.car[pair]], ground.events.place[ground.pairs.event[pair]]
    direct = ground.cost * least(ground.land, home, goal)
    profit = most_profit(ground, prices, pair, seats, s.density)
    return base_value(ground, prices, pair) - direct + profit


@compiled
def best_trip(
    ground: Ground, prices: Prices, pair: int, seats: int, floor: float, effort: Effort, s: Scratch
) -> tuple[float, int, float, int]:
    """The best of the pair's trips that are worth more than `floor`, with at most so many seats.

    Returns its value (`NOTHING` if there is none), the number of its stops (-1), a value that no trip of the pair
    exceeds but for `effort.slack`, and the nodes looked at. The stops, rows from front to last, are in `s.best`.
    """
    value, count, nodes = NOTHING, -1, 0
    seats = min(seats, len(s.density) - 2)
    limit = root_ceiling(ground, prices, pair, seats, s)
    if limit <= floor + effort.slack:
        return value, count, max(limit, floor), 0
    found = gather(ground, prices, pair, seats, floor + effort.slack, False, s)
    kept = arrange(found, effort.most, s)
    start(ground, prices, pair, kept, seats, s)
    alone = closed_value(ground, pair, 0, s)
    if alone > floor:
        value, count, floor = alone, 0, alone
    strike(ground, pair, seats, floor + effort.slack, s)
    depth, whole = 0, kept == found
    while depth >= 0:
        if s.at[depth] >= s.length[depth]:
            depth -= 1
            continue
        child = s.at[depth]
        s.at[depth] = child + 1
        if not opens(ground, pair, depth, child, seats, floor + effort.slack, s):
            continue
        nodes += 1
        if nodes > effort.nodes:
            s.at[depth] = child
            break
        descend(ground, pair, depth, child, s)
        depth += 1
        worth = closed_value(ground, pair, depth, s)
        if worth > floor + EQUAL:
            value, count, floor = worth, depth, worth
            for level in range(depth):
                s.best[level] = s.row[s.chain[depth - 1 - level]]
        if depth + 2 < len(s.length):
            branch(ground, pair, depth, floor + effort.slack, seats, s)
        else:
            whole = whole and (s.load[depth] == seats or depth >= kept)
    if not whole:
        return value, count, max(floor, limit), nodes
    if depth >= 0:
        return value, count, open_ceiling(ground, pair, depth, seats, floor + effort.slack, s), nodes
    return value, count, floor + effort.slack, nodes


@inlined
def opens(ground: Ground, pair: int, depth: int, child: int, seats: int, floor: float, s: Scratch) -> bool:
    """Whether the node's child can be the very next stop of a trip worth more than `floor`: equation (22) and the rules."""
    need = floor - own_ceiling(ground, depth, child, s)
    if not rest(ground, pair, depth, child, seats, need, s):
        return False
    return fits(ground, pair, depth, s.list[depth, child], s) and (
        ground.triangle or is_next(depth, child, s)
    )


@compiled
def strike(ground: Ground, pair: int, seats: int, floor: float, s: Scratch) -> None:
    """Take out of the root's children who cannot be in a trip worth more than `floor`, until nobody is left to take out."""
    struck = True
    while struck:
        length, kept = s.length[0], 0
        for child in range(length):
            index = s.list[0, child]
            own = s.value[0] + s.profit[index] - ground.cost * (s.home[index] + s.beyond[index])
            if has_unit(ground, pair, index, s) and can_fill(ground, pair, index, seats, floor - own, s):
                s.list[0, kept], s.ride[0, kept], s.drop[0, kept] = index, s.ride[0, child], s.drop[0, child]
                kept += 1
        s.length[0], struck = kept, kept < length


@compiled
def branch(ground: Ground, pair: int, depth: int, floor: float, seats: int, s: Scratch) -> None:
    """Find the children of a node among those of its parent, as far as they can be worth more than `floor`.

    `within` still holds what the parent's other children can bring; it is no less than what this node's can.
    """
    room = seats - s.load[depth]
    if room <= 0:
        return
    above, own = depth - 1, s.chain[depth - 1]
    base = s.value[depth] - ground.cost * s.moving[depth]
    back = s.returning[depth] if s.latest[own] >= 0.0 else -1.0
    last_seat = s.within[room] - s.within[room - 1]
    for place in range(s.length[above]):
        index = s.list[above, place]
        each = s.profit[index] / s.party[index]
        if each < last_seat and base + each + s.within[room - 1] <= floor - SORTED:
            break  # Whoever comes later brings less a seat.
        if s.rider[index] == s.rider[own] or s.party[index] > room:
            continue
        best = base + s.profit[index] + s.within[room - s.party[index]]
        if best <= floor:
            continue
        if not may_precede(ground, pair, index, own, s.elapsed[depth], back, s):
            continue
        way = way_between(ground, depth, index, s) + s.home[index]
        if best - ground.cost * way > floor:
            extend(ground, pair, depth, index, seats, s)
