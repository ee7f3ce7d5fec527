"""Minutes of single pairs of places, and by the road model or not at all between all others."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from carpool.geo.place import Place
from carpool.geo.travel import RoadTravel
from carpool.pairs import Pairs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class PairTravel:
    """The drives that `pairs` knows, between `places`; all others by `gb-road-1`, or none, as `pairs.otherwise` says.

    Neither symmetric nor obeying the triangle inequality. Without a model for the others, islands mean nothing. Raises
    `CarpoolError` if an island has no crossing.
    """

    triangle = False

    def __init__(self, places: Sequence[Place], crossings: Mapping[str, float], pairs: Pairs) -> None:
        self.otherwise = pairs.otherwise is not None
        """Whether there are drives beside those that are known."""
        self.roads = RoadTravel(places if self.otherwise else _ashore(places), crossings)
        """What known drives are measured against, whether or not there are others."""
        self._size = len(places)
        self._pairs = pairs

    def minutes(self, origin: int, destination: int) -> float:
        """Minutes of the drive between two places, by their index; `math.inf` for no way."""
        if origin == destination:
            return 0.0
        wanted = origin * self._size + destination
        at = bisect_left(self._in_order, wanted)
        if at < len(self._in_order) and self._in_order[at] == wanted:
            return self._in_order_minutes[at]
        return self.roads.minutes(origin, destination) if self.otherwise else math.inf

    def table(self, origins: Sequence[int], destinations: Sequence[int]) -> NDArray[np.float64]:
        """Minutes from each origin to each destination, an (n, m) array."""
        import numpy as np

        rows, columns = np.asarray(origins, dtype=np.intp), np.asarray(destinations, dtype=np.intp)
        return self.legs(rows[:, None], columns[None, :])

    def legs(self, origins: NDArray[np.intp], destinations: NDArray[np.intp]) -> NDArray[np.float64]:
        """Minutes from each origin to each destination; both arrays are broadcast against each other."""
        import numpy as np

        keys, minutes = self.sorted
        wanted = np.asarray(origins * self._size + destinations, dtype=np.int64)
        others = self.roads.legs(origins, destinations) if self.otherwise else np.float64(math.inf)
        legs = np.where(origins == destinations, 0.0, others)
        if len(keys):
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            legs = np.where(keys[at] == wanted, minutes[at], legs)
        found: NDArray[np.float64] = legs
        return found

    @cached_property
    def sorted(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The known drives in order, as origin · places + destination, and their minutes."""
        import numpy as np

        pairs = self._pairs
        if not len(pairs):
            return np.zeros(0, np.int64), np.zeros(0)
        keys = np.frombuffer(pairs.origins, dtype=np.int32).astype(np.int64) * self._size
        keys += np.frombuffer(pairs.destinations, dtype=np.int32)
        order = np.argsort(keys, kind="stable")
        return keys[order], np.frombuffer(pairs.minutes)[order]

    @cached_property
    def ratio(self) -> float:
        """So many times the road model no drive undercuts, whatever it passes: 0 and more, at most 1 with other drives.

        The road model obeys the triangle inequality, so what is in proportion to it does as well. Rounded to the safe side.
        """
        import numpy as np

        keys, minutes = self.sorted
        straight = self.roads.legs(*np.divmod(keys, max(1, self._size)))
        apart = straight > 0
        least = float((minutes[apart] / straight[apart]).min(initial=1.0 if self.otherwise else math.inf))
        return (least if math.isfinite(least) else 1.0) * (1 - 1e-9)

    @cached_property
    def _in_order(self) -> array[int]:
        return array("q", self.sorted[0].tobytes())  # Read one by one these are quicker than NumPy's.

    @cached_property
    def _in_order_minutes(self) -> array[float]:
        return array("d", self.sorted[1].tobytes())


class Proportional:
    """The road model times `travel.ratio`: what no drive of `travel`, and no way round, undercuts."""

    triangle = True

    def __init__(self, travel: PairTravel) -> None:
        self._roads, self._ratio = travel.roads, travel.ratio

    def minutes(self, origin: int, destination: int) -> float:
        """At most the minutes from one place to another, by their index."""
        return self._ratio * self._roads.minutes(origin, destination)

    def table(self, origins: Sequence[int], destinations: Sequence[int]) -> NDArray[np.float64]:
        """The same from each origin to each destination, an (n, m) array."""
        return self._ratio * self._roads.table(origins, destinations)

    def legs(self, origins: NDArray[np.intp], destinations: NDArray[np.intp]) -> NDArray[np.float64]:
        """The same for arrays that are broadcast against each other."""
        return self._ratio * self._roads.legs(origins, destinations)


def _ashore(places: Sequence[Place]) -> list[Place]:
    return [Place(place.lat, place.lon) for place in places]
