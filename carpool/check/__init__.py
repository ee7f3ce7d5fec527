"""The judge: which rules of the format a plan breaks. It recomputes everything and knows no solver."""

from carpool.check.left import unmatched_violations
from carpool.check.rides import Ride, forced_pins, resolve_trip
from carpool.check.trip import ride_violations, trip_violations
from carpool.check.violation import LIMITS, Rule, Violation
from carpool.check.whole import whole_violations
from carpool.check.written import written_violations
from carpool.collector import at_rest
from carpool.instance import Instance
from carpool.plan import Plan

__all__ = ["LIMITS", "Rule", "Violation", "trip_violations", "violations"]


@at_rest()
def violations(instance: Instance, plan: Plan) -> list[Violation]:
    """Every rule that the plan breaks, and every written number that is not what the rules give; none for a good plan.

    A trip that names somebody or something unknown is judged no further, and then neither are the plan's totals.
    """
    found = [Violation(Rule.MEMBERS, path, "the format has no such member") for path in plan.unknown_members]
    rides, forced = list[Ride](), forced_pins(instance)
    for number, trip in enumerate(plan.trips):
        ride = resolve_trip(instance, number, trip, forced)
        if isinstance(ride, Ride):
            rides.append(ride)
            found.extend(ride_violations(instance, ride))
        else:
            found.extend(ride)
    found.extend(whole_violations(instance, plan, rides))
    found.extend(written_violations(instance, plan, rides))
    found.extend(unmatched_violations(instance, plan))
    return found
