"""Minutes stay those of the same places when people leave, change their order or lose a place."""

from dataclasses import replace

import pytest

from carpool.instance import PickupPlace
from carpool.minutes_among import minutes_among
from carpool.pairs import Pairs
from tests.carpool.build import a_driver, a_rider, an_instance

PLACES = tuple(PickupPlace(name, 51.6, -0.2, walk_minutes=1.0) for name in ("a", "b"))
PEOPLE = (a_driver("d1"), a_driver("d2"), a_rider("r1", places=PLACES), a_rider("r2", places=PLACES[:1]))
MATRIX = tuple(tuple(10.0 * row + column for column in range(8)) for row in range(8))
WHOLE = an_instance(*PEOPLE, matrix=MATRIX)
EVERY_PAIR = [(row, column, 10.0 * row + column) for row in range(8) for column in range(8) if row != column]
SINGLY = an_instance(*PEOPLE, pairs=Pairs.of(EVERY_PAIR, otherwise=None))
ONE_PLACE = replace(WHOLE.riders[0], places=PLACES[1:])


def test_minutes_of_those_who_are_left() -> None:
    # Places in the whole: d1, d2, r1, r2, e, a of r1, b of r1, a of r2.
    assert minutes_among(WHOLE, WHOLE.drivers[1:], (ONE_PLACE,))["matrix"] == (
        (11.0, 12.0, 14.0, 16.0),
        (21.0, 22.0, 24.0, 26.0),
        (41.0, 42.0, 44.0, 46.0),
        (61.0, 62.0, 64.0, 66.0),
    )
    assert minutes_among(WHOLE, WHOLE.drivers, WHOLE.riders)["matrix"] == MATRIX


@pytest.mark.parametrize("backwards", [False, True])
def test_of_single_pairs_they_are_those_of_the_matrix(backwards: bool) -> None:
    for drivers, riders in ((WHOLE.drivers[1:], (ONE_PLACE,)), (WHOLE.drivers, WHOLE.riders[::-1])):
        matrix = minutes_among(WHOLE, drivers, riders, backwards)["matrix"]
        found = minutes_among(SINGLY, drivers, riders, backwards)["pairs"]
        assert matrix is not None
        assert found is not None
        assert found.otherwise is None
        assert {(a, b): minutes for a, b, minutes in found} == {
            (a, b): minutes for a, row in enumerate(matrix) for b, minutes in enumerate(row) if a != b
        }


def test_of_single_pairs_nothing_is_known_of_somebody_new() -> None:
    found = minutes_among(SINGLY, (*WHOLE.drivers[:1], a_driver("new")), ())["pairs"]
    assert found is not None
    assert sorted(found) == [(0, 2, 4.0), (2, 0, 40.0)]


def test_backwards_they_are_those_of_the_other_direction() -> None:
    found = minutes_among(WHOLE, WHOLE.drivers[:1], (), backwards=True)
    assert found["matrix"] == ((0.0, 40.0), (4.0, 44.0))


def test_on_roads_there_is_none() -> None:
    assert minutes_among(an_instance(*PEOPLE), WHOLE.drivers, ()) == {"matrix": None, "pairs": None}
