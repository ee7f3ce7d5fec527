"""From the National Grid of Great Britain to degrees."""

from collections.abc import Sequence

import numpy as np

from carpool.geo.place import Place

GRID_EAST, GRID_NORTH = 700_000, 1_300_000
"""Metres; every point of the grid lies below."""


def in_degrees(points: Sequence[tuple[int, int]]) -> list[Place]:
    """The places of pairs of easting and northing, in metres."""
    from pyproj import Transformer  # It takes a while to load, and the rest of the service never needs it.

    # The order (x, y) in and (lon, lat) out, whatever order the registry gives the axes in.
    grid = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    metres = np.array(points, dtype=np.float64).reshape(-1, 2)
    lons, lats = grid.transform(metres[:, 0], metres[:, 1])
    return [Place(lat, lon) for lat, lon in zip(lats.tolist(), lons.tolist(), strict=True)]
