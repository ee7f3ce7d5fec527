"""From chosen columns to the plan of the file format: trips with times, who is left and why, score, bound, gap, status."""

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from carpool.check import violations
from carpool.collector import at_rest
from carpool.explain import explain
from carpool.instance import Instance
from carpool.plan import Plan, Status, Trip
from carpool.schedule import Schedule, make_schedule, trip_from_schedule
from carpool.score import score_parts
from carpool.solver.candidates import Scene
from carpool.solver.column import Column
from carpool.solver.data import Data
from carpool.solver.stop import Clock

GAP = 1e-9

BOUND_NOISE = 1e-6
"""By how much at most, relative to the score, sums in another order may put a bound below it. More is a bug."""


@at_rest()
def write_plan(
    scene: Scene,
    columns: Sequence[Column],
    bound: float,
    clock: Clock,
    seed: int,
    whole: Scene | None = None,
) -> Plan:
    """The finished plan. The columns are of `scene`; the plan is about `whole`, if somebody was set aside before.

    Raises `RuntimeError` if it breaks a rule or scores more than the bound: that is a bug here, and no such plan is
    handed out.
    """
    whole = whole or scene
    instance = whole.data.instance
    schedules = [_schedule(scene.data, column) for column in columns]
    trips = in_order(instance, [trip_from_schedule(schedule) for schedule in schedules])
    parts = score_parts(instance, schedules)
    bound = not_below(parts.score, bound)
    unmatched = explain(instance, trips, whole)
    gap = gap_between(parts.score, bound)
    plan = Plan(
        trips=trips, unmatched=unmatched, score=parts.score, volunteers=parts.volunteers,
        weighted_volunteers=parts.weighted_volunteers, bound=bound, gap=gap,
        status=status_of(gap, clock.stopped), seconds=clock.elapsed, seed=seed, version=own_version(),
    )  # fmt: skip
    if found := violations(instance, plan):
        raise RuntimeError("the solver's plan breaks a rule: " + "; ".join(map(str, found[:5])))
    return plan


def _schedule(data: Data, column: Column) -> Schedule:
    """When the car is where, as the judge computes it."""
    instance = data.instance
    driver = instance.driver_by_id[data.ids[column.driver]]
    stops = [(data.ids[halt.person], halt.pickup.name) for halt in column.stops]
    return make_schedule(instance, driver, instance.events[column.event], stops)


def in_order(instance: Instance, trips: Sequence[Trip]) -> tuple[Trip, ...]:
    """Trips by event as in the instance, then written departure, then driver."""
    position = {event.id: number for number, event in enumerate(instance.events)}

    def key(trip: Trip) -> tuple[int, datetime, str]:
        assert trip.departs_at is not None
        return position[trip.event], trip.departs_at, trip.driver

    return tuple(sorted(trips, key=key))


def not_below(score: float, bound: float) -> float:
    """The bound, or the score of a plan where the noise of other sums puts the bound below it.

    Raises `RuntimeError` if it is further below: then one of the two is wrong.
    """
    if bound < score - BOUND_NOISE * max(1.0, abs(score)):
        raise RuntimeError(
            f"the solver has a plan of score {score!r}, and a proof that none scores more than {bound!r}: please report this "
            f"bug with the instance, the command and its seed, and the version, which is {own_version()}"
        )
    return max(bound, score)


def gap_between(score: float, bound: float) -> float:
    """The gap as the format defines it: 0 within 1e-9, else relative to the bound."""
    return 0.0 if bound - score <= GAP else (bound - score) / max(abs(bound), GAP)


def status_of(gap: float, stopped: bool) -> Status:
    """Optimal if proven so, else stopped if somebody asked, else feasible."""
    if gap <= GAP:
        return Status.OPTIMAL
    return Status.STOPPED if stopped else Status.FEASIBLE


def own_version() -> str:
    """The version of this package, as installed."""
    try:
        return version("keyseat-carpool")
    except PackageNotFoundError:
        return "0"
