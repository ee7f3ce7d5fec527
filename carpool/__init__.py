"""Matching volunteers with free places in cars and with the constituencies that need them: the front door of the library.

    instance = Instance(events=…, drivers=…, riders=…)
    plan = solve(instance, seconds=60)
    assert not violations(instance, plan)

Each name is loaded when it is first asked for: who only reads plans never carries the solver's libraries, and a small
command starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Bound here and now: loaded later, the module of this name would take the place of the function.
from carpool.score import score

if TYPE_CHECKING:
    from carpool.check import violations
    from carpool.instance import Driver, Event, Instance, Rider
    from carpool.plan import Plan
    from carpool.solver.solve import solve
    from carpool.solver.warm import warm
    from carpool.worth.car import CarWorth, one_more_car

__all__ = [
    "CarWorth",
    "Driver",
    "Event",
    "Instance",
    "Plan",
    "Rider",
    "one_more_car",
    "score",
    "solve",
    "violations",
    "warm",
]

_HOMES = {
    "CarWorth": "carpool.worth.car",
    "Driver": "carpool.instance",
    "Event": "carpool.instance",
    "Instance": "carpool.instance",
    "Plan": "carpool.plan",
    "Rider": "carpool.instance",
    "one_more_car": "carpool.worth.car",
    "solve": "carpool.solver.solve",
    "violations": "carpool.check",
    "warm": "carpool.solver.warm",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
