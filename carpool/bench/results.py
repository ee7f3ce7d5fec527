"""What a contestant reached on an instance, and what the figures of several seeds say together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

ENGINE, YARDSTICK = "engine", "greedy"


@dataclass(frozen=True, slots=True)
class Case:
    """An instance to solve: `name` is what instances have in common that differ by the seed alone."""

    name: str
    people: int
    seed: int
    path: str


@dataclass(frozen=True, slots=True)
class Point:
    """Where a contestant was after so many seconds. Rivals have no bound."""

    seconds: float
    score: float
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a contestant did with a case.

    `seconds` is the wall time of its whole process, `solving` without start, reading and writing; `megabytes` the peak of
    its processes' shared-out memory (PSS). `on_time` is the share of trips that arrive in time when minutes vary,
    `value_left` the share of the value that is left when people do not turn up. `failure` says why there is no plan, or
    none that keeps all rules; the figures of the plan are then None.
    """

    contestant: str
    case: Case
    seconds: float = 0.0
    solving: float = 0.0
    megabytes: float = 0.0
    score: float | None = None
    volunteers: int = 0
    bound: float | None = None
    gap: float | None = None
    on_time: float | None = None
    value_left: float | None = None
    curve: tuple[Point, ...] = ()
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """The median and the worst over the seeds."""

    median: float
    worst: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A contestant's figures on the instances of one name, over their seeds. None where there is nothing to say."""

    name: str
    contestant: str
    seeds: int
    score: Figure | None
    ratio: Figure | None
    bound: Figure | None
    gap: Figure | None
    seconds: Figure | None
    solving: Figure | None
    megabytes: Figure | None
    on_time: Figure | None
    value_left: Figure | None
    failures: tuple[str, ...]


def summaries(results: Sequence[Result]) -> list[Summary]:
    """One for each instance name and contestant, in the order in which they were run."""
    keys = dict.fromkeys((result.case.name, result.contestant) for result in results)
    return [_summary(name, contestant, results) for name, contestant in keys]


def ratio(result: Result, results: Sequence[Result]) -> float | None:
    """The score in relation to that of greedy by weight on the same instance; None if one of them has none."""
    others = (r.score for r in results if r.contestant == YARDSTICK and r.case == result.case)
    yardstick = next(others, None)
    if result.score is None or yardstick is None or yardstick <= 0:
        return None
    return result.score / yardstick


def _summary(name: str, contestant: str, results: Sequence[Result]) -> Summary:
    own = [r for r in results if (r.case.name, r.contestant) == (name, contestant)]
    good = [r for r in own if r.failure is None]
    return Summary(
        name=name,
        contestant=contestant,
        seeds=len(good),
        score=_figure([r.score for r in good], min),
        ratio=_figure([ratio(r, results) for r in good], min),
        bound=_figure([r.bound for r in good], max),
        gap=_figure([r.gap for r in good], max),
        seconds=_figure([r.seconds for r in good], max),
        solving=_figure([r.solving for r in good], max),
        megabytes=_figure([r.megabytes for r in good], max),
        on_time=_figure([r.on_time for r in good], min),
        value_left=_figure([r.value_left for r in good], min),
        failures=tuple(dict.fromkeys(r.failure for r in own if r.failure is not None)),
    )


def _figure(values: Sequence[float | None], worst: Callable[[list[float]], float]) -> Figure | None:
    known = [value for value in values if value is not None]
    return Figure(median(known), worst(known)) if known else None
