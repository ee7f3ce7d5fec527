"""The minutes of an instance that has other people, or riders with other places, than the one they were given for."""

from collections.abc import Iterable
from typing import TypedDict

from carpool.instance import Driver, Instance, Matrix, Rider
from carpool.pairs import Pairs


class Minutes(TypedDict):
    """The members of an instance that say what its minutes are; both None on roads."""

    matrix: Matrix | None
    pairs: Pairs | None


def minutes_among(
    instance: Instance, drivers: Iterable[Driver], riders: Iterable[Rider], backwards: bool = False
) -> Minutes:
    """The minutes between the places of these people and the events, in the format's order.

    With a matrix all must have been people and places of `instance`, in whichever role; where single pairs are known,
    nothing is of those who were not. `backwards`: minutes from column to row.
    """
    if instance.matrix is None and instance.pairs is None:
        return Minutes(matrix=None, pairs=None)
    everybody = tuple(riders)
    kept = [
        *(instance.index.get(driver.id) for driver in drivers),
        *(instance.index.get(rider.id) for rider in everybody),
        *instance.event_index.values(),
        *(instance.place_index.get((rider.id, place.id)) for rider in everybody for place in rider.places),
    ]
    if instance.matrix is not None:
        return Minutes(matrix=_rows(instance.matrix, kept, backwards), pairs=None)
    assert instance.pairs is not None
    number = {before: now for now, before in enumerate(kept) if before is not None}
    return Minutes(matrix=None, pairs=instance.pairs.among(number, backwards))


def _rows(minutes: Matrix, kept: list[int | None], backwards: bool) -> Matrix:
    known = [place for place in kept if place is not None]
    assert len(known) == len(kept), "a matrix has no minutes of anybody new"
    if backwards:
        return tuple(tuple(minutes[to][origin] for to in known) for origin in known)
    return tuple(tuple(minutes[origin][to] for to in known) for origin in known)
