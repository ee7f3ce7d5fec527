"""Matches drivers, riders and events: the front door of the library.

`solve` is loaded when it is first asked for: the solver brings OR-Tools along, and who only reads plans needs none of it.
"""

from typing import TYPE_CHECKING, Any

from carpool.instance import Driver, Event, Instance, Rider
from carpool.plan import Plan

# Not later: the module of the same name would take the function's place as soon as somebody imports it.
from carpool.score import score

if TYPE_CHECKING:
    from carpool.check import violations
    from carpool.solver.solve import solve

__all__ = ["Driver", "Event", "Instance", "Plan", "Rider", "score", "solve", "violations"]

_LATER = {"solve": "carpool.solver.solve", "violations": "carpool.check"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LATER[name]), name)
