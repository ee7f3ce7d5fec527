"""Restricted masters: the best choice among the pool's trips for some dozens of neighbouring cars, by CP-SAT.

All other cars keep their trips; riders in these are not to be had, and the places at events that they leave are. Each
choice is a set packing like equation (12), small enough to be solved to its optimum.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from carpool.solver.draft import copy_of
from carpool.solver.ground import Field
from carpool.solver.kernels.ground import Floats, Ints
from carpool.solver.kernels.pool import Pool
from carpool.solver.kernels.search import Draft, Region, put_in, take_out
from carpool.solver.parallel import in_parallel
from carpool.solver.search import Search

SCALE = 1 << 24
"""Units of CP-SAT's integers a volunteer: a hundredth of a second of driving at the usual exchange."""

WINDOW = 90
"""Cars that are chosen anew together."""


@dataclass(frozen=True)
class Window:
    """Trips of the pool, as (car, slot), that some cars may make; how full and how half valued places are left."""

    cars: Ints
    trips: list[tuple[int, int]]
    current: list[bool]
    full: Ints
    half: Ints


def recombine(
    search: Search, pool: Pool, values: Floats, margin: float, effort: float, seconds: float | None
) -> None:
    """Choose anew, in each region, for cars around a random one. `values` are the trips' reduced worths, (cars, slots);
    trips more than `margin` below their car's best are left out. Effort is in CP-SAT's deterministic seconds; `seconds`
    are all that the clock has left, None without a limit."""
    regions = [region for region in search.split() if len(region.cars)]
    chosen: list[list[tuple[int, int]] | None] = [None] * len(regions)
    windows = [
        _window(search, pool, values, margin, region, int(search.random.choice(region.cars)))
        for region in regions
    ]

    def work(number: int) -> None:
        chosen[number] = _choose(search.field, pool, windows[number], effort, seconds)

    in_parallel(search.workers, work, [(number,) for number in range(len(regions))])
    before, old = search.score, copy_of(search.draft)
    for window, trips in zip(windows, chosen, strict=True):
        if trips is not None:
            _adopt(search.field, pool, search.draft, window, trips)
    if search.score < before:
        # A trip of the plan was not in the pool any more, and nothing as good was.
        search.draft = old


def _window(search: Search, pool: Pool, values: Floats, margin: float, region: Region, centre: int) -> Window:
    field, draft = search.field, search.draft
    ground = field.ground
    cars = search.nearest(centre, WINDOW, region.cars)
    inside = np.zeros(len(field.cars), bool)
    inside[cars] = True
    owner = np.maximum(draft.owner, 0)
    mine = np.where(draft.owner >= 0, inside[owner], region.rider_side == region.side)
    crowd = draft.crowd.copy()
    for car in cars[draft.pair[cars] >= 0].tolist():
        crowd[ground.pairs.event[draft.pair[car]]] -= draft.people[car]
    wanted = np.minimum(ground.events.wanted, ground.events.capacity)
    full = np.maximum(0, np.minimum(wanted, region.room) - crowd)
    half = np.maximum(0, region.room - np.maximum(wanted, crowd))
    trips, current = [], []
    for car in cars.tolist():
        own = ground.cars.rider[car]
        if own >= 0 and not mine[own]:
            continue
        best = values[car, : pool.size[car]].max(initial=0.0)
        for slot in range(pool.size[car]):
            rows = pool.row[car, slot, : pool.stops[car, slot]]
            if not mine[ground.rows.rider[rows]].all():
                continue
            now = bool(draft.pair[car] == pool.pair[car, slot]) and set(rows.tolist()) == set(
                draft.row[car, : draft.stops[car]].tolist()
            )
            if now or values[car, slot] >= best - margin:
                trips.append((car, slot))
                current.append(now)
    return Window(cars, trips, current, full, half)


def _choose(
    field: Field, pool: Pool, window: Window, effort: float, seconds: float | None
) -> list[tuple[int, int]] | None:
    """The best choice found, None if it is none."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in window.trips]
    for x, now in zip(chosen, window.current, strict=True):
        model.add_hint(x, now)
    _each_person_once(model, field, pool, window, chosen)
    terms = [
        round(SCALE * float(pool.worth[car, slot])) * x
        for (car, slot), x in zip(window.trips, chosen, strict=True)
    ]
    model.maximize(cp_model.LinearExpr.sum(terms + _places(model, field, pool, window, chosen)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_deterministic_time = effort
    if seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.0, seconds)
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [trip for trip, x in zip(window.trips, chosen, strict=True) if solver.boolean_value(x)]


def _each_person_once(
    model: cp_model.CpModel, field: Field, pool: Pool, window: Window, chosen: list[cp_model.IntVar]
) -> None:
    """Equations (12b) and (12c) for the window."""
    ground = field.ground
    trips: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    people: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    for (car, slot), x in zip(window.trips, chosen, strict=True):
        trips[car].append(x)
        if ground.cars.rider[car] >= 0:
            people[int(ground.cars.rider[car])].append(x)
        for row in pool.row[car, slot, : pool.stops[car, slot]].tolist():
            people[int(ground.rows.rider[row])].append(x)
    for car, variables in trips.items():
        if ground.cars.pinned[car]:
            model.add_exactly_one(variables)
        else:
            model.add_at_most_one(variables)
    for variables in people.values():
        model.add_at_most_one(variables)


def _places(
    model: cp_model.CpModel, field: Field, pool: Pool, window: Window, chosen: list[cp_model.IntVar]
) -> list[cp_model.LinearExprT]:
    """Equation (12d) for the window; returns the terms of the objective."""
    coming: defaultdict[int, list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
    for (car, slot), x in zip(window.trips, chosen, strict=True):
        event = int(field.ground.pairs.event[pool.pair[car, slot]])
        coming[event].append((int(pool.people[car, slot]), x))
    terms: list[cp_model.LinearExprT] = []
    for event, people in coming.items():
        weight = float(field.ground.events.weight[event])
        full = model.new_int_var(0, int(window.full[event]), "")
        half = model.new_int_var(0, int(window.half[event]), "")
        total = cp_model.LinearExpr.weighted_sum([x for _, x in people], [n for n, _ in people])
        model.add(total == full + half)
        terms += [round(SCALE * weight) * full, round(SCALE * weight / 2) * half]
    return terms


def _adopt(field: Field, pool: Pool, draft: Draft, window: Window, trips: list[tuple[int, int]]) -> None:
    """Let the window's cars make these trips instead of theirs."""
    for car in window.cars.tolist():
        take_out(field.ground, draft, car)
    for car, slot in trips:
        rows = pool.row[car, slot].astype(np.int64)
        stops, worth = int(pool.stops[car, slot]), float(pool.worth[car, slot])
        put_in(field.ground, draft, car, int(pool.pair[car, slot]), rows, stops, worth)
