"""What whoever watches over the service counts: of everybody together, in statements that stay cheap on a full database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from api.store.queries.sending import may_go
from api.store.tables import LastBackup, Message, Run

PATIENCE = text("SET LOCAL statement_timeout = '3s'")
"""Whoever watches comes again soon; a database with too much to do has better things to count."""

HEARTBEAT = text(
    "SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))::float8 FROM procrastinate_workers"
)

# A job that is to be tried again, or not before a moment, keeps nobody waiting yet.
JOBS = text("""
SELECT queue_name,
  CASE status WHEN 'todo' THEN CASE WHEN scheduled_at > now() THEN 'later' ELSE 'waiting' END ELSE status::text END,
  count(*)
FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2
""")
STALLED = text("""
SELECT count(*) FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :gone))
""")
CONNECTIONS = text("""
SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity
WHERE backend_type = 'client backend' AND datname = current_database()
""")


@dataclass(frozen=True)
class Figures:
    """Counts and ages in seconds, None for what is not there. `jobs` are counted by queue and state."""

    messages: dict[str, int]
    oldest_waiting: float | None
    jobs: dict[tuple[str, str], int]
    stalled: int
    runs: dict[str, int]
    backup_age: float | None
    backup_bytes: int | None
    heartbeat_age: float | None
    connections: int
    most_connections: int


def figures(db: Session, at: datetime, urgent: Sequence[str], gone_seconds: float) -> Figures:
    """How it stands. `urgent`: kinds of messages that go out in a pause; jobs of a worker that was silent for
    `gone_seconds` are stalled."""
    db.connection().execute(PATIENCE)
    backup = db.exec(select(LastBackup)).first()
    since = _oldest_waiting(db, at, urgent)
    jobs = db.connection().execute(JOBS)
    connections, most = db.connection().execute(CONNECTIONS).one()
    return Figures(
        messages=dict(db.exec(select(Message.state, func.count()).group_by(col(Message.state))).all()),
        oldest_waiting=_age(at, since),
        jobs={(queue, state): count for queue, state, count in jobs},
        stalled=int(db.connection().execute(STALLED, {"gone": gone_seconds}).scalar_one()),
        runs=dict(db.exec(select(Run.state, func.count()).group_by(col(Run.state))).all()),
        backup_age=_age(at, backup.made_at if backup else None),
        backup_bytes=backup.bytes if backup else None,
        heartbeat_age=heartbeat_age(db),
        connections=connections,
        most_connections=most,
    )


def heartbeat_age(db: Session) -> float | None:
    """Seconds since a worker was last heard of; None if there is none, or the last one said that it ended."""
    age = db.connection().execute(HEARTBEAT).scalar_one()
    return None if age is None else max(0.0, float(age))


def note_backup(db: Session, made_at: datetime, size: int) -> None:
    """Write down that there is one, in place of the one before."""
    values = {"made_at": made_at, "bytes": size}
    row = insert(LastBackup).values(one=True, **values)
    db.exec(row.on_conflict_do_update(index_elements=["one"], set_=values))


def _oldest_waiting(db: Session, at: datetime, urgent: Sequence[str]) -> datetime | None:
    """Since when the message waits that has waited longest and that nothing but the sending of it keeps back."""
    due = func.greatest(Message.created_at, Message.send_after)
    waiting = select(func.min(due)).where(
        col(Message.state).in_(("created", "sending")), Message.channel != "call", may_go(at, urgent)
    )
    found: datetime | None = db.exec(waiting).one()
    return found


def _age(at: datetime, since: datetime | None) -> float | None:
    return None if since is None else max(0.0, (at - since).total_seconds())
