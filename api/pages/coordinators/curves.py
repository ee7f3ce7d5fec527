"""The curves of supply and demand over a day, drawn as SVG on the server: stairs, for what holds for a whole hour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from api.services.hours import HourLine

WIDTH, HEIGHT, LEFT, BELOW = 720, 260, 72, 28
TOP = 8
MOST_MARKS = 4
EVERY = 2
"""Hours between two marks below."""


@dataclass(frozen=True)
class Curve:
    """What the template draws, in the units of the picture. `marks` and `times`: where, and what stands there."""

    width: int
    height: int
    left: int
    floor: int
    paths: tuple[tuple[str, str], ...]
    marks: tuple[tuple[float, int], ...]
    times: tuple[tuple[float, int], ...]


def curve(hours: Sequence[HourLine]) -> Curve | None:
    """None without hours. The paths are called wanted, seats and riders; the first is an area, the others are lines."""
    if not hours:
        return None
    most = max(max(one.seats, one.riders, one.wanted) for one in hours)
    step = _step(most)
    top, floor = step * max(1, math.ceil(most / step)), HEIGHT - BELOW
    wide = (WIDTH - LEFT - 4) / len(hours)

    def down(value: float) -> float:
        return round(floor - value / top * (floor - TOP), 1)

    def across(number: int) -> float:
        return round(LEFT + number * wide, 1)

    def stairs(values: Sequence[int]) -> str:
        steps = "".join(f"V{down(value):g}H{across(at + 1):g}" for at, value in enumerate(values))
        return f"M{LEFT},{down(values[0]):g}{steps}"

    wanted = stairs([one.wanted for one in hours])
    seats, riders = stairs([one.seats for one in hours]), stairs([one.riders for one in hours])
    area = f"{wanted}V{floor}H{LEFT}Z"
    return Curve(
        WIDTH, HEIGHT, LEFT, floor,
        paths=(("wanted", area), ("seats", seats), ("riders", riders)),
        marks=tuple((down(value), value) for value in range(0, top + 1, step)),
        times=tuple((across(at), one.hour) for at, one in enumerate(hours) if one.hour % EVERY == 0),
    )  # fmt: skip


def _step(most: int) -> int:
    """A round number, so that a few of them reach to the top."""
    unit = 10 ** max(0, math.floor(math.log10(max(most, 1) / MOST_MARKS))) if most > MOST_MARKS else 1
    return next(unit * times for times in (1, 2, 5, 10) if unit * times * MOST_MARKS >= most)
