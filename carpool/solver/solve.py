"""Solve an instance: a plan as good as the time allows, and a bound that says how much better any plan could be.

All trips and the proven best of them where they are few; else the engine. The mathematics is docs/formulation.md.
"""

import math
from collections.abc import Callable
from functools import partial

from carpool.certificate import Certificate
from carpool.errors import Fault, InvalidInstance
from carpool.homeward import part
from carpool.instance import Instance
from carpool.pins import judge_pins, pin_faults
from carpool.plan import Plan
from carpool.show import show
from carpool.solver.aside import without_impossible
from carpool.solver.candidates import Scene, make_scene
from carpool.solver.column import column_of, total_score
from carpool.solver.data import Data, compile_data
from carpool.solver.enumeration import all_columns
from carpool.solver.exact import best_packing
from carpool.solver.growth import USUAL_BUDGET, Budget, Meter
from carpool.solver.homeward import solve_parts
from carpool.solver.incumbent import Incumbent, Progress
from carpool.solver.result import GAP, write_plan
from carpool.solver.stop import Clock, never

ROUNDS_WITHOUT_LIMIT = 100
"""Rounds of the final search when neither time nor rounds are given."""

EXACT_SHARE = 0.3
"""Share of the time that enumeration may use."""

SMALL = 150
"""People up to whom all trips are enumerated, if the budget lasts."""


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
    certify: Callable[[Certificate], None] | None = None,
) -> Plan:
    """The best plan found in `seconds` of wall time or `rounds` of search, whichever ends first, with a proven bound.

    With `rounds` and `seconds` None the result depends on instance, seed and rounds alone, but for `Plan.seconds`.
    `workers` is how many threads may work. `progress` hears of every better plan and bound, `stop` is asked now and then
    whether to end with the best so far. Where the trips are more than `budget` they are searched, not enumerated.
    `certify` gets prices that prove the engine's bound, even where enumeration alone would do and proves a better one; where
    people are at events, the bound is that of everybody else.
    Raises `InvalidInstance` if no plan can keep the pins.
    """
    one = partial(
        _solve, rounds=rounds, seed=seed, workers=workers, stop=stop or never, budget=budget, certify=None
    )
    parts = part(instance)
    if parts is None:
        return one(instance, seconds=seconds, progress=progress, certify=certify)
    if faults := pin_faults(instance):
        raise InvalidInstance(faults)
    return solve_parts(parts, seconds, progress, one, partial(one, certify=certify))


def _solve(
    instance: Instance,
    *,
    seconds: float | None,
    rounds: int | None,
    seed: int,
    workers: int,
    progress: Callable[[Progress], None] | None,
    stop: Callable[[], bool],
    budget: Budget,
    certify: Callable[[Certificate], None] | None,
) -> Plan:
    """The same for an instance in which nobody is at an event."""
    clock = Clock(seconds, stop, people=len(instance.index))
    verdict = judge_pins(instance)
    if verdict.faults:
        raise InvalidInstance(verdict.faults)
    whole = compile_data(instance)
    # The others' trips are the same with those who can be in none and without them.
    possible = without_impossible(whole)
    data = whole if possible is instance else compile_data(possible)
    scene, found = make_scene(data), Incumbent(clock, progress)
    pins = [column_of(data, scene.limits, trip) for trip in verdict.trips]
    if {column.driver for column in pins} >= set(data.pins):
        found.take(total_score(data, pins), lambda: pins, "pins")
    found.prove(_everybody_where_wanted(data), "first bound")
    if found.found and clock.over():
        pass  # No time for more than pins and a first bound.
    elif len(data.ids) > SMALL or not _prove_best(scene, found, clock, budget) or certify is not None:
        # Imported here because compiled code takes a second to load, which small instances do not need.
        from carpool.solver.engine import Engine

        limit = ROUNDS_WITHOUT_LIMIT if rounds is None and not clock.timed else rounds
        # What is proven needs no more search, but the prices that a certificate is made of have to be found all the same.
        sought = found if found.gap > GAP else Incumbent(clock, None)
        engine = Engine(data, scene.limits, sought, clock, workers, seed)
        engine.run(pins, limit)
        if certify is not None:
            certify(engine.certificate(whole.goals))
    if not found.found:
        fault = Fault("pinned", show(len(instance.pinned)), "no plan was found that keeps all pins")
        raise InvalidInstance([fault])
    about = scene if data is whole else make_scene(whole)
    return write_plan(scene, found.columns, found.bound, clock, seed, about)


def _prove_best(scene: Scene, found: Incumbent, clock: Clock, budget: Budget) -> bool:
    """All trips and the proven best of them; False if they are too many for the budget or the time."""
    columns = all_columns(scene, Meter(budget, lambda: clock.over(EXACT_SHARE)))
    if columns is None or clock.over(EXACT_SHARE):
        return False
    packing = best_packing(scene.data, columns, found.columns, clock.left(), clock.asked)
    if packing.columns is not None:
        chosen = packing.columns
        found.take(total_score(scene.data, chosen), lambda: chosen, "proof")
    found.prove(packing.bound, "proof")
    return found.gap <= GAP


def _everybody_where_wanted(data: Data) -> float:
    """A bound that needs no search: all events full, or everybody where it counts most; no minute driven, promises kept."""
    full = math.fsum(goal.value(goal.capacity) for goal in data.goals)
    people = sum(rider.party for rider in data.passengers.values())
    people += sum(car.party for person, car in data.cars.items() if person not in data.passengers)
    return math.nextafter(
        min(full, people * max((goal.weight for goal in data.goals), default=0.0)), math.inf
    )
