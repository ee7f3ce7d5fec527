"""The coast: whole, in frame, and light enough for a telephone."""

import gzip
import json
from itertools import pairwise

import pytest

from api.pictures import coast
from carpool.geo.constituency import constituencies

pytestmark = pytest.mark.skipif(
    not coast.ATLAS.is_file(), reason="the front end's libraries were not fetched"
)
KILOBYTES = 60


def test_every_ring_is_closed_and_in_the_frame() -> None:
    for ring in coast.rings():
        assert ring[0] == ring[-1]
        assert all(coast.WEST <= x <= coast.EAST and coast.SOUTH <= y <= coast.NORTH for x, y in ring)


def test_people_live_on_land() -> None:
    shores = coast.rings(coast.UNITED_KINGDOM)
    at_sea = [
        one.name
        for one in constituencies()
        if not any(_holds(ring, one.place.lon, one.place.lat) for ring in shores)
    ]
    # Some live closer to the shore than the atlas is exact, or on an island that it leaves out.
    assert len(at_sea) < 25, at_sea


def _holds(ring: coast.Ring, x: float, y: float) -> bool:
    """Whether a point lies within: a line from it to the east crosses the shore an odd number of times."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def test_a_browser_gets_one_small_shape() -> None:
    shape = json.loads(coast.geojson())
    assert shape["type"] == "MultiPolygon" and len(shape["coordinates"]) == len(coast.rings())
    assert len(gzip.compress(coast.geojson())) < KILOBYTES * 1024
