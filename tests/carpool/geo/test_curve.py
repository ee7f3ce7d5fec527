"""The curve goes through each cell once, and each of its quarters, sixteenths, … without a break."""

import numpy as np

from carpool.geo.curve import along_the_curve


def test_the_first_cells_are_in_the_order_of_a_z() -> None:
    x, y = np.array([0, 1, 0, 1, 2]), np.array([0, 0, 1, 1, 0])
    assert along_the_curve(x, y).tolist() == [0, 1, 2, 3, 4]


def test_every_cell_has_a_place_of_its_own_and_a_quarter_stays_together() -> None:
    y, x = (axis.ravel() for axis in np.mgrid[0:16, 0:16])
    places = along_the_curve(x, y)
    assert sorted(places.tolist()) == list(range(256))
    assert sorted(places[(x < 8) & (y >= 8)].tolist()) == list(range(128, 192))


def test_the_largest_cell_has_a_place_as_well() -> None:
    largest = np.array([2**20 - 1])
    assert along_the_curve(largest, largest).tolist() == [2**40 - 1]
