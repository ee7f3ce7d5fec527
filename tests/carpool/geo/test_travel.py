"""The road model is the published formula, obeys the triangle inequality, and its table says the same."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpool.errors import CarpoolError
from carpool.geo.islands import CROSSING_MINUTES
from carpool.geo.place import Place, kilometres
from carpool.geo.travel import (
    MatrixTravel,
    RoadTravel,
    TravelModel,
    gb_road_minutes,
    gb_road_minutes_array,
    road_minutes,
)

islands = st.sampled_from([None, *CROSSING_MINUTES])
places = st.builds(Place, st.floats(49, 61.5), st.floats(-9, 2.5), islands)


@pytest.mark.parametrize("km", [0.0, 0.05, 1.0, 10.0, 40.0, 100.0, 900.0])
def test_the_formula_of_the_format(km: float) -> None:
    parts = 0.75 * km + 10.4 * (1 - math.exp(-km / 10.3)) + 6.8 * (1 - math.exp(-km / 3))
    assert gb_road_minutes(km) == pytest.approx(1.08 * parts, abs=1e-9)


@pytest.mark.parametrize(("km", "minutes"), [(10, 21), (40, 47), (100, 92)])
def test_the_known_drive_times(km: float, minutes: int) -> None:
    assert gb_road_minutes(km) / 1.08 == pytest.approx(minutes, abs=0.6)


@given(st.lists(st.floats(0, 1500), max_size=20))
def test_arrays_agree_with_scalars(distances: list[float]) -> None:
    found = gb_road_minutes_array(np.array(distances))
    np.testing.assert_allclose(found, [gb_road_minutes(km) for km in distances], rtol=0, atol=1e-10)


@given(st.lists(places, min_size=1, max_size=6))
def test_table_and_minutes_agree_and_home_is_nought(given_places: list[Place]) -> None:
    travel: TravelModel = RoadTravel([*given_places, given_places[0]], CROSSING_MINUTES)
    every = range(len(given_places) + 1)
    singles = [[travel.minutes(a, b) for b in every] for a in every]
    np.testing.assert_allclose(travel.table(every, every), singles, rtol=0, atol=1e-9)
    assert travel.table(every, every)[0, -1] == 0.0 == travel.minutes(0, len(given_places))
    assert travel.table([0], []).shape == (1, 0)


@given(places, places, places)
def test_no_way_round_is_shorter(a: Place, b: Place, c: Place) -> None:
    travel = RoadTravel([a, b, c], CROSSING_MINUTES)
    assert travel.triangle
    assert travel.minutes(0, 2) <= travel.minutes(0, 1) + travel.minutes(1, 2) + 1e-9


def test_both_ends_of_a_crossing_are_paid_and_an_island_within_itself_is_free() -> None:
    ryde, cowes = Place(50.73, -1.16, "isle-of-wight"), Place(50.76, -1.30, "isle-of-wight")
    brodick, mainland = Place(55.58, -5.15, "arran"), Place(50.80, -1.09)
    crossings = {"isle-of-wight": 75, "arran": 90}
    by_road = gb_road_minutes
    assert road_minutes(ryde, cowes, crossings) == by_road(kilometres(ryde, cowes))
    assert road_minutes(mainland, ryde, crossings) == by_road(kilometres(mainland, ryde)) + 75
    assert road_minutes(brodick, ryde, crossings) == by_road(kilometres(brodick, ryde)) + 165


def test_an_island_without_a_crossing_is_an_error() -> None:
    with pytest.raises(CarpoolError, match="lundy") as refused:
        RoadTravel([Place(51.18, -4.67, "lundy")], {"isle-of-wight": 75})
    assert refused.value.field == "crossings"


def test_a_matrix_is_driven_as_given() -> None:
    travel: TravelModel = MatrixTravel([[7, 5, None], [1, None, 2.5], [4, 3, 9]])
    assert not travel.triangle
    assert travel.minutes(0, 1) == 5 and travel.minutes(1, 0) == 1
    assert travel.minutes(0, 2) == math.inf
    assert travel.minutes(0, 0) == travel.minutes(1, 1) == 0
    assert travel.table([1, 0], [2]).tolist() == [[2.5], [math.inf]]
    assert travel.table([0], []).shape == (1, 0)


def test_a_matrix_without_places_and_one_that_is_not_square() -> None:
    assert MatrixTravel([]).table([], []).shape == (0, 0)
    with pytest.raises(CarpoolError, match="as many columns as rows"):
        MatrixTravel([[0, 1]])
