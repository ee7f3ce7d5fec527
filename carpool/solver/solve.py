"""Solve an instance: a plan as good as the time allows, and a bound that says how much better any plan could be.

The whole algorithm is `solve` and `_best_columns`; its mathematics is docs/formulation.md.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from carpool.errors import Fault, InvalidInstance
from carpool.instance import Instance
from carpool.pins import judge_pins
from carpool.plan import Plan
from carpool.show import show
from carpool.solver.bound import relaxed_bound
from carpool.solver.candidates import Scene, make_scene
from carpool.solver.column import Column, total_score
from carpool.solver.data import Data, compile_data
from carpool.solver.enumeration import all_columns
from carpool.solver.exact import best_packing
from carpool.solver.growth import USUAL_BUDGET, Budget, Meter
from carpool.solver.result import GAP, gap_between, write_plan
from carpool.solver.search import Search
from carpool.solver.stop import Clock, never

ROUNDS_WITHOUT_LIMIT = 2_000
"""Rounds of search when neither time nor rounds are given."""

EXACT_SHARE = 0.6
"""Share of the time that enumeration and proof may use before the search takes what is left."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve is. `bound` and `gap` are None until there is a bound."""

    seconds: float
    score: float
    bound: float | None
    gap: float | None
    phase: str


def solve(
    instance: Instance,
    *,
    seconds: float | None = 60.0,
    rounds: int | None = None,
    seed: int = 1,
    workers: int = 2,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    budget: Budget = USUAL_BUDGET,
) -> Plan:
    """The best plan found in `seconds` of wall time or `rounds` of search, whichever ends first, with a proven bound.

    With `rounds` and `seconds` None the result depends on instance, seed and rounds alone, but for `Plan.seconds`.
    `workers` is how many threads may work: one so far. `progress` hears of every better plan, `stop` is asked now and
    then whether to end with the best so far. Where the trips are more than `budget` they are searched, not enumerated.
    Raises `InvalidInstance` if no plan can keep the pins.
    """
    clock = Clock(seconds, stop or never, people=len(instance.drivers) + len(instance.riders))
    verdict = judge_pins(instance)
    if verdict.faults:
        raise InvalidInstance(verdict.faults)
    scene = make_scene(compile_data(instance))
    found = _Best(scene.data, clock, progress)
    search = Search(scene, seed, clock.over)
    if search.place_pins(verdict.trips):
        search.construct()
        found.take(search.layout.columns, "first plan")
    _best_columns(scene, found, search, clock, rounds, budget)
    if found.columns is None:
        raise InvalidInstance(
            [Fault("pinned", show(len(instance.pinned)), "no plan was found that keeps all pins")]
        )
    return write_plan(scene, found.columns, found.bound, clock, seed)


def _best_columns(
    scene: Scene, found: "_Best", search: Search, clock: Clock, rounds: int | None, budget: Budget
) -> None:
    """All trips and the proven best of them, if they are few; else a bound, and search.

    The engine for a whole nation (prices, pricing, master) will stand between enumeration and search.
    """
    columns = all_columns(scene, Meter(budget, lambda: clock.over(EXACT_SHARE)))
    if columns is not None and not clock.over(EXACT_SHARE):
        packing = best_packing(scene.data, columns, found.columns or (), clock.left(EXACT_SHARE), clock.asked)
        found.take(packing.columns, "proof", packing.bound)
    if found.columns is not None and found.gap > GAP:
        found.take(None, "bound", relaxed_bound(scene, found.score, clock.over))
        search.start_from(found.columns)
        limit = ROUNDS_WITHOUT_LIMIT if rounds is None and not clock.timed else rounds
        search.improve(limit, lambda: found.take(search.layout.columns, "search"))


class _Best:
    """The best plan and the best bound so far; tells `progress` when one of them changes."""

    def __init__(self, data: Data, clock: Clock, progress: Callable[[Progress], None] | None) -> None:
        self.data, self.clock, self.progress = data, clock, progress
        self.columns: Sequence[Column] | None = None
        self.score, self.bound = -math.inf, math.inf

    @property
    def gap(self) -> float:
        return math.inf if math.isinf(self.bound) else gap_between(self.score, self.bound)

    def take(self, columns: Sequence[Column] | None, phase: str, bound: float = math.inf) -> None:
        """Keep this plan and this bound (None and infinite: there is none), each if it is better."""
        score = -math.inf if columns is None else total_score(self.data, columns)
        if columns is not None and score > self.score:
            self.columns, self.score = columns, score
        self.bound = max(self.score, min(self.bound, bound))
        if self.progress is not None:
            known = math.isfinite(self.bound)
            self.progress(
                Progress(
                    self.clock.elapsed,
                    self.score,
                    self.bound if known else None,
                    self.gap if known else None,
                    phase,
                )
            )
