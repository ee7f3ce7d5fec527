"""Why somebody is in no trip, in the format's word and in plain ones, and the smallest change that would have helped.

Every reason is a predicate over the instance and the final plan: docs/formulation.md, section "Reasons".
"""

from collections.abc import Sequence

from carpool.collector import at_rest
from carpool.explain.findings import find_reasons
from carpool.explain.homeward import explain_homeward
from carpool.explain.words import fix, text
from carpool.homeward import part
from carpool.instance import Instance
from carpool.plan import Trip, Unmatched
from carpool.solver.candidates import Scene


@at_rest()
def explain(instance: Instance, trips: Sequence[Trip], scene: Scene | None = None) -> tuple[Unmatched, ...]:
    """Everybody who is in none of the trips, in the order of the instance, with reason, text and fix.

    The trips must keep the rules. `scene` saves working out again what the solver already has.
    """
    if (parts := part(instance)) is not None:
        left = [*explain(parts.main, parts.of_main(trips)), *explain_homeward(parts, tuple(trips))]
        return tuple(sorted(left, key=lambda one: instance.index[one.id]))
    findings = find_reasons(instance, trips, scene)
    return tuple(
        Unmatched(finding.person.id, finding.reason, text(finding), fix(finding)) for finding in findings
    )
