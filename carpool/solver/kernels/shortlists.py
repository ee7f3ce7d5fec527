"""Shortlists: of each pair's candidates those who can be in a better trip than the car has, if people were a little cheaper."""

from carpool.solver.kernels.compiled import compiled
from carpool.solver.kernels.ground import Floats, Ground, Ints, Shorts
from carpool.solver.kernels.pool import Pool, room_in, value_at
from carpool.solver.kernels.pricing import root_ceiling
from carpool.solver.kernels.profit import gather, is_required, keep_best
from carpool.solver.kernels.scratch import NOTHING, Prices, Scratch

AT_ALL_COSTS = 1e9
"""Minutes by which the detour for somebody who has to come along seems shorter."""


@compiled
def shorten_lists(
    ground: Ground,
    prices: Prices,
    cheaper: Prices,
    rho: Floats,
    pool: Pool,
    cars: Ints,
    s: Scratch,
    counts: Ints,
    rows: Shorts,
) -> None:
    """For every pair of these cars at most so many candidates as `rows`, (pairs, most), has room for, and how many.

    A candidate is on the list if at the `cheaper` prices a trip can be worth more with it than the car's best of the pool at
    `prices`; where there are too many, those with much profit and little detour are.
    """
    most = rows.shape[1]
    for car in cars:
        best = NOTHING if ground.cars.pinned[car] else 0.0
        for slot in range(pool.size[car]):
            best = max(best, value_at(ground, prices, pool, rho, car, slot))
        for pair in range(ground.pairs.first[car], ground.pairs.first[car + 1]):
            counts[pair] = 0
            seats = min(room_in(ground, pair), len(s.density) - 2)
            if seats < 0 or root_ceiling(ground, cheaper, pair, seats, s) <= best:
                continue
            count = gather(ground, cheaper, pair, seats, best, False, s)
            if count > most:
                for index in range(count):
                    if is_required(ground, car, s.rider[index]):
                        s.home[index] = -AT_ALL_COSTS
                keep_best(count, most, s)
                count = most
            counts[pair] = count
            for index in range(count):
                rows[pair, index] = s.row[index]
