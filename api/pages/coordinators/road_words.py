"""How much of a run goes by real roads, in plain words."""

from api.services.roads_view import RoadsView
from api.services.views import RunView

_WHY = {
    "down": "the server of road times did not answer as it should. Tell the operator, and run again when it is back",
    "late": "there was no more time to ask. The next run asks for the rest",
    "stopped": "you stopped the run before all were asked for",
    "many": "so large a day needs more drives than the service asks for",
}
_NO_MAP = "the server of road times does not know the roads there"
_MODEL = "estimated from the straight line, as where there is no such server"


def told(run: RunView) -> tuple[str, ...]:
    """A few sentences; none where the operator has no server of road times."""
    roads = run.roads
    if roads is None:
        return ()
    if not roads.wanted:
        return ()
    if not roads.known:
        reason = _WHY.get(roads.why, _NO_MAP)
        return (f"No road times: all driving times are {_MODEL}, because {reason}.",)
    return (_how_many(roads), *_no_way(roads))


def _how_many(roads: RoadsView) -> str:
    rest = roads.wanted - roads.known
    if not rest and roads.why != "many":
        return f"All {roads.wanted:,} drives that a plan may need have road times."
    reason = _WHY.get(roads.why, _NO_MAP)
    if not rest:
        return f"The {roads.known:,} most important drives have road times. All others are {_MODEL}, because {reason}."
    percent = min(99, 100 * roads.known // roads.wanted)
    shown = f"{percent} %" if percent else "less than 1 %"
    drives = f"{roads.known:,} of {roads.wanted:,} drives that a plan may need ({shown}) have road times."
    others = "The other one is" if rest == 1 else f"The other {rest:,} are"
    return f"{drives} {others} {_MODEL}, because {reason}."


def _no_way(roads: RoadsView) -> tuple[str, ...]:
    if not roads.no_way:
        return ()
    count = "one" if roads.no_way == 1 else f"{roads.no_way:,}"
    return (f"For {count} of those with road times there is no way by road, and no car is sent there.",)
