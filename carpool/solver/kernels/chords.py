"""Squares of chords that are certainly within, and certainly beyond, so many minutes of road: comparing needs no road then."""

from functools import cache
from typing import NamedTuple

import numpy as np

from carpool.geo.place import EARTH_RADIUS_KM
from carpool.geo.travel import gb_road_minutes_array
from carpool.solver.kernels.compiled import inlined
from carpool.solver.kernels.ground import Floats

STEPS_A_MINUTE = 8
"""How finely time is tabulated."""

LONGEST_HOURS = 24
"""Beyond this the tables are not continued: the minutes are compared themselves."""


class Reaches(NamedTuple):
    """The squares by steps of time."""

    within: Floats
    beyond: Floats


@inlined
def squared_chord(points: Floats, a: int, b: int) -> float:
    """Of two places on the unit sphere."""
    x, y, z = points[a, 0] - points[b, 0], points[a, 1] - points[b, 1], points[a, 2] - points[b, 2]
    return x * x + y * y + z * z


@inlined
def step_of(minutes: float, table: Floats) -> int:
    """Where the tables speak of so many minutes, 0 or more."""
    return min(int(minutes * STEPS_A_MINUTE), len(table) - 1)


@cache
def reaches() -> Reaches:
    """The tables, rounded to the safe side by a table of fifty metres."""
    km = np.arange(0.0, 2001.0, 0.05)
    minutes = gb_road_minutes_array(km)
    steps = np.arange(LONGEST_HOURS * 60 * STEPS_A_MINUTE) / STEPS_A_MINUTE
    near = km[np.maximum(np.searchsorted(minutes, steps) - 1, 0)]
    last = np.searchsorted(minutes, steps + 1.0 / STEPS_A_MINUTE)
    far = np.where(last < len(km), km[np.minimum(last, len(km) - 1)], np.inf)
    # The longest time of the tables stands for all that is longer.
    far[-1] = np.inf
    return Reaches(_squares(near) * (1 - 1e-9), _squares(far) * (1 + 1e-9))


def _squares(km: Floats) -> Floats:
    """The squares of the chords of arcs of so many kilometres on the unit sphere."""
    angle = np.minimum(km / EARTH_RADIUS_KM, np.pi)
    squares: Floats = np.where(np.isinf(km), np.inf, 4 * np.sin(angle / 2) ** 2)
    return squares
