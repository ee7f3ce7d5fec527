"""The two pictures: score and bound over time, and how the contestants compare with greedy by weight."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from carpool.bench.results import ENGINE, Result, Summary
from carpool.bench.table import label
from carpool.errors import CarpoolError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours of Okabe and Ito, which people tell apart whatever colours they see.
COLOURS = {
    ENGINE: "#0072B2",
    "nearest": "#999999",
    "once": "#F0E442",
    "greedy": "#E69F00",
    "trips": "#D55E00",
    "ortools": "#009E73",
    "vroom": "#CC79A7",
}
MARKS = {"nearest": "v", "once": "^", "greedy": "o", "trips": "s", "ortools": "D", "vroom": "P"}
MOST_IN_A_ROW = 3


def check_plotting() -> None:
    """Raise `CarpoolError` if what draws is not installed."""
    if find_spec("matplotlib") is None:
        raise CarpoolError("Matplotlib is not installed. Install it: pip install '.[bench]'", "out")


def draw_curves(results: Sequence[Result], path: Path) -> None:
    """The engine's score and bound over time, the rivals as points: a field for each kind of instance, its first seed."""
    from matplotlib.figure import Figure

    firsts = {r.case.name: r.case for r in reversed(results)}
    cases = [case for case in dict.fromkeys(r.case for r in results) if firsts[case.name] == case]
    columns = min(MOST_IN_A_ROW, len(cases))
    rows = -(-len(cases) // columns)
    figure = Figure(figsize=(5.2 * columns, 4.2 * rows), layout="constrained")
    figure.suptitle("Score and proven bound over time")
    for number, case in enumerate(cases, start=1):
        axes = figure.add_subplot(rows, columns, number)
        _draw_case(axes, [r for r in results if r.case == case and r.failure is None])
        axes.set_title(f"{case.name}, seed {case.seed}")
        axes.set_xlabel("seconds of wall time")
        axes.set_ylabel("score")
    figure.savefig(path, dpi=120)


def _draw_case(axes: "Axes", results: Sequence[Result]) -> None:
    for result in results:
        colour, name = COLOURS[result.contestant], label(result.contestant)
        last = result.curve[-1]
        if result.contestant != ENGINE:
            axes.plot(last.seconds, last.score, MARKS[result.contestant], color=colour, label=name)
            continue
        times = [point.seconds for point in result.curve]
        scores = [point.score for point in result.curve]
        axes.step(times, scores, where="post", color=colour, label=name, marker="*", markevery=[-1])
        bounds = [(p.seconds, p.bound) for p in result.curve if p.bound is not None]
        if bounds:
            axes.step(
                *zip(*bounds, strict=True), where="post", color=colour, linestyle="--", label="proven bound"
            )
    _zoom(axes, results)
    axes.set_xlim(0, None)
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small", loc="lower right")


def _zoom(axes: "Axes", results: Sequence[Result]) -> None:
    """Show the scores that matter: a first bound may be many times as high as any plan."""
    scores = [point.score for result in results for point in result.curve[-1:]]
    bounds = [p.bound for result in results for p in result.curve[-1:] if p.bound is not None]
    if scores:
        low, high = min(scores), max(scores + bounds)
        room = max(0.08 * (high - low), 1e-3 * abs(high), 1e-9)
        axes.set_ylim(low - 2 * room, high + 2 * room)


def draw_bars(found: Sequence[Summary], path: Path) -> None:
    """The score of each contestant in relation to that of greedy by weight, median over the seeds; the bound as a line."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(one.name for one in found))
    contestants = [c for c in COLOURS if any(one.contestant == c and one.ratio for one in found)]
    by_key = {(one.name, one.contestant): one for one in found}
    figure = Figure(figsize=(max(7.0, 2.4 * len(names) + 2.5), 4.2), layout="constrained")
    axes = figure.add_subplot()
    width = 0.84 / max(1, len(contestants))
    for number, contestant in enumerate([*contestants[1:], *contestants[:1]]):
        _draw_bars(
            axes, [by_key.get((name, contestant)) for name in names], number * width, width, contestant
        )
    axes.axhline(1.0, color="grey", linewidth=0.8, linestyle=":")
    axes.plot([], [], color="black", label="proven bound")
    middle = width * (len(contestants) - 1) / 2
    axes.set_xticks([place + middle for place in range(len(names))], names)
    axes.set_ylabel("score, greedy by weight = 1")
    axes.margins(y=0.08)
    figure.suptitle("What the plans are worth: the same instances, the same rules, the same judge")
    axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.savefig(path, dpi=120)


def _draw_bars(
    axes: "Axes", found: Sequence[Summary | None], shift: float, width: float, contestant: str
) -> None:
    places, heights = [], []
    for place, one in enumerate(found):
        if one is not None and one.ratio is not None:
            places.append(place + shift)
            heights.append(one.ratio.median)
            if one.gap is not None:
                top = one.ratio.median / (1 - one.gap.median)
                axes.plot([place + shift - width / 2, place + shift + width / 2], [top, top], color="black")
    bars = axes.bar(places, heights, width, color=COLOURS[contestant], label=label(contestant))
    axes.bar_label(bars, fmt="%.2f", fontsize=7, padding=2)
