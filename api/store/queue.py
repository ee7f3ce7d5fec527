"""Jobs are put into the queue in the transaction of what they belong to: both are there afterwards, or neither."""

from procrastinate import App, SyncPsycopgConnector
from sqlmodel import Session

# Never opened: it only builds the statement that runs on the database session's own connection.
_enqueue = App(connector=SyncPsycopgConnector())

# A run takes a minute, and the worker takes one at a time: in a queue of its own it keeps no message waiting.
DEFAULT_QUEUE, RUNS_QUEUE = "default", "runs"
_QUEUES = {"carry_out_run": RUNS_QUEUE}


def defer(db: Session, task: str, **arguments: str) -> None:
    """Put the job `task` into the queue, to be seen by a worker once `db` commits."""
    connection = db.connection().connection.driver_connection
    queue = _QUEUES.get(task, DEFAULT_QUEUE)
    _enqueue.configure_task(task, allow_unknown=True, queue=queue, connection=connection).defer(**arguments)
