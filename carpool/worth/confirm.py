"""How much the score of a plan rises with one more car: the people around it are matched anew, with and without it.

Both matches are proven best ones over all trips of these people, so that their difference is the car's own doing and no
accident of a search. All other trips are held: the rise is one that a plan of the whole has.
"""

import math
from collections.abc import Callable, Sequence

from carpool.instance import Driver
from carpool.solver.candidates import Scene, make_scene
from carpool.solver.column import Column, column_of, total_score
from carpool.solver.data import compile_data
from carpool.solver.enumeration import all_columns
from carpool.solver.exact import best_packing
from carpool.solver.growth import USUAL_BUDGET, Meter
from carpool.solver.stop import Clock
from carpool.worth.car import CarWorth
from carpool.worth.neighbourhood import Neighbourhoods, Part

ATTEMPTS = ((120, 0.4), (60, 0.7), (30, 1.0), (12, math.inf))
"""How many people are matched anew, and the share of the time by which it must be done, else fewer are tried. The last is a
matter of milliseconds, and is tried whatever the time."""

PROVEN = 1e-8
"""A match this close to its bound counts as the best: far below what two plans differ by."""


def confirmed_rise(
    around: Neighbourhoods, driver: Driver, worth: CarWorth, seconds: float | None, stop: Callable[[], bool]
) -> float | None:
    """By how much the score rises with the driver, at least 0; None: `stop` said so, or a dozen people have too many trips."""
    clock = Clock(seconds, stop)
    for people, share in ATTEMPTS:
        rise = _rise(around.around(driver, worth, people), driver, clock, share)
        if rise is not None or clock.asked():
            return rise
    return None


def _rise(part: Part, driver: Driver, clock: Clock, share: float) -> float | None:
    """The difference between the best matches of these people, None if one of them was not found in time."""
    scene = make_scene(compile_data(part.instance))
    columns = all_columns(scene, Meter(USUAL_BUDGET, lambda: clock.over(share)))
    if columns is None:
        return None
    new = scene.data.instance.index[driver.id]
    start = [column_of(scene.data, scene.limits, trip) for trip in part.trips]
    old = _best(scene, [column for column in columns if column.driver != new], start, clock, share)
    if old is None:
        return None
    best = _best(scene, columns, old, clock, share)
    if best is None:
        return None
    return max(0.0, total_score(scene.data, best) - total_score(scene.data, old))


def _best(
    scene: Scene, columns: Sequence[Column], start: Sequence[Column], clock: Clock, share: float
) -> Sequence[Column] | None:
    """The proven best choice of these trips."""
    if clock.over(share):
        return None
    packing = best_packing(scene.data, columns, start, _left(clock, share), clock.asked)
    if packing.columns is None or packing.bound - total_score(scene.data, packing.columns) > PROVEN:
        return None
    return packing.columns


def _left(clock: Clock, share: float) -> float | None:
    """Seconds until this share of the time is used, None without a limit or for an infinite share."""
    return None if math.isinf(share) else clock.left(share)
