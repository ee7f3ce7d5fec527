"""Jobs are put into the queue in the transaction of what they belong to: both are there afterwards, or neither."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from procrastinate import App, SyncPsycopgConnector
from procrastinate.jobs import JobDeferrer
from sqlmodel import Session

# Never opened: it only builds the statement that runs on the database session's own connection.
_enqueue = App(connector=SyncPsycopgConnector())

# A run takes a minute, and the worker takes one at a time: in a queue of its own it keeps no message waiting.
# So is a repair, which must not wait until a long run ends.
DEFAULT_QUEUE, RUNS_QUEUE, REPAIRS_QUEUE = "default", "runs", "repairs"
MOST_AT_ONCE = 1000
_QUEUES = {"carry_out_run": RUNS_QUEUE, "find_worth": RUNS_QUEUE, "carry_out_repair": REPAIRS_QUEUE}


def defer_many(db: Session, task: str, argument: str, values: Sequence[str]) -> None:
    """The same job once for each value, in few statements."""
    job = _configured(db, task)
    for start in range(0, len(values), MOST_AT_ONCE):
        arguments: list[Any] = [{argument: value} for value in values[start : start + MOST_AT_ONCE]]
        job.batch_defer(*arguments)


def defer_until(db: Session, task: str, moment: datetime, **arguments: str) -> None:
    """The same for a job that no worker begins before a moment."""
    _configured(db, task, schedule_at=moment).defer(**arguments)


def defer(db: Session, task: str, **arguments: str) -> None:
    """Put the job `task` into the queue, to be seen by a worker once `db` commits."""
    _configured(db, task).defer(**arguments)


def defer_in_turn(db: Session, task: str, lock: str, moment: datetime, **arguments: str) -> None:
    """The same for a job that no worker begins before a moment, nor while another of the same `lock` is being done."""
    _configured(db, task, schedule_at=moment, lock=lock).defer(**arguments)


def _configured(db: Session, task: str, **options: Any) -> JobDeferrer:
    connection = db.connection().connection.driver_connection
    queue = _QUEUES.get(task, DEFAULT_QUEUE)
    return _enqueue.configure_task(task, allow_unknown=True, queue=queue, connection=connection, **options)
