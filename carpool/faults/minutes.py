"""What can be wrong with minutes that come with the instance: with a matrix, and with those of single pairs."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from carpool.errors import Fault
from carpool.faults.numbers import LARGEST, as_typed
from carpool.pairs import ROADS
from carpool.show import show

if TYPE_CHECKING:
    from carpool.instance import Instance, Matrix
    from carpool.pairs import Pairs

LARGEST_MATRIX = 2000
PATH = "travel.minutes"
NO_WAY = "expected minutes from 0 to 1e6, or null for no way"


def minutes_faults(instance: "Instance") -> Iterator[Fault]:
    """The faults of the minutes that the instance gives, none on roads."""
    people = len(instance.drivers) + len(instance.riders)
    size = people + len(instance.events) + sum(len(rider.places) for rider in instance.riders)
    if instance.matrix is not None and instance.pairs is not None:
        yield Fault("travel", "a matrix and pairs", "expected one of the two")
    elif instance.matrix is not None:
        yield from _matrix_faults(instance.matrix, size)
    elif instance.pairs is not None:
        yield from _pair_faults(instance.pairs, size)


def _matrix_faults(matrix: "Matrix", size: int) -> Iterator[Fault]:
    if size > LARGEST_MATRIX:
        expected = f"expected at most {LARGEST_MATRIX} places with a matrix"
        yield Fault(PATH, f"{size} places", expected)
        return
    if len(matrix) != size:
        yield Fault(PATH, show(matrix), f"expected {size} rows: drivers, riders, events, then riders' places")
        return
    for number, row in enumerate(matrix):
        if len(row) != size:
            yield Fault(f"{PATH}[{number}]", show(row), f"expected {size} columns, as many as rows")
            continue
        for column, minutes in enumerate(row):
            if minutes is not None and not 0 <= minutes <= LARGEST and column != number:
                yield Fault(f"{PATH}[{number}][{column}]", show(as_typed(minutes)), NO_WAY)


def _pair_faults(pairs: "Pairs", size: int) -> Iterator[Fault]:
    if pairs.otherwise not in (ROADS, None):
        yield Fault("travel.otherwise", show(pairs.otherwise), f'expected "{ROADS}" or null')
    first: dict[int, int] = {}
    for number, (origin, destination, minutes) in enumerate(pairs):
        path = f"{PATH}[{number}]"
        wrong = [place for place in (origin, destination) if not 0 <= place < size]
        if wrong:
            yield Fault(path, show(wrong[0]), f"expected places from 0 to {size - 1}")
        elif origin == destination:
            yield Fault(path, show(origin), "expected two places: from a place to itself it is 0 minutes")
        elif first.setdefault(origin * size + destination, number) != number:
            before = first[origin * size + destination]
            yield Fault(path, f"{origin} to {destination}", f"expected another drive than {PATH}[{before}]")
        if minutes != math.inf and not 0 <= minutes <= LARGEST:
            yield Fault(f"{path}[2]", show(as_typed(minutes)), NO_WAY)
