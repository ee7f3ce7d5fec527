"""Matching volunteers with free places in cars and with the constituencies that need them: the front door of the library.

    instance = Instance(events=…, drivers=…, riders=…)
    plan = solve(instance, seconds=60)
    assert not violations(instance, plan)

`solve` is loaded when it is first asked for, so that a process which only reads, judges or shows plans never carries the
solver's libraries.
"""

from typing import TYPE_CHECKING, Any

from carpool.check import violations
from carpool.instance import Driver, Event, Instance, Rider
from carpool.plan import Plan

# Bound here and now: loaded later, the module of this name would take the place of the function.
from carpool.score import score

if TYPE_CHECKING:
    from carpool.solver.solve import solve

__all__ = ["Driver", "Event", "Instance", "Plan", "Rider", "score", "solve", "violations"]


def __getattr__(name: str) -> Any:
    if name != "solve":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from carpool.solver.solve import solve

    return solve
