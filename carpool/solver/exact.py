"""The proven optimum over given columns: a set packing with concave event values, solved by CP-SAT.

CP-SAT works on integers. Every worth is scaled by a power of two, which is exact, and rounded up, so that the integer
bound, scaled back, is a bound on the real score: equations (12) and (13) of docs/formulation.md.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass

from ortools.sat.python import cp_model

from carpool.solver.column import Column, worth
from carpool.solver.data import Data
from carpool.solver.stop import never

LARGEST_SUM = 2**52
"""No sum of scaled worths exceeds this, so that they are exact even where CP-SAT goes through floats."""

ACCURACY = 1e-10
"""What rounding may add to the bound in all."""

DETERMINISTIC_LIMIT = 120.0
"""CP-SAT's own measure of work, about seconds, at which a run that must be repeatable gives up."""

POLL_SECONDS = 0.05

FLOAT_NOISE = 1e-14
"""Relative error of a sum of a few thousand floats, with room to spare."""


@dataclass(frozen=True, slots=True)
class Packing:
    """Chosen columns (None: none was found in time) and a proven bound on the score over all choices."""

    columns: tuple[Column, ...] | None
    bound: float


def best_packing(
    data: Data,
    columns: Sequence[Column],
    start: Sequence[Column],
    seconds: float | None = None,
    asked: Callable[[], bool] = never,
    effort: float = DETERMINISTIC_LIMIT,
) -> Packing:
    """The best choice of columns, with the plan `start` as a hint. There must be a choice that keeps all pins.

    Without `seconds` the result is repeatable, and `effort` limits the work by CP-SAT's own measure. `asked` is called now
    and then whether to end with the best so far.
    """
    model = _Model(data, columns)
    model.hint(start)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    # One thread that leans on the linear relaxation closes these models faster than several that do not, and it alone
    # is repeatable. Probing costs more than it finds in a packing.
    parameters.num_workers = 1
    parameters.linearization_level = 2
    parameters.cp_model_probing_level = 0
    parameters.catch_sigint_signal = False
    if seconds is None:
        parameters.max_deterministic_time = effort
    else:
        parameters.max_time_in_seconds = max(POLL_SECONDS, seconds)
    status = _solve(solver, model.model, asked)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Packing(None, math.inf)
    chosen = tuple(column for column, x in zip(columns, model.chosen, strict=True) if solver.boolean_value(x))
    return Packing(chosen, model.real(-solver.response_proto.inner_objective_lower_bound))


def _solve(
    solver: cp_model.CpSolver, model: cp_model.CpModel, asked: Callable[[], bool]
) -> cp_model.CpSolverStatus:
    """Solve in a thread of its own: Python sees a signal only in the main thread, which must not sit in CP-SAT."""
    with ThreadPoolExecutor(1) as executor:
        running: Future[cp_model.CpSolverStatus] = executor.submit(solver.solve, model)
        while True:
            try:
                return running.result(timeout=POLL_SECONDS)
            except NotYet:
                if asked():
                    solver.stop_search()


class _Model:
    """The model, minimising minus the score: x_j for each column, y_e and h_e for the people in full and in half."""

    def __init__(self, data: Data, columns: Sequence[Column]) -> None:
        self.data, self.columns = data, columns
        self.model = cp_model.CpModel()
        self.chosen = [self.model.new_bool_var("") for _ in columns]
        self.offset = -data.told_total
        self.worths = self._worths()
        people = self._people_in_reach()
        self.shift = self._scale(people)
        self._each_person_once()
        terms: list[cp_model.LinearExpr] = [
            self._rounded(c) * x for c, x in zip(self.worths, self.chosen, strict=True)
        ]
        for event, reach in people.items():
            terms += self._event_terms(event, reach)
        self.model.minimize(-cp_model.LinearExpr.sum(terms))

    def hint(self, start: Sequence[Column]) -> None:
        """Offer CP-SAT a plan to begin with; trips that are no column are passed over."""
        wanted = {(column.driver, column.event, frozenset(column.riders)) for column in start}
        for column, x in zip(self.columns, self.chosen, strict=True):
            self.model.add_hint(x, (column.driver, column.event, frozenset(column.riders)) in wanted)

    def real(self, scaled: int) -> float:
        """A bound in scaled integers as one on the score, rounded up."""
        noise = FLOAT_NOISE * (abs(self.offset) + self.size)
        return math.nextafter(math.ldexp(float(scaled), -self.shift) + self.offset + noise, math.inf)

    def _worths(self) -> list[float]:
        """c_j; for a pinned driver less the best of the pin's columns, since one of them is in every plan."""
        worths = [worth(self.data, column) for column in self.columns]
        best: dict[int, float] = {}
        for column, c in zip(self.columns, worths, strict=True):
            if column.driver in self.data.pins:
                best[column.driver] = max(c, best.get(column.driver, -math.inf))
        self.offset += math.fsum(best.values())
        return [c - best.get(column.driver, 0.0) for column, c in zip(self.columns, worths, strict=True)]

    def _people_in_reach(self) -> dict[int, int]:
        """Event → how many people can be there at most, by capacity and by who can come."""
        able: defaultdict[int, set[int]] = defaultdict(set)
        for column in self.columns:
            able[column.event].update(column.members)
        return {
            event: min(self.data.goals[event].capacity, sum(map(self.data.party, members)))
            for event, members in sorted(able.items())
        }

    def _scale(self, people: dict[int, int]) -> int:
        """The exponent of the scale: fine enough for `ACCURACY`, coarse enough for `LARGEST_SUM`."""
        largest: dict[int, float] = {}
        for column, c in zip(self.columns, self.worths, strict=True):
            largest[column.driver] = max(abs(c), largest.get(column.driver, 0.0))
        values = math.fsum(self.data.goals[event].value(reach) for event, reach in people.items())
        self.size = math.fsum(largest.values()) + values + 1.0
        roundings = len(largest) + sum(people.values()) + 1
        return min(math.frexp(roundings / ACCURACY)[1], math.frexp(LARGEST_SUM / self.size)[1] - 2)

    def _rounded(self, value: float) -> int:
        return math.ceil(math.ldexp(value, self.shift))

    def _each_person_once(self) -> None:
        """Equation (12b), and (12c) for the pins."""
        trips: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
        for column, x in zip(self.columns, self.chosen, strict=True):
            for person in column.members:
                trips[person].append(x)
        for person, variables in trips.items():
            if person in self.data.pins:
                self.model.add_exactly_one(variables)
            elif len(variables) > 1:
                self.model.add_at_most_one(variables)

    def _event_terms(self, event: int, reach: int) -> list[cp_model.LinearExpr]:
        """Value of one event's people, equation (12d): the first `wanted` in full, the others half."""
        goal = self.data.goals[event]
        here = [
            (column.people, x)
            for column, x in zip(self.columns, self.chosen, strict=True)
            if column.event == event
        ]
        coming = cp_model.LinearExpr.weighted_sum([x for _, x in here], [people for people, _ in here])
        full = self.model.new_int_var(0, min(reach, goal.wanted), "")
        half = self.model.new_int_var(0, max(0, reach - goal.wanted), "")
        self.model.add(coming == full + half)
        return [self._rounded(goal.weight) * full, self._rounded(goal.weight / 2) * half]
