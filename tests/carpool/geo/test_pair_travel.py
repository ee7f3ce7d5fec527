"""Known drives are driven as they are, all others by road or not at all, and no way undercuts the ratio."""

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpool.errors import CarpoolError
from carpool.geo.pair_travel import PairTravel, Proportional
from carpool.geo.place import Place
from carpool.geo.travel import RoadTravel
from carpool.pairs import ROADS, Pairs

PLACES = [Place(51.5 + 0.01 * n, -0.1 + 0.02 * n) for n in range(5)]
Known = Mapping[tuple[int, int], float | None]
ends = st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda drive: drive[0] != drive[1])
known_drives = st.dictionaries(ends, st.none() | st.floats(0, 500), max_size=20)


def travelling(known: Known, otherwise: str | None = ROADS) -> PairTravel:
    pairs = Pairs.of([(a, b, minutes) for (a, b), minutes in known.items()], otherwise)
    return PairTravel(PLACES, {}, pairs)


@given(known_drives, st.sampled_from([ROADS, None]))
def test_known_drives_are_as_they_are_and_the_others_by_road_or_not_at_all(
    known: Known, otherwise: str | None
) -> None:
    travel, roads = travelling(known, otherwise), RoadTravel(PLACES, {})
    for a in range(5):
        for b in range(5):
            expected = roads.minutes(a, b) if otherwise or a == b else math.inf
            if (a, b) in known:
                minutes = known[a, b]
                expected = math.inf if minutes is None else minutes
            assert travel.minutes(a, b) == expected


@given(known_drives, st.sampled_from([ROADS, None]))
def test_tables_and_legs_agree_with_single_minutes(known: Known, otherwise: str | None) -> None:
    travel = travelling(known, otherwise)
    singles = [[travel.minutes(a, b) for b in (4, 0, 2)] for a in (1, 2)]
    np.testing.assert_allclose(travel.table([1, 2], [4, 0, 2]), singles, rtol=0, atol=1e-9)
    rows, columns = np.array([[1], [2]]), np.array([[4, 0, 2]])
    np.testing.assert_allclose(travel.legs(rows, columns), singles, rtol=0, atol=1e-9)
    assert travel.table([0], []).shape == (1, 0)


@given(known_drives, st.sampled_from([ROADS, None]))
def test_no_way_round_undercuts_the_ratio(known: Known, otherwise: str | None) -> None:
    travel = travelling(known, otherwise)
    everywhere = range(5)
    ways = travel.table(everywhere, everywhere)
    for via in everywhere:
        ways = np.minimum(ways, ways[:, via, None] + ways[None, via, :])
    assert (Proportional(travel).table(everywhere, everywhere) <= ways + 1e-9).all()


def test_the_ratio_is_that_of_the_quickest_drive() -> None:
    roads = RoadTravel(PLACES, {})
    travel = travelling({(0, 1): 0.5 * roads.minutes(0, 1), (1, 0): 3 * roads.minutes(1, 0)})
    assert travel.ratio == pytest.approx(0.5)
    assert travelling({(0, 1): 3 * roads.minutes(0, 1)}).ratio == pytest.approx(1.0)
    assert travelling({(0, 1): 3 * roads.minutes(0, 1)}, None).ratio == pytest.approx(3.0)
    assert travelling({(0, 1): 0.0}).ratio == 0.0


def test_an_island_needs_a_crossing_only_where_others_are_by_road() -> None:
    away = [Place(51.5, 0.0), Place(51.6, 0.1, "wight")]
    with pytest.raises(CarpoolError, match="wight"):
        PairTravel(away, {}, Pairs.of([(0, 1, 5.0)]))
    assert PairTravel(away, {}, Pairs.of([(0, 1, 5.0)], None)).minutes(0, 1) == 5.0
