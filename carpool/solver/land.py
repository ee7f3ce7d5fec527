"""The minutes between places as arrays: a table, or points on the globe with those drives that are known."""

import numpy as np

from carpool.geo.pair_travel import PairTravel
from carpool.geo.travel import MatrixTravel, crossing_minutes
from carpool.solver.data import Data
from carpool.solver.kernels.ground import Floats, Ints, Land, Shorts, shorten


def make_land(data: Data) -> Land:
    """The land of an instance, by its travel model."""
    travel, size = data.instance.travel, len(data.instance.places)
    if isinstance(travel, PairTravel):
        return _with_pairs(data, travel)
    if isinstance(travel, MatrixTravel):
        matrix = travel.table(range(size), range(size))
        low = matrix.copy()
        shorten(low)
        return _land(np.zeros((size, 3)), np.zeros(size, np.int32), np.zeros((1, 1)))._replace(
            matrix=matrix, low=low
        )
    return _mapped(data)


def _mapped(data: Data) -> Land:
    places, crossings = data.instance.places, data.instance.crossings
    islands = [None, *sorted({place.island for place in places} - {None}, key=str)]
    number = {island: n for n, island in enumerate(islands)}
    between = np.array([[crossing_minutes(a, b, crossings) for b in islands] for a in islands])
    island = np.array([number[place.island] for place in places], dtype=np.int32)
    return _land(np.ascontiguousarray(data.times.points.T), island, between)


def _with_pairs(data: Data, travel: PairTravel) -> Land:
    size = len(data.instance.places)
    keys, minutes = travel.sorted
    land = (
        _mapped(data)
        if travel.otherwise
        else _land(np.ascontiguousarray(data.times.points.T), np.zeros(size, np.int32), np.zeros((1, 1)))
    )
    return land._replace(
        first=np.searchsorted(keys, np.arange(size + 1) * size),
        to=(keys % max(1, size)).astype(np.int32),
        given=np.ascontiguousarray(minutes),
        roads=travel.otherwise,
        ratio=travel.ratio,
    )


def _land(points: Floats, island: Shorts, between: Floats) -> Land:
    """Places of which no minutes are known but by road."""
    nowhere = np.zeros((0, 0))
    none: Ints = np.zeros(0, np.int64)
    return Land(
        points, island, between, nowhere, nowhere, none, np.zeros(0, np.int32), np.zeros(0), True, 1.0
    )
