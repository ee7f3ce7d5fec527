"""The matrix of minutes of an instance that has other people, or riders with other places, than the one it was made for."""

from collections.abc import Iterable

from carpool.instance import Driver, Instance, Matrix, Rider


def matrix_among(
    instance: Instance, drivers: Iterable[Driver], riders: Iterable[Rider], backwards: bool = False
) -> Matrix | None:
    """The minutes between the places of these people and the events, in the format's order; None on roads.

    All must have been people and places of `instance`, in whichever role. `backwards`: minutes from column to row.
    """
    if instance.matrix is None:
        return None
    everybody = tuple(riders)
    kept = [
        *(instance.index[driver.id] for driver in drivers),
        *(instance.index[rider.id] for rider in everybody),
        *instance.event_index.values(),
        *(instance.place_index[rider.id, place.id] for rider in everybody for place in rider.places),
    ]
    minutes = instance.matrix
    if backwards:
        return tuple(tuple(minutes[to][origin] for to in kept) for origin in kept)
    return tuple(tuple(minutes[origin][to] for to in kept) for origin in kept)
