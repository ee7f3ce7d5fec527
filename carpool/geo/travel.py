"""How long a drive takes: the protocol, the road model `gb-road-1`, and a matrix given with the instance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from carpool.errors import CarpoolError
from carpool.geo.place import EARTH_RADIUS_KM, Place, kilometres, kilometres_table, on_the_sphere

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# minutes = SCALE · (PER_KM·g + TOWN·(1 − e^(−g/TOWN_KM)) + ENDS·(1 − e^(−g/ENDS_KM))), with g in km: a steady
# pace, slow streets at both ends, and setting off and parking, which fade out between neighbours.
SCALE = 1.08
PER_KM = 0.75
TOWN, TOWN_KM = 10.4, 10.3
ENDS, ENDS_KM = 6.8, 3.0


class TravelModel(Protocol):
    """Minutes of driving between the places of one instance.

    An index counts places in the order of the file format: drivers, riders, events, all riders' `places`.
    """

    triangle: bool
    """Whether no way round by a third place is ever shorter than the direct drive."""

    def minutes(self, origin: int, destination: int) -> float:
        """Minutes of the drive, `math.inf` where there is no way, 0 from a place to itself."""
        ...

    def table(self, origins: Sequence[int], destinations: Sequence[int]) -> NDArray[np.float64]:
        """The same for n origins and m destinations, an (n, m) array that agrees with `minutes` to 1e-9."""
        ...

    def legs(self, origins: NDArray[np.intp], destinations: NDArray[np.intp]) -> NDArray[np.float64]:
        """The same for arrays that are broadcast against each other."""
        ...


def gb_road_minutes(km: float) -> float:
    """Minutes on the roads of Great Britain between two points `km` apart as the crow flies (km ≥ 0).

    A fit to published drive times; concave and 0 at 0, so that it obeys the triangle inequality.
    """
    # expm1 keeps all digits between places a few metres apart, where 1 − e^(−x) would lose them.
    town = -TOWN * math.expm1(-km / TOWN_KM)
    ends = -ENDS * math.expm1(-km / ENDS_KM)
    return SCALE * (PER_KM * km + town + ends)


def gb_road_minutes_array(km: NDArray[np.float64]) -> NDArray[np.float64]:
    """`gb_road_minutes` of every element, in an array of the same shape."""
    import numpy as np  # Only whole tables need NumPy; the front page asks for single drives.

    town = -TOWN * np.expm1(-km / TOWN_KM)
    ends = -ENDS * np.expm1(-km / ENDS_KM)
    minutes: NDArray[np.float64] = SCALE * (PER_KM * km + town + ends)
    return minutes


def crossing_minutes(a: str | None, b: str | None, crossings: Mapping[str, float]) -> float:
    """What ferries add to a drive between islands `a` and `b` (None: the mainland); within one, nothing.

    Raises `CarpoolError` for an island that `crossings` does not know.
    """
    if a == b:
        return 0.0
    return sum(_crossing(island, crossings) for island in (a, b) if island is not None)


def road_minutes(a: Place, b: Place, crossings: Mapping[str, float]) -> float:
    """Minutes from `a` to `b`, crossings included. Raises `CarpoolError` for an unknown island."""
    return gb_road_minutes(kilometres(a, b)) + crossing_minutes(a.island, b.island, crossings)


class RoadTravel:
    """`gb-road-1` between given places. Raises `CarpoolError` if an island has no crossing."""

    triangle = True

    def __init__(self, places: Sequence[Place], crossings: Mapping[str, float]) -> None:
        self._places = tuple(places)
        self._crossings = dict(crossings)
        for island in {place.island for place in self._places} - {None}:
            crossing_minutes(island, None, self._crossings)

    def minutes(self, origin: int, destination: int) -> float:
        """Minutes of the drive between two places, by their index."""
        return road_minutes(self._places[origin], self._places[destination], self._crossings)

    def table(self, origins: Sequence[int], destinations: Sequence[int]) -> NDArray[np.float64]:
        """Minutes from each origin to each destination, an (n, m) array."""
        starts = [self._places[index] for index in origins]
        ends = [self._places[index] for index in destinations]
        road = gb_road_minutes_array(kilometres_table(*_degrees(starts), *_degrees(ends)))
        return road + self._surcharges(starts, ends)

    def legs(self, origins: NDArray[np.intp], destinations: NDArray[np.intp]) -> NDArray[np.float64]:
        """Minutes from each origin to each destination; both arrays are broadcast against each other."""
        import numpy as np

        points, island, between = self._arrays
        squared = sum((axis[origins] - axis[destinations]) ** 2 for axis in points)
        minutes = gb_road_minutes_array(
            2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(squared) / 2))
        )
        return minutes + between[island[origins], island[destinations]] if len(between) > 1 else minutes

    @cached_property
    def _arrays(self) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
        """The places on the unit sphere, (3, places), the numbers of their islands, and the crossings between islands."""
        import numpy as np

        names: dict[str | None, int] = {None: 0}
        island = np.array([names.setdefault(place.island, len(names)) for place in self._places], np.intp)
        between = np.array([[crossing_minutes(a, b, self._crossings) for b in names] for a in names])
        return on_the_sphere(self._places), island, between

    def _surcharges(self, starts: Sequence[Place], ends: Sequence[Place]) -> NDArray[np.float64]:
        """The crossings of each pair, (n, m), looked up once for each pair of islands."""
        import numpy as np

        islands: list[str | None] = [None, *sorted({x.island for x in (*starts, *ends)} - {None}, key=str)]
        number = {island: index for index, island in enumerate(islands)}
        between = np.array([[crossing_minutes(a, b, self._crossings) for b in islands] for a in islands])
        rows = np.array([number[x.island] for x in starts], dtype=np.intp)
        columns = np.array([number[x.island] for x in ends], dtype=np.intp)
        surcharges: NDArray[np.float64] = between[rows[:, None], columns[None, :]]
        return surcharges


class MatrixTravel:
    """Minutes from a square matrix, rows from, columns to; None is no way. The diagonal counts as 0.

    Raises `CarpoolError` if the matrix is not square.
    """

    triangle = False

    def __init__(self, minutes: Sequence[Sequence[float | None]]) -> None:
        import numpy as np

        size = len(minutes)
        if any(len(row) != size for row in minutes):
            raise CarpoolError("A matrix of minutes has as many columns as rows.", "travel.minutes")
        filled = [[math.inf if entry is None else entry for entry in row] for row in minutes]
        self._minutes: NDArray[np.float64] = np.array(filled, dtype=np.float64).reshape(size, size)
        np.fill_diagonal(self._minutes, 0.0)

    def minutes(self, origin: int, destination: int) -> float:
        """Minutes of the drive between two places, by their index; `math.inf` for no way."""
        return float(self._minutes[origin, destination])

    def table(self, origins: Sequence[int], destinations: Sequence[int]) -> NDArray[np.float64]:
        """Minutes from each origin to each destination, an (n, m) array."""
        import numpy as np

        chosen: NDArray[np.float64] = self._minutes[np.ix_(_indices(origins), _indices(destinations))]
        return chosen

    def legs(self, origins: NDArray[np.intp], destinations: NDArray[np.intp]) -> NDArray[np.float64]:
        """Minutes from each origin to each destination; both arrays are broadcast against each other."""
        legs: NDArray[np.float64] = self._minutes[origins, destinations]
        return legs


def _crossing(island: str, crossings: Mapping[str, float]) -> float:
    if island not in crossings:
        raise CarpoolError(f"There are no crossing minutes for the island “{island}”.", "crossings")
    return crossings[island]


def _degrees(places: Sequence[Place]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import numpy as np

    latitudes = np.array([place.lat for place in places], dtype=np.float64)
    return latitudes, np.array([place.lon for place in places], dtype=np.float64)


def _indices(places: Sequence[int]) -> NDArray[np.intp]:
    import numpy as np

    return np.asarray(places, dtype=np.intp)  # An empty list would otherwise become an array of floats.
