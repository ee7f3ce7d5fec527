"""The curve of a run: the plan from below, the bound from above, until they meet. It is drawn as SVG on the server."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float | None, float | None]
"""Seconds, score and bound."""
Value = tuple[float, float]

TIMES = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900)
"""Seconds between two marks below the chart."""
MOST_MARKS = 5
FEWEST_POINTS = 2
"""What was found and proven at once has no curve to look at."""
ROWS = 8
LEAST_SPAN = 0.08
"""The chart shows at least this share of the bound: a gap that is small looks small."""
GAPS_SHOWN = 8.0
TEXT = 16


@dataclass(frozen=True)
class Line:
    """One of the two lines: its path, where it ends, and what stands there."""

    path: str
    end: Value
    label: float


@dataclass(frozen=True)
class Chart:
    """What the template draws. All lengths are in the units of the picture; `left` and `top` are the frame's corner."""

    width: int
    height: int
    left: int
    top: int
    inner_width: int
    inner_height: int
    plan: Line | None
    bound: Line | None
    between: str
    marks: tuple[tuple[float, str], ...]
    times: tuple[tuple[float, str], ...]


def chart(history: Sequence[Point], until: float, width: int, height: int) -> Chart | None:
    """The chart of this size; None while there is no curve. `until`: where the time has come to."""
    values = [value for _, *both in history for value in both if value is not None]
    if not values or len(history) < FEWEST_POINTS:
        return None
    low, high = _range(history, values)
    step = _step(high - low)
    marks = [step * number for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    words = [figure(mark, step) for mark in marks]
    left = 12 + max((len(word) for word in words), default=1) * TEXT * 9 // 16
    inner = (width - left - 4, height - TEXT * 2 - 8)
    last = max(until, history[-1][0], 0.1)

    def across(seconds: float) -> float:
        return round(seconds / last * inner[0], 1)

    def down(value: float) -> float:
        # What lies outside is cut off by the frame; a line need not lead there from miles away.
        return round(min(max((high - value) / (high - low), -0.2), 1.2) * inner[1], 1)

    plan = _line(
        [(across(at), down(score), score) for at, score, _ in history if score is not None], inner[0]
    )
    bound = _line([(across(at), down(most), most) for at, _, most in history if most is not None], inner[0])
    return Chart(
        width, height, left, 4, *inner, plan=plan, bound=bound, between=_between(plan, bound),
        marks=tuple((down(mark), word) for mark, word in zip(marks, words, strict=True)),
        times=tuple((across(at), clock(at)) for at in _times(last)),
    )  # fmt: skip


def rows(history: Sequence[Point]) -> list[Point]:
    """A few of the points, for whoever reads a table rather than a chart; the first and the last among them."""
    if len(history) <= ROWS:
        return list(history)
    return [history[round(number * (len(history) - 1) / (ROWS - 1))] for number in range(ROWS)]


def figure(value: float, step: float | None = None) -> str:
    """A score as it is read: with as many decimals as matter."""
    size = abs(value) / 100 if step is None else step
    decimals = 0 if size >= 1 else min(3, math.ceil(-math.log10(size))) if size > 0 else 0
    return f"{value:,.{decimals if step is not None else min(2, decimals)}f}"


def clock(seconds: float) -> str:
    """5 s; 2 min."""
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"


def _range(history: Sequence[Point], values: Sequence[float]) -> Value:
    """From where to where the chart reaches: round what is best now, so that the closing of the gap can be seen."""
    score, bound = _newest(history, 1), _newest(history, 2)
    best = score if bound is None else bound
    assert best is not None, "there is a value"
    gap = bound - score if bound is not None and score is not None else 0.0
    span = max(GAPS_SHOWN * gap, LEAST_SPAN * abs(best), 0.01)
    edge = 0.15 * span
    low, high = best - gap - 0.65 * span, best + 0.35 * span
    low, high = max(low, min(values) - edge), min(high, max(values) + edge)
    return low, max(high, low + 2 * edge)


def _newest(history: Sequence[Point], which: int) -> float | None:
    return next((point[which] for point in reversed(history) if point[which] is not None), None)


def _step(span: float) -> float:
    """A round number that divides the span into few parts."""
    rough = span / MOST_MARKS
    unit = 10.0 ** math.floor(math.log10(rough))
    return next(unit * times for times in (1, 2, 5, 10) if unit * times >= rough)


def _times(last: float) -> list[float]:
    step = next((step for step in TIMES if last / step <= MOST_MARKS), TIMES[-1])
    return [float(at) for at in range(0, math.floor(last) + 1, step)]


def _line(points: Sequence[tuple[float, float, float]], right: float) -> Line | None:
    """As stairs: what was best stays best until there is something better."""
    if not points:
        return None
    (across, down, _), *others = points
    stairs = "".join(f"H{across:g}V{down:g}" for across, down, _ in others)
    _, level, label = points[-1]
    return Line(f"M{across:g},{down:g}{stairs}H{right:g}", (right, level), label)


def _between(plan: Line | None, bound: Line | None) -> str:
    """The ground between the two: along one line, then back beneath the other."""
    if plan is None or bound is None:
        return ""
    return f"{bound.path}V{plan.end[1]:g}{_backwards(plan.path)}Z"


def _backwards(path: str) -> str:
    """A path of stairs from its end to its start."""
    start, _, rest = path[1:].partition("H")
    across, down = start.split(",")
    steps = [step.partition("V") for step in rest.split("H")]
    places = [(across, down)]
    for to, _, level in steps:
        places.append((to, places[-1][1]))
        if level:
            places.append((to, level))
    return "".join(f"L{x},{y}" for x, y in reversed(places))
