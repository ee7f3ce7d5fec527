"""Trips that were promised, put together again from as many of their riders as can still come."""

from carpool.solver.kernels.compiled import compiled
from carpool.solver.kernels.ground import Floats, Ground, Ints, Shorts
from carpool.solver.kernels.pool import room_in
from carpool.solver.kernels.pricing import best_trip
from carpool.solver.kernels.scratch import Effort, Prices, Scratch

WELCOME = 1e3
"""What somebody is worth in the car that they were promised."""


@compiled
def keep_trips(
    ground: Ground,
    prices: Prices,
    pairs: Ints,
    first: Ints,
    riders: Ints,
    floor: float,
    effort: Effort,
    s: Scratch,
    stops: Ints,
    rows: Shorts,
) -> None:
    """For each of these pairs the best trip with its `riders`, listed from its `first`: how many `stops`, and their `rows`.

    -1 stops: there is none. At `prices` nobody is worth having; those of the pair are made so for as long as it is looked at.
    """
    for number, pair in enumerate(pairs):
        stops[number] = -1
        room = room_in(ground, pair)
        if room < 0:
            continue
        promised = riders[first[number] : first[number + 1]]
        welcome(ground, prices.gain, promised, WELCOME)
        _, stops[number], _, _ = best_trip(ground, prices, pair, room, floor, effort, s)
        welcome(ground, prices.gain, promised, floor)
        for stop in range(stops[number]):
            rows[number, stop] = s.best[stop]


@compiled
def welcome(ground: Ground, gain: Floats, riders: Ints, worth: float) -> None:
    """Set what these riders bring, wherever they are picked up."""
    for rider in riders:
        gain[ground.riders.first[rider] : ground.riders.first[rider + 1]] = worth
