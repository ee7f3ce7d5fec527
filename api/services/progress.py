"""How a run went: the points of its curve, few enough to draw, with the moments at which something became better."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

Point = list[float | None]
"""Seconds, score and bound; None for what is not known yet."""

MOST_POINTS = 200


def point_of(progress: Mapping[str, Any]) -> Point | None:
    """What the solver told, None before its first word."""
    seconds = _finite(progress.get("seconds"))
    return (
        None if seconds is None else [seconds, _finite(progress.get("score")), _finite(progress.get("bound"))]
    )


def with_point(history: Sequence[Point], point: Point | None) -> list[Point]:
    """The history with one more point, if it says anything new; thinned where it grows too long."""
    known = [*history]
    if point is None or (known and known[-1][1:] == point[1:]):
        return known
    known.append(point)
    return known if len(known) <= MOST_POINTS else thinned(known)


def thinned(history: Sequence[Point]) -> list[Point]:
    """Half as many. The first and the last stay, and so does every better plan and bound, if a little later."""
    return [point for number, point in enumerate(history) if number % 2 == 0 or number == len(history) - 1]


def storable(progress: Mapping[str, Any]) -> dict[str, Any]:
    """What the solver told as JSON can hold it: no infinities, which stand for what is not known."""
    return {name: _finite(value) if isinstance(value, float) else value for name, value in progress.items()}


def _finite(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
