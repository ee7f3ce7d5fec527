"""Places as the router hears of them: rounded to some hundred metres, so that no door is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from api.routing.candidates import Drives
from carpool.geo.curve import along_the_curve
from carpool.geo.place import Place

Numbers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

DIGITS = 3
"""A thousandth of a degree: 111 metres to the north, 55 to 75 to the east in Great Britain."""


@dataclass(frozen=True)
class Cells:
    """The rounded points, (cells, 2) of latitude and longitude, and the one of each place."""

    points: Floats
    of_place: Numbers

    def __len__(self) -> int:
        return len(self.points)

    def drives(self, drives: Drives) -> Numbers:
        """Each drive as origin · cells + destination, in order and once; none from a cell to itself."""
        origins, destinations = self.of_place[drives[0]], self.of_place[drives[1]]
        apart = origins != destinations
        return np.unique(origins[apart] * len(self) + destinations[apart])

    def name(self, cell: int) -> str:
        """How the wire spells it, and the only thing that is ever told or kept of a place."""
        lat, lon = self.points[cell]
        return f"{lon:.{DIGITS}f},{lat:.{DIGITS}f}"


def cells_of(places: Sequence[Place]) -> Cells:
    """The cells of an instance's places."""
    rounded = np.array([(place.lat, place.lon) for place in places], dtype=np.float64).reshape(-1, 2)
    # Minus nothing would be another name for nothing.
    points, of_place = np.unique(np.round(rounded, DIGITS) + 0.0, axis=0, return_inverse=True)
    return Cells(points, of_place.reshape(-1).astype(np.int64))


def in_order(points: Floats) -> Numbers:
    """The points in an order in which neighbours stand near each other."""
    lows = points.min(axis=0, initial=0.0)
    whole = np.round((points - lows) * 10**DIGITS).astype(np.int64)
    return np.argsort(along_the_curve(whole[:, 0], whole[:, 1]), kind="stable")
