"""Single drives as blocks: all of them, none larger than a server answers, and neighbours together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.routing.blocks import Block, blocks_of
from api.routing.candidates import wanted
from api.routing.cells import Cells, cells_of, in_order
from carpool.geo.place import Place
from tests.api.routing.rutland import rutland_day


def covered(cells: Cells, drives: np.ndarray, side: int) -> set[int]:
    found = set[int]()
    for block in blocks_of(cells, drives, side):
        assert 0 < len(block.origins) <= side and 0 < len(block.destinations) <= side
        found |= {a * len(cells) + b for a in block.origins.tolist() for b in block.destinations.tolist()}
    return found


@given(st.sets(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=200), st.integers(1, 12))
def test_every_drive_is_in_a_block(ends: set[tuple[int, int]], side: int) -> None:
    cells = cells_of([Place(52 + n / 100, -1 + (n * 7 % 30) / 100) for n in range(30)])
    drives = np.array(sorted(a * 30 + b for a, b in ends if a != b), dtype=np.int64)
    assert covered(cells, drives, side) >= set(drives.tolist())


def test_drives_to_events_are_dense_blocks() -> None:
    """From hundreds of homes to two events: a block for each hundred homes, and nothing in it that nobody wants."""
    day = rutland_day(250, 0)
    cells = cells_of(day.places)
    (to_events, _) = (cells.drives(kind) for kind in wanted(day).kinds[1:3])
    blocks = list(blocks_of(cells, to_events))
    assert len(blocks) == 3
    assert sum(len(block.origins) * len(block.destinations) for block in blocks) == len(to_events)


def test_neighbours_stand_together() -> None:
    points = np.array([(52 + (n % 16) / 50, -1 + (n // 16) / 50) for n in range(256)])
    order = in_order(points)
    assert sorted(order.tolist()) == list(range(256))
    steps = np.abs(np.diff(points[order], axis=0)).sum(axis=1)
    assert np.median(steps) <= 0.041


def test_places_are_rounded_and_neighbours_are_one() -> None:
    cells = cells_of([Place(52.67021, -0.73049), Place(52.67019, -0.73051), Place(52.6702, -0.7319)])
    assert [cells.name(n) for n in cells.of_place.tolist()] == [
        "-0.730,52.670",
        "-0.731,52.670",
        "-0.732,52.670",
    ]
    assert len(cells_of([Place(0.0001, -0.0001), Place(0, 0)])) == 1
    assert cells_of([Place(0.0001, -0.0001)]).name(0) == "0.000,0.000"


def test_no_drive_within_a_cell() -> None:
    cells = cells_of([Place(52.67021, -0.73042), Place(52.67019, -0.73041), Place(52.7, -0.7)])
    drives = cells.drives((np.array([0, 0, 1, 2]), np.array([1, 2, 2, 0])))
    assert len(drives) == 2


@pytest.mark.parametrize("shape", [(1, 2), (2, 1), (5, 5), (1, 100), (7, 3)])
def test_a_block_is_halved_until_it_is_single(shape: tuple[int, int]) -> None:
    waiting, singles = [Block(np.arange(shape[0]), np.arange(shape[1]))], set[tuple[int, int]]()
    while waiting:
        block = waiting.pop()
        if block.is_single:
            singles.add((int(block.origins[0]), int(block.destinations[0])))
        else:
            waiting += block.halves()
    assert len(singles) == shape[0] * shape[1]
