"""Single drives as blocks of origins and destinations: a server answers a whole table as quickly as one line of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from api.routing.cells import Cells, Numbers, in_order

SIDE = 100
"""Origins and destinations of a block: what a server that nobody configured answers at most (`--max-table-size`)."""


@dataclass(frozen=True)
class Block:
    """Cells to drive from and cells to drive to."""

    origins: Numbers
    destinations: Numbers

    def halves(self) -> tuple["Block", "Block"]:
        """The block cut in two along its longer side."""
        if len(self.origins) >= len(self.destinations):
            middle = len(self.origins) // 2
            return Block(self.origins[:middle], self.destinations), Block(
                self.origins[middle:], self.destinations
            )
        middle = len(self.destinations) // 2
        return Block(self.origins, self.destinations[:middle]), Block(
            self.origins, self.destinations[middle:]
        )

    @property
    def is_single(self) -> bool:
        return len(self.origins) == len(self.destinations) == 1


def blocks_of(cells: Cells, drives: Numbers, side: int = SIDE) -> Iterator[Block]:
    """Blocks that hold all of these drives. Neighbours are asked about together, as they want to go to the same places."""
    if not len(drives):
        return
    place = np.empty(len(cells), np.int64)
    place[in_order(cells.points)] = np.arange(len(cells))
    origins, destinations = np.divmod(drives, len(cells))
    # The fewer ends of the drives are those that most of them share, events as a rule: they head the blocks.
    turned = len(np.unique(destinations)) < len(np.unique(origins))
    heads, tails = (destinations, origins) if turned else (origins, destinations)
    every, which = np.unique(heads, return_inverse=True)
    rank = np.empty(len(every), np.int64)
    rank[np.argsort(place[every], kind="stable")] = np.arange(len(every))
    number = rank[which.reshape(-1)] // side
    order = np.argsort(number, kind="stable")
    for drives_of_group in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
        group, others = (np.unique(ends[drives_of_group]) for ends in (heads, tails))
        others = others[np.argsort(place[others], kind="stable")]
        for start in range(0, len(others), side):
            part = others[start : start + side]
            yield Block(part, group) if turned else Block(group, part)
