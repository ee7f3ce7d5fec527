"""Minutes of single pairs of places, as a road router gives them: sparse, one-way, of any size."""

import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

ROADS = "gb-road-1"


def _whole() -> "array[int]":
    return array("i")


def _minutes() -> "array[float]":
    return array("d")


@dataclass(frozen=True, slots=True)
class Pairs:
    """The drives that are known, each by where it starts, where it ends, and its minutes: `math.inf` for no way.

    Places are numbered as the travel model does. `otherwise` is the model of all other drives; None: there is no way.
    Plain arrays, because a national run has millions of pairs. Nobody changes them.
    """

    origins: "array[int]" = field(default_factory=_whole)
    destinations: "array[int]" = field(default_factory=_whole)
    minutes: "array[float]" = field(default_factory=_minutes)
    otherwise: str | None = ROADS

    @classmethod
    def of(cls, drives: Iterable[tuple[int, int, float | None]], otherwise: str | None = ROADS) -> "Pairs":
        """From tuples (origin, destination, minutes or None for no way), in their order."""
        pairs = cls(otherwise=otherwise)
        for origin, destination, minutes in drives:
            pairs.origins.append(origin)
            pairs.destinations.append(destination)
            pairs.minutes.append(math.inf if minutes is None else minutes)
        return pairs

    def __len__(self) -> int:
        return len(self.minutes)

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        return zip(self.origins, self.destinations, self.minutes, strict=True)

    def among(self, number: dict[int, int], backwards: bool = False) -> "Pairs":
        """Those between the places that have a new number, by that; `backwards`: each drive the other way round."""
        kept = (
            (number[origin], number[destination], minutes)
            for origin, destination, minutes in self
            if origin in number and destination in number
        )
        return Pairs.of(
            ((b, a, minutes) if backwards else (a, b, minutes) for a, b, minutes in kept), self.otherwise
        )
