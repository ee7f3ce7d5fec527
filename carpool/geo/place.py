"""A point on the ground and the great-circle distance between two of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carpool.errors import CarpoolError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Place:
    """A point in WGS84 degrees, and the island that a car leaves by a crossing only (None: the mainland).

    Raises `CarpoolError` for a latitude outside ±90, a longitude outside ±180, or either not a number.
    """

    lat: float
    lon: float
    island: str | None = None

    def __post_init__(self) -> None:
        # Written so that a NaN, for which every comparison is false, is refused as well.
        if not -90 <= self.lat <= 90:
            raise CarpoolError("A latitude lies between -90 and 90 degrees.", "lat")
        if not -180 <= self.lon <= 180:
            raise CarpoolError("A longitude lies between -180 and 180 degrees.", "lon")


def kilometres(a: Place, b: Place) -> float:
    """The great-circle distance in km by the haversine formula, exactly 0 for the same point.

    Source: R. W. Sinnott, "Virtues of the haversine", Sky and Telescope 68 (1984).
    """
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    north = math.sin((lat_b - lat_a) / 2)
    east = math.sin((math.radians(b.lon) - math.radians(a.lon)) / 2)
    chord = north * north + math.cos(lat_a) * math.cos(lat_b) * east * east
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def kilometres_table(
    lat_from: NDArray[np.float64],
    lon_from: NDArray[np.float64],
    lat_to: NDArray[np.float64],
    lon_to: NDArray[np.float64],
) -> NDArray[np.float64]:
    """`kilometres` from each of n points to each of m: arrays of degrees in, an (n, m) array of km out."""
    import numpy as np  # NumPy takes a tenth of a second to load: single distances do without.

    rows, columns = np.radians(lat_from)[:, None], np.radians(lat_to)[None, :]
    north = np.sin((columns - rows) / 2)
    east = np.sin((np.radians(lon_to)[None, :] - np.radians(lon_from)[:, None]) / 2)
    chord = north * north + np.cos(rows) * np.cos(columns) * east * east
    distances: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return distances


def on_the_sphere(places: Sequence[Place]) -> NDArray[np.float64]:
    """The places on the unit sphere, an array (3, places). The chord of two of them is 2 sin(g / 2R), g their distance."""
    import numpy as np

    lat = np.radians([place.lat for place in places])
    lon = np.radians([place.lon for place in places])
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
