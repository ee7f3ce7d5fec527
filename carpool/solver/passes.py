"""First prices: a few passes over all cars in small batches, each batch raising the prices of what it wants too much of."""

from collections.abc import Callable

import numpy as np

from carpool.solver.kernels.ground import Floats, Ints
from carpool.solver.kernels.scratch import Effort
from carpool.solver.kernels.smooth import TAIL, choices, list_options, new_options
from carpool.solver.pricing import QUICK, Duals, Pricer

BATCHES = 16
FIRST_STEP, DECAY = 0.3, 0.3
EVENT_STEP = 3.0
MOST_EVENT_STEP = 0.1
COLD = 1e-3
"""A heat at which a car all but takes its best trip."""


def first_prices(
    pricer: Pricer, passes: int, seed: int, over: Callable[[], bool], effort: Effort = QUICK
) -> Duals:
    """Prices after so many passes of a subgradient method in batches; every best trip goes into the pool."""
    field, random = pricer.field, np.random.default_rng(seed)
    events, riders = field.ground.events, field.ground.riders
    free = riders.pin < 0
    rho, mu = np.zeros(len(field.riders)), 0.9 * events.weight
    mean, weights = Duals(rho, mu), 0.0
    batches = max(1, min(BATCHES, len(pricer.cars) // 8))
    for number in range(1, passes + 1):
        if over():
            break
        step = FIRST_STEP / (1 + DECAY * number)
        for cars in np.array_split(random.permutation(pricer.cars), batches):
            pricer.price(Duals(rho, mu), 0.0, effort, np.sort(cars))
            wanted, people = _choices(pricer, Duals(rho, mu), np.sort(cars))
            rho = np.where(free, np.maximum(0.0, rho + step * riders.party * (wanted - 1.0 / batches)), 0.0)
            let_in = pricer.places.full * (events.weight > mu) + pricer.places.half * (events.weight / 2 > mu)
            size = np.maximum(pricer.places.full + pricer.places.half, 1.0)
            change = np.clip(
                step * EVENT_STEP * (let_in / batches - people) / size, -MOST_EVENT_STEP, MOST_EVENT_STEP
            )
            mu = np.clip(mu + change, 0.0, events.weight)
        weights += number**2
        share = number**2 / weights
        mean = Duals(mean.rho + share * (rho - mean.rho), mean.mu + share * (mu - mean.mu))
    return mean


def _choices(pricer: Pricer, duals: Duals, cars: Ints) -> tuple[Floats, Floats]:
    """How many of these cars want each rider, and how many people they bring to each event, by their best trips."""
    ground, pool = pricer.field.ground, pricer.pool
    wanted, people = np.zeros(len(pricer.field.riders)), np.zeros(len(ground.events.place))
    room, options = np.zeros(pool.pair.shape[1]), new_options(pool, cars)
    prices, places = duals.prices(pricer.field), ground.events.capacity
    list_options(ground, prices, duals.rho, pool, cars, places, TAIL * COLD, options, room)
    choices(options, duals.mu, duals.rho, COLD, wanted, people, np.zeros(2), room)
    return wanted, people
