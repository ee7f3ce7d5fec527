"""A curve that visits the map cell by cell, so that neighbours along it are mostly neighbours on the map (Morton 1966)."""

import numpy as np
from numpy.typing import NDArray

BITS = 20


def along_the_curve(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where on the curve each cell is, by its column and row from 0 to 2^20 - 1: their bits in turn, the column's first."""
    place = np.zeros(x.shape, np.int64)
    for bit in range(BITS):
        place |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1)
    return place
