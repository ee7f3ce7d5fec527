"""Minutes of many single legs at once, and places in an order in which neighbours on the map are mostly neighbours."""

import numpy as np
from numpy.typing import NDArray

from carpool.geo.curve import along_the_curve
from carpool.geo.travel import MatrixTravel
from carpool.solver.times import Rows, Times

_CELLS = 1 << 16


class Legs:
    """The drives between places, numbered as the travel model does. Equal to `Times.leg` to 1e-9 of a minute."""

    def __init__(self, times: Times) -> None:
        self.times = times
        self.minutes = times.travel.legs

    def neighbourhood(self, places: Rows) -> "Neighbourhood":
        """These places, to look for some that are near another; None where there is no map."""
        return Neighbourhood(self.times, places, mapped=not isinstance(self.times.travel, MatrixTravel))


class Neighbourhood:
    """Some places along a curve that visits the map cell by cell."""

    def __init__(self, times: Times, places: Rows, mapped: bool) -> None:
        self._times, self._mapped, self._size = times, mapped, len(places)
        x, y, z = times.points
        self._plane = np.array([np.arctan2(y, x), np.arcsin(np.clip(z, -1.0, 1.0))])
        self._least = self._plane.min(axis=1, initial=np.inf)
        self._span = np.maximum(self._plane.max(axis=1, initial=-np.inf) - self._least, 1e-9)
        keys = self._keys(places)
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def around(self, places: Rows, count: int) -> Rows:
        """For each place the numbers of `count` of the neighbourhood's places that lie near it: an array (places, count).

        All of them if they are fewer, or where there is no map.
        """
        count = min(count, self._size) if self._mapped else self._size
        start = np.searchsorted(self._sorted, self._keys(places)) - count // 2
        start = np.clip(start, 0, self._size - count)
        numbers: Rows = self._order[start[:, None] + np.arange(count)]
        return numbers

    def _keys(self, places: Rows) -> NDArray[np.int64]:
        cells = (self._plane[:, places] - self._least[:, None]) / self._span[:, None] * (_CELLS - 1)
        return along_the_curve(*cells.astype(np.int64))
