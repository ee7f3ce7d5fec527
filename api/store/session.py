"""Engine and database session: one place that knows how the service talks to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from time import monotonic
from typing import Any

from psycopg import Error
from psycopg.errors import IdleInTransactionSessionTimeout
from sqlalchemy import URL, Dialect, Engine, ExceptionContext, NullPool, create_engine, event
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlmodel import Session

from api.store import chain  # noqa: F401  It listens to every session.

CONNECT_SECONDS = 5
RESTS_SINCE, REST_SECONDS = "rests since", 1.0
IDLE_SECONDS = 180
"""How long a transaction may ask nothing before the database ends it. One whose machine was frozen or cut off would keep its
locks, and everybody who needs them waiting. What is worked out between two statements takes 20 s for a day of 30,000 people."""


def make_engine(url: str, *, pool_size: int = 10, idle_seconds: float = IDLE_SECONDS) -> Engine:
    """An engine for `url` (`postgresql://…` or `postgresql+psycopg://…`).

    Each connection that has rested is tried before it is used, so that a restart of the database costs nobody an error page.
    The database ends a transaction that asks nothing for `idle_seconds`.
    """
    engine = _engine(
        driver_url(url),
        idle_seconds,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=CONNECT_SECONDS,
    )
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", partial(_try, engine.dialect))
    return engine


def _engine(url: str | URL, idle_seconds: float, **pool: Any) -> Engine:
    """What every engine of the service asks of its connections, whatever its `pool`.

    Moments come back in UTC whatever the server's own zone is: Python counts hours on the wall where a moment is in a zone,
    and is an hour out in the night in which the clocks change.
    """
    idle = f"-c idle_in_transaction_session_timeout={round(idle_seconds * 1000)}"
    asked = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "keyseat-carpool",
        "options": f"-c timezone=UTC {idle}",
    }
    engine = create_engine(url, connect_args=asked, **pool)
    event.listen(engine, "handle_error", _as_away)
    return engine


def _note_rest(_connection: Any, record: Any) -> None:
    record.info[RESTS_SINCE] = monotonic()


def _try(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """While many people send forms each connection is wanted again at once, and trying it were a tenth of the work."""
    if monotonic() - record.info.get(RESTS_SINCE, monotonic()) < REST_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except Error as gone:
        # The pool makes new ones, of this and of all the others.
        raise InvalidatePoolError from gone


def _as_away(context: ExceptionContext) -> OperationalError | None:
    """Whoever was frozen is told what a restart of the database would tell: it is tried again where that is."""
    if not isinstance(context.original_exception, IdleInTransactionSessionTimeout):
        return None
    context.is_disconnect = True
    return OperationalError(context.statement, None, context.original_exception)


def driver_url(url: str) -> str:
    """`url` with the driver we use, however the operator wrote it."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def open_session(engine: Engine) -> Session:
    """A database session whose rows can still be read after the commit. What is put on record is chained as it commits."""
    return Session(engine, expire_on_commit=False)


@contextmanager
def own_transaction(db: Session) -> Iterator[Session]:
    """A short transaction beside that of `db`, committed at its end: for what must be kept whatever becomes of the other.

    It may write where the other may only read. Its connection is none of the pool's: requests that each hold one and
    wait for a second would wait for each other.
    """
    with open_session(_unpooled(db.get_bind().engine.url)) as own:
        yield own
        own.commit()


@lru_cache(maxsize=16)
def _unpooled(url: URL) -> Engine:
    """An engine that keeps no connection."""
    return _engine(url, IDLE_SECONDS, poolclass=NullPool)
