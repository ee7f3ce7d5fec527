"""Jobs are put into the queue in the transaction of what they belong to: both are there afterwards, or neither."""

from procrastinate import App, SyncPsycopgConnector
from sqlmodel import Session

# Never opened: it only builds the statement that runs on the database session's own connection.
_enqueue = App(connector=SyncPsycopgConnector())


def defer(db: Session, task: str, **arguments: str) -> None:
    """Put the job `task` into the queue, to be seen by a worker once `db` commits."""
    connection = db.connection().connection.driver_connection
    _enqueue.configure_task(task, allow_unknown=True, connection=connection).defer(**arguments)
