"""Other ways of matching, as strong as they honestly are. They share no code with the solver."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from carpool.errors import CarpoolError
from carpool.instance import Instance
from carpool.plan import Trip

Solve = Callable[[Instance, float, int, int], list[Trip]]
"""Trips for an instance in so many seconds, from a seed, with so many threads."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another way of matching: its name in tables, where it is, the most people it is run with, what it needs installed."""

    label: str
    home: str
    function: str
    most_people: int | None = None
    package: str | None = None

    def load(self) -> Solve:
        """The function that solves. Libraries are imported only now, each contestant in a process of its own."""
        solve: Solve = getattr(import_module(f"{__name__}.{self.home}"), self.function)
        return solve


RIVALS = {
    "nearest": Rival("nearest car first", "nearest", "solve_by_distance"),
    "greedy": Rival("greedy by weight", "greedy", "solve_greedily"),
    "once": Rival("greedy, one pass", "greedy", "solve_in_one_pass"),
    "trips": Rival("greedy trip by trip", "greedy", "solve_trip_by_trip", 10_000),
    "ortools": Rival("OR-Tools routing", "ortools_routing", "solve_with_ortools", 5_000),
    "vroom": Rival("VROOM", "vroom_routing", "solve_with_vroom", 5_000, "vroom"),
}


def check_rivals(names: list[str], known: Mapping[str, Rival] = RIVALS) -> None:
    """Raise `CarpoolError` if one of the names is no rival's, or what it needs is not installed."""
    for name in names:
        if name not in known:
            raise CarpoolError(f"There is no rival “{name}”. There are: {', '.join(known)}.", "rivals")
        package = known[name].package
        if package is not None and find_spec(package) is None:
            raise CarpoolError(
                f"{known[name].label} is not installed. Install it: pip install '.[bench]'", "rivals"
            )
