"""Minutes stay those of the same places when people leave, change their order or lose a place."""

from dataclasses import replace

from carpool.instance import PickupPlace
from carpool.matrix import matrix_among
from tests.carpool.build import a_driver, a_rider, an_instance

PLACES = tuple(PickupPlace(name, 51.6, -0.2, walk_minutes=1.0) for name in ("a", "b"))
PEOPLE = (a_driver("d1"), a_driver("d2"), a_rider("r1", places=PLACES), a_rider("r2", places=PLACES[:1]))
MATRIX = tuple(tuple(10.0 * row + column for column in range(8)) for row in range(8))
WHOLE = an_instance(*PEOPLE, matrix=MATRIX)


def test_minutes_of_those_who_are_left() -> None:
    one_place = replace(WHOLE.riders[0], places=PLACES[1:])
    # Places in the whole: d1, d2, r1, r2, e, a of r1, b of r1, a of r2.
    assert matrix_among(WHOLE, WHOLE.drivers[1:], (one_place,)) == (
        (11.0, 12.0, 14.0, 16.0),
        (21.0, 22.0, 24.0, 26.0),
        (41.0, 42.0, 44.0, 46.0),
        (61.0, 62.0, 64.0, 66.0),
    )
    assert matrix_among(WHOLE, WHOLE.drivers, WHOLE.riders) == MATRIX


def test_backwards_they_are_those_of_the_other_direction() -> None:
    assert matrix_among(WHOLE, WHOLE.drivers[:1], (), backwards=True) == ((0.0, 40.0), (4.0, 44.0))


def test_on_roads_there_is_none() -> None:
    assert matrix_among(an_instance(*PEOPLE), WHOLE.drivers, ()) is None
