"""Finding out where one more car would help most, for a plan that a coordinator looks at."""

import json
from uuid import UUID

from sqlalchemy.exc import OperationalError

from api.jobs.child import Task
from api.jobs.matching import OURS
from api.jobs.solving import SolverFailed, SolverInterrupted
from api.jobs.tools import Tools
from api.services import worth
from api.store.queries import worth as queries


def find_worth(tools: Tools, run_id: UUID) -> None:
    """Once, however often this is called. A matching run that waits for the solver comes first: then less is looked at."""
    try:
        with tools.transaction() as db:
            begun = worth.begin(db, run_id)
        if begun is not None:
            instance, plan = begun
            task = Task(json.dumps(instance), worth.SECONDS * 2, seed=1, plan=json.dumps(plan))
            found = tools.solver.solve(task, lambda _: _is_in_the_way(tools))
            tools.insist(lambda db: worth.finish(db, run_id, instance, found["cars"]))
    except SolverFailed as failure:
        reason = failure.message
        tools.insist(lambda db: worth.fail(db, run_id, reason))
    except (OperationalError, SolverInterrupted):
        raise
    except Exception:
        tools.insist(lambda db: worth.fail(db, run_id, OURS))
        raise


def _is_in_the_way(tools: Tools) -> bool:
    try:
        with tools.transaction() as db:
            return queries.runs_wait(db)
    except OperationalError:
        return False
