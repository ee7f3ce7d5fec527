"""Diving: a plan from prices. The surest trips are fixed, the rest of the problem is priced anew, and so on to the end.

Diving with column generation, after Sadykov et al. (2019): the prices of what is left follow every decision, so that the
last cars find riders and places that still fit together.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from carpool.solver.kernels.ground import Ints
from carpool.solver.kernels.scratch import Effort
from carpool.solver.kernels.search import TAKEN, Draft, put_in
from carpool.solver.kernels.smooth import favourites
from carpool.solver.master import Master
from carpool.solver.pricing import QUICK, Duals

SURE = 0.95
"""A trip of this share is fixed whatever its turn."""


@dataclass(frozen=True)
class Pace:
    """How fast to dive, and the work done between steps.

    A step fixes a `share` of the cars left, though no fewer than the part `least` of those that there were.
    """

    share: float = 0.15
    least: float = 0.02
    heat: float = 0.025
    steps: int = 60
    effort: Effort = QUICK


def dive(master: Master, draft: Draft, duals: Duals, pace: Pace, over: Callable[[], bool]) -> None:
    """Complete the draft. When `over` says so, what is fixed by then stands."""
    pricer = master.pricer
    cars = _able(master, draft, pricer.cars)
    master.restrict(cars, draft)
    least = int(pace.least * len(cars))
    while (
        len(cars)
        and not over()
        and _fix(master, draft, duals, cars, max(least, int(pace.share * len(cars)), 1), pace.heat)
    ):
        cars = _able(master, draft, cars)
        duals = Duals(np.where(draft.owner >= 0, TAKEN, duals.rho), duals.mu)
        master.restrict(cars, draft)
        pricer.price(duals, 0.0, pace.effort, cars)
        duals = master.improve(duals, pace.heat, pace.steps)
    master.restrict(pricer.cars, None)


def _able(master: Master, draft: Draft, cars: Ints) -> Ints:
    """Those of the cars that have no trip and whose driver is not in another."""
    own = master.field.ground.cars.rider[cars]
    riding = np.append(draft.owner, -1)[own] >= 0
    return cars[(draft.pair[cars] < 0) & ~riding]


def _fix(master: Master, draft: Draft, duals: Duals, cars: Ints, most: int, heat: float) -> int:
    """Fix the surest trips, at most so many and all that are nearly certain; returns how many."""
    ground, pool = master.field.ground, master.pricer.pool
    slots, shares = np.full(len(master.field.cars), -1, np.int64), np.zeros(len(master.field.cars))
    room = np.zeros(pool.pair.shape[1])
    favourites(
        ground, duals.prices(master.field), duals.rho, pool, cars, master.left, heat, slots, shares, room
    )
    going = cars[slots[cars] >= 0]
    order = going[np.argsort(-shares[going], kind="stable")]
    fixed = 0
    for place, car in enumerate(order.tolist()):
        if place >= most and shares[car] < SURE:
            break
        slot = int(slots[car])
        rows = pool.row[car, slot].astype(np.int64)
        if _is_free(master, draft, car, slot, rows):
            stops, worth = int(pool.stops[car, slot]), float(pool.worth[car, slot])
            put_in(ground, draft, car, int(pool.pair[car, slot]), rows, stops, worth)
            fixed += 1
    return fixed


def _is_free(master: Master, draft: Draft, car: int, slot: int, rows: Ints) -> bool:
    """Whether everybody in this trip is in no car, and there is room at its event."""
    ground, pool = master.field.ground, master.pricer.pool
    event = ground.pairs.event[pool.pair[car, slot]]
    own = ground.cars.rider[car]
    riders = ground.rows.rider[rows[: pool.stops[car, slot]]]
    return bool(
        (draft.owner[riders] < 0).all()
        and (own < 0 or draft.owner[own] < 0)
        and draft.crowd[event] + pool.people[car, slot] <= ground.events.capacity[event]
    )


def share_a_step(steps: int, left: float) -> float:
    """The share to fix in a step so that after so many steps a part `left` of the cars is left."""
    return float(1.0 - left ** (1.0 / max(1, steps)))
