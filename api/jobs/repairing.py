"""Carrying out one repair: two short searches, each checked; what the first one finds is published before the second begins."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError

from api.jobs.child import Task
from api.jobs.solving import SolverFailed, SolverInterrupted
from api.jobs.tools import Tools
from api.logs import log
from api.services.repair import searching, settling
from carpool import Instance, violations
from carpool.files import instance_to_json, plan_from_json

HELD_SECONDS = 4.0
FREE_SECONDS = 6.0
"""Together the ten seconds that a repair may search, however many people there are."""
ENOUGH = 1e-5
"""A gap at which nobody is waited for any longer: of some 2,000 people it is a fiftieth of one."""
BROKEN = "The solver's plan broke a rule, so it was thrown away. This is a fault of the service: please tell its operator."
OURS = "The search broke off by a fault of the service. Please tell its operator, whose log says more."


def carry_out_repair(tools: Tools, repair_id: UUID) -> None:
    """Repair, unless it is done. What another worker began and lost begins again with the day as it is now.

    Raises `SolverInterrupted` if this worker ends without a plan: the repair stays as it is, for another worker.
    """
    try:
        with tools.transaction() as db:
            begun = searching.begin(db, repair_id)
        if begun:
            _repair(tools, repair_id)
    except SolverFailed as failure:
        reason = failure.message
        tools.insist(lambda db: settling.fail(db, repair_id, reason))
    except (OperationalError, SolverInterrupted):
        raise
    except Exception:
        tools.insist(lambda db: settling.fail(db, repair_id, OURS))
        raise


def _repair(tools: Tools, repair_id: UUID) -> None:
    with tools.transaction() as db:
        asks = searching.proposes_only(db, repair_id)
        found = searching.search(db, repair_id, proposed=asks)
    if found is None:
        return
    plan = _solved(tools, found.held, HELD_SECONDS, repair_id)
    with tools.transaction() as db:
        goes_on = settling.settle_held(db, repair_id, plan)
    if not goes_on:
        return
    with tools.transaction() as db:
        found = searching.search(db, repair_id, proposed=True)
    if found is None:
        return
    plan = _solved(tools, found.free, FREE_SECONDS, repair_id)
    with tools.transaction() as db:
        settling.settle_free(db, repair_id, plan)


def _solved(tools: Tools, instance: Instance, seconds: float, repair_id: UUID) -> dict[str, Any]:
    """The solver's plan. Nothing is kept that the judge, who knows no solver, does not pass."""
    task = Task(json.dumps(instance_to_json(instance)), seconds, seed=1, enough=ENOUGH)
    plan = tools.repairer.solve(task, lambda progress: False)
    faults = violations(instance, plan_from_json(plan))
    if faults:
        log.error("the solver's plan breaks a rule", repair_id=str(repair_id), count=len(faults))
        raise SolverFailed(BROKEN)
    return plan
