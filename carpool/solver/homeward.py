"""An instance with people at events, solved as the two that it is, and the two plans as one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from carpool.check import violations
from carpool.explain.homeward import explain_homeward
from carpool.homeward import Parts
from carpool.instance import Instance
from carpool.plan import Drop, Plan, Status, Trip
from carpool.schedule import schedule_of, trip_from_schedule
from carpool.score import score_parts
from carpool.solver.incumbent import Progress
from carpool.solver.result import gap_between, not_below, status_of
from carpool.solver.stop import Clock, never

LEAST_SHARE = 0.1
"""Share of the time that the ways home get at least; few people need a moment."""


class Solver(Protocol):
    """How one of the parts is solved."""

    def __call__(
        self, instance: Instance, *, seconds: float | None, progress: Callable[[Progress], None] | None
    ) -> Plan: ...


def solve_parts(
    parts: Parts,
    seconds: float | None,
    progress: Callable[[Progress], None] | None,
    solve_home: Solver,
    solve_main: Solver,
) -> Plan:
    """The ways home first, then everybody else in the time that is left: the scores add up, and so do the bounds."""
    clock = Clock(None, never)
    share = max(LEAST_SHARE, len(parts.whole.at_events) / len(parts.whole.index))
    home = solve_home(parts.home, seconds=None if seconds is None else share * seconds, progress=None)
    told = None if progress is None else _with_home(progress, home)
    left = None if seconds is None else max(0.0, seconds - clock.elapsed)
    main = solve_main(parts.main, seconds=left, progress=told)
    return _joined(parts, main, home, clock.elapsed)


def _with_home(progress: Callable[[Progress], None], home: Plan) -> Callable[[Progress], None]:
    score, bound = home.score or 0.0, home.bound or 0.0

    def told(step: Progress) -> None:
        both = None if step.bound is None else step.bound + bound
        gap = None if both is None else gap_between(step.score + score, both)
        progress(replace(step, score=step.score + score, bound=both, gap=gap))

    return told


def _joined(parts: Parts, main: Plan, home: Plan, seconds: float) -> Plan:
    """One plan of the two. Raises `RuntimeError` if it breaks a rule: that is a bug here, and none is handed out."""
    whole = parts.whole
    homeward = [_forwards(whole, trip) for trip in home.trips]
    position = {event.id: number for number, event in enumerate(whole.events)}
    # Main trips are in order already, and those that only go home are the last of their event.
    trips = tuple(
        sorted(
            [*main.trips, *sorted(homeward, key=lambda trip: trip.driver)], key=lambda t: position[t.event]
        )
    )
    score = score_parts(whole, [schedule_of(whole, trip) for trip in trips])
    left = [*(main.unmatched or ()), *explain_homeward(parts, trips)]
    bound = not_below(score.score, (main.bound or 0.0) + (home.bound or 0.0))
    gap = gap_between(score.score, bound)
    stopped = Status.STOPPED in (main.status, home.status)
    plan = replace(
        main, trips=trips, unmatched=tuple(sorted(left, key=lambda one: whole.index[one.id])),
        score=score.score, volunteers=score.volunteers, weighted_volunteers=score.weighted_volunteers,
        bound=bound, gap=gap, status=status_of(gap, stopped), seconds=seconds,
    )  # fmt: skip
    if found := violations(whole, plan):
        raise RuntimeError("the solver's plan breaks a rule: " + "; ".join(map(str, found[:5])))
    return plan


def _forwards(whole: Instance, trip: Trip) -> Trip:
    """A way home that was found backwards, as the judge writes it."""
    back = tuple(Drop(stop.rider, place=stop.place) for stop in reversed(trip.stops))
    return trip_from_schedule(schedule_of(whole, Trip(trip.driver, trip.event, back=back)))
