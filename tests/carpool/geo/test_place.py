"""Distances agree with geopy, one at a time and as a table; a place off the globe is refused."""

import importlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpool.errors import CarpoolError
from carpool.geo.place import EARTH_RADIUS_KM, Place, kilometres, kilometres_table

great_circle = importlib.import_module("geopy.distance").great_circle  # geopy ships no types
latitudes = st.floats(49, 61.5)
longitudes = st.floats(-9, 2.5)
places = st.builds(Place, latitudes, longitudes)


@given(places, places)
def test_kilometres_agree_with_geopy(a: Place, b: Place) -> None:
    expected = great_circle((a.lat, a.lon), (b.lat, b.lon), radius=EARTH_RADIUS_KM).kilometers
    assert kilometres(a, b) == pytest.approx(expected, abs=1e-6)


@given(st.lists(places, max_size=5), st.lists(places, max_size=5))
def test_the_table_agrees_with_single_distances(rows: list[Place], columns: list[Place]) -> None:
    table = kilometres_table(
        np.array([x.lat for x in rows]),
        np.array([x.lon for x in rows]),
        np.array([x.lat for x in columns]),
        np.array([x.lon for x in columns]),
    )
    assert table.shape == (len(rows), len(columns))
    expected = np.array([[kilometres(a, b) for b in columns] for a in rows]).reshape(table.shape)
    np.testing.assert_allclose(table, expected, rtol=0, atol=1e-10)


@given(places, places)
def test_kilometres_are_symmetric_and_zero_only_at_home(a: Place, b: Place) -> None:
    assert kilometres(a, a) == 0.0
    assert kilometres(a, b) == pytest.approx(kilometres(b, a), abs=1e-10)


def test_opposite_points_of_the_globe() -> None:
    assert kilometres(Place(0, 0), Place(0, 180)) == pytest.approx(math.pi * EARTH_RADIUS_KM)


@pytest.mark.parametrize(
    ("lat", "lon", "field"),
    [(90.1, 0, "lat"), (math.nan, 0, "lat"), (0, -180.5, "lon"), (0, math.inf, "lon")],
)
def test_a_place_off_the_globe_is_refused(lat: float, lon: float, field: str) -> None:
    with pytest.raises(CarpoolError) as refused:
        Place(lat, lon)
    assert refused.value.field == field
