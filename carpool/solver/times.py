"""Minutes between places for the inner loops: single legs, remembered, and legs between one place and many."""

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from carpool.geo.place import EARTH_RADIUS_KM, on_the_sphere
from carpool.geo.travel import RoadTravel, crossing_minutes, gb_road_minutes_array
from carpool.instance import Instance

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

REMEMBERED_LEGS = 1_500_000
"""About 200 MB of legs; then the memory is emptied."""


class Times:
    """Minutes of the drive from place to place (t_ij), places counted as the travel model does.

    `triangle` is the travel model's word on whether a detour can never be a short cut.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.travel = instance.travel
        self.triangle = self.travel.triangle
        self.symmetric = isinstance(self.travel, RoadTravel)
        self.size = len(instance.places)
        self._legs: dict[int, float] = {}

    def leg(self, origin: int, destination: int) -> float:
        """Minutes from one place to another, the very float that the judge gets; `math.inf` for no way."""
        key = origin * self.size + destination
        minutes = self._legs.get(key)
        if minutes is None:
            if len(self._legs) >= REMEMBERED_LEGS:
                self._legs.clear()
            minutes = self._legs[key] = self.travel.minutes(origin, destination)
        return minutes

    def many(self, places: Sequence[int]) -> "Many":
        """These places as the far ends of many legs."""
        if isinstance(self.travel, RoadTravel):
            return _ManyByRoad(self, places)
        return Many(self, places)

    @cached_property
    def points(self) -> Floats:
        """All places on the unit sphere, an array (3, places)."""
        return on_the_sphere(self.instance.places)


class Many:
    """The far ends of many legs: m places. Equal to `Times.leg` to 1e-9 of a minute."""

    def __init__(self, times: Times, places: Sequence[int]) -> None:
        self.times = times
        self.places = np.asarray(places, dtype=np.intp)

    def reached_from(self, origin: int, within: float = math.inf) -> Floats:
        """Minutes from `origin` to each place, an array (m,); those over `within` may be infinite instead."""
        row: Floats = self.times.travel.table([origin], self.places.tolist())[0]
        return row

    def reaching(self, destination: int, within: float = math.inf) -> Floats:
        """Minutes from each place to `destination`."""
        column: Floats = self.times.travel.table(self.places.tolist(), [destination])[:, 0]
        return column

    def grid(
        self, origins: Rows, rows: Rows, within: Floats, beside: Floats
    ) -> tuple[Rows, Rows, Floats, Floats]:
        """The legs between n `origins` and those of the places that `rows` number, there and back, that are short enough.

        Numbers i and j of origin and row, the minutes to and from the place: at least all with minutes to it of at most
        `within[i]` − `beside[j]`.
        """
        places = self.places[rows].tolist()
        to = self.times.travel.table(origins.tolist(), places)
        fro = self.times.travel.table(places, origins.tolist()).T
        i, j = np.nonzero(to <= within[:, None] - beside[None, :])
        return i, j, to[i, j], fro[i, j]


class _ManyByRoad(Many):
    """The same by `gb-road-1`, which is symmetric: chords first, because most places are out of reach of a car.

    The chord of two points of the unit sphere is 2 sin(g / 2R), g their great-circle distance.
    """

    def __init__(self, times: Times, places: Sequence[int]) -> None:
        super().__init__(times, places)
        self.points = np.ascontiguousarray(times.points[:, self.places])
        names = sorted({place.island for place in times.instance.places} - {None}, key=str)
        self.islands: list[str | None] = [None, *names]
        crossings = times.instance.crossings
        self._between = np.array(
            [[crossing_minutes(a, b, crossings) for b in self.islands] for a in self.islands]
        )
        self.island = self._island_of(self.places)

    def reached_from(self, origin: int, within: float = math.inf) -> Floats:
        x, y, z = self.times.points[:, origin]
        squared = (self.points[0] - x) ** 2 + (self.points[1] - y) ** 2 + (self.points[2] - z) ** 2
        minutes = np.full(len(self.places), np.inf)
        near = np.flatnonzero(squared <= _farthest_chord(within) ** 2)
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(squared[near]) / 2))
        minutes[near] = gb_road_minutes_array(km)
        if len(self.islands) > 1:
            minutes[near] += self._between[self._island_of(np.array([origin]))[0], self.island[near]]
        return minutes

    def reaching(self, destination: int, within: float = math.inf) -> Floats:
        return self.reached_from(destination, within)

    def grid(
        self, origins: Rows, rows: Rows, within: Floats, beside: Floats
    ) -> tuple[Rows, Rows, Floats, Floats]:
        there, here = self.points[:, rows], self.times.points[:, origins]
        # The square of a chord is 2 − 2 · the scalar product; the distances are rounded up by far more than its noise.
        farthest = 1 - _farthest_chords(within - beside.min(initial=0.0)) ** 2 / 2
        nearest = 1 - _farthest_chords(within.max(initial=0.0) - beside) ** 2 / 2
        i, j = np.nonzero(here.T @ there >= np.maximum(farthest[:, None], nearest[None, :]))
        squared = ((here[:, i] - there[:, j]) ** 2).sum(axis=0)
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(squared) / 2))
        minutes = gb_road_minutes_array(km)
        if len(self.islands) > 1:
            minutes += self._between[self._island_of(origins)[i], self.island[rows[j]]]
        return i, j, minutes, minutes

    def _island_of(self, places: Rows) -> Rows:
        number = {island: n for n, island in enumerate(self.islands)}
        return np.array(
            [number[self.times.instance.places[p].island] for p in places.tolist()], dtype=np.intp
        )


_KM = np.arange(0.0, 2001.0)
_MINUTES = gb_road_minutes_array(_KM)


def _farthest_chord(minutes: float) -> float:
    """A chord that no place within so many minutes of road exceeds: the distance is rounded up to a whole kilometre."""
    return float(_farthest_chords(np.array([minutes]))[0])


def _farthest_chords(minutes: Floats) -> Floats:
    steps = np.searchsorted(_MINUTES, minutes + 1e-6)
    chords = 2 * np.sin(_KM[np.minimum(steps, len(_KM) - 1)] / (2 * EARTH_RADIUS_KM)) * (1 + 1e-9)
    return np.where(steps >= len(_KM), 2.0, chords)
