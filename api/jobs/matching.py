"""Carrying out one matching run: instance from the database, plan from the child process, checked before it is kept."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError

from api.jobs.child import Task
from api.jobs.roads import with_road_times
from api.jobs.solving import Progress, SolverFailed, SolverInterrupted
from api.jobs.tools import Tools
from api.logs import log
from api.services import matching
from carpool import violations
from carpool.files import instance_from_json, plan_from_json

BROKEN = "The solver's plan broke a rule, so it was thrown away. This is a fault of the service: please tell its operator."
OURS = "The run broke off by a fault of the service. Please tell its operator, whose log says more."


def carry_out(tools: Tools, run_id: UUID) -> None:
    """Solve the run unless it is over. One that another worker began and lost begins again with the same instance.

    Raises `SolverInterrupted` if this worker ends without a plan: the run stays as it is, for another worker.
    """
    try:
        with tools.transaction() as db:
            instance = matching.begin(db, run_id)
            seconds, seed = matching.settings_of(db, run_id)
        if instance is not None:
            instance = with_road_times(tools, run_id, instance)
        if instance is not None:
            plan = tools.solver.solve(Task(instance, seconds, seed), _noting(tools, run_id))
            _check(instance, plan, run_id)
            tools.insist(lambda db: matching.finish(db, run_id, plan))
    except SolverFailed as failure:
        reason = failure.message
        tools.insist(lambda db: matching.fail(db, run_id, reason))
    except (OperationalError, SolverInterrupted):
        raise
    except Exception:
        tools.insist(lambda db: matching.fail(db, run_id, OURS))
        raise


def _noting(tools: Tools, run_id: UUID) -> Callable[[Progress], bool]:
    def note(progress: Progress) -> bool:
        try:
            with tools.transaction() as db:
                return matching.note_progress(db, run_id, progress)
        except OperationalError:
            return False  # The solver goes on while the database is away; its plan is wanted when it is back.

    return note


def _check(instance: str, plan: dict[str, Any], run_id: UUID) -> None:
    """Nothing is kept that the judge, who knows no solver, does not pass."""
    found = violations(instance_from_json(json.loads(instance)), plan_from_json(plan))
    if found:
        log.error("the solver's plan breaks a rule", run_id=str(run_id), count=len(found))
        raise SolverFailed(BROKEN)
