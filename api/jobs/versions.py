"""Two versions at once, as during an upgrade: what a worker leaves to another. docs/decisions/0033-two-versions.md says why."""

from typing import Any, Never

from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job
from procrastinate.tasks import Task
from sqlalchemy import Engine

from api.logs import log
from api.store.migrating import newest, revision

AGAIN_SECONDS = 15
MOST_TIMES = 24 * 3600 // AGAIN_SECONDS
"""A day: by then an upgrade is over, and what nobody knows is a mistake."""


class OtherTables(Exception):
    """The tables are not of this version."""


class _NotKnown(Exception):
    """This version has no such task."""


class _Later(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= MOST_TIMES:
            return None
        return RetryDecision(retry_in={"seconds": AGAIN_SECONDS})


class _Tasks(dict[str, Any]):
    """The tasks by their names, and for a name that is not among them one that puts the job back."""

    def __init__(self, known: dict[str, Any], otherwise: Any) -> None:
        super().__init__(known)
        self._otherwise = otherwise

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name) or self._otherwise


def leave_unknown(app: App) -> None:
    """Put a job whose task this version does not have back into the queue, where it would fail for good otherwise."""
    app.tasks = _Tasks(app.tasks, Task(_not_mine, blueprint=app, queue="", retry=_Later(), pass_context=True))


def check_tables(engine: Engine) -> None:
    """Raises `OtherTables` unless the database has the tables of this version."""
    if revision(engine) != newest():
        raise OtherTables


def _not_mine(context: Any, **_arguments: Any) -> Never:
    log.warning("a job of another version is left to its worker", task=context.job.task_name)
    raise _NotKnown
