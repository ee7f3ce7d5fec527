"""Jobs are put into the queue in the transaction of what they belong to: both are there afterwards, or neither."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from procrastinate import App, SyncPsycopgConnector
from procrastinate.jobs import JobDeferrer
from sqlmodel import Session, col, select

from api.store.tables import Message

# Never opened: it only builds the statement that runs on the database session's own connection.
_enqueue = App(connector=SyncPsycopgConnector())

# A run takes a minute, and the worker takes one at a time: in a queue of its own it keeps no message waiting.
# So is a repair, which must not wait until a long run ends. Letters wait for one server and texts for another: while one of
# them says nothing, neither the others nor what the clock brings may wait for it.
DEFAULT_QUEUE, RUNS_QUEUE, REPAIRS_QUEUE = "default", "runs", "repairs"
LETTERS_QUEUE, TEXTS_QUEUE = "letters", "texts"
MOST_AT_ONCE = 1000
SEND = "send_message"
_QUEUES = {"carry_out_run": RUNS_QUEUE, "find_worth": RUNS_QUEUE, "carry_out_repair": REPAIRS_QUEUE}


def send_one(db: Session, message_id: UUID, channel: str, *, first: bool) -> None:
    """As `send`, where the channel is known already and need not be looked up."""
    _send(db, TEXTS_QUEUE if channel == "text" else LETTERS_QUEUE, [message_id], first)


def send(db: Session, message_ids: Sequence[UUID], *, first: bool = False) -> None:
    """Queue the sending of many messages; before all others that wait, if they go `first`."""
    texts = set[UUID]()
    for start in range(0, len(message_ids), MOST_AT_ONCE):
        some = col(Message.id).in_(message_ids[start : start + MOST_AT_ONCE])
        texts.update(db.exec(select(Message.id).where(some, Message.channel == "text")).all())
    for queue, is_text in ((LETTERS_QUEUE, False), (TEXTS_QUEUE, True)):
        _send(db, queue, [one for one in message_ids if (one in texts) == is_text], first)


def _send(db: Session, queue: str, message_ids: Sequence[UUID], first: bool) -> None:
    job = _configured(db, SEND, queue=queue, priority=int(first))
    _defer_many(job, "message_id", [str(one) for one in message_ids])


def defer_many(db: Session, task: str, argument: str, values: Sequence[str]) -> None:
    """The same job once for each value, in few statements."""
    _defer_many(_configured(db, task), argument, values)


def _defer_many(job: JobDeferrer, argument: str, values: Sequence[str]) -> None:
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
    options = {"queue": _QUEUES.get(task, DEFAULT_QUEUE)} | options
    return _enqueue.configure_task(task, allow_unknown=True, connection=connection, **options)
