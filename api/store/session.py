"""Engine and database session: one place that knows how the service talks to PostgreSQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from time import monotonic
from typing import Any

from psycopg import Error
from sqlalchemy import URL, Dialect, Engine, NullPool, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlmodel import Session

from api.store import chain  # noqa: F401  It listens to every session.

CONNECT_SECONDS = 5
RESTS_SINCE, REST_SECONDS = "rests since", 1.0
CONNECT_ARGUMENTS: Mapping[str, Any] = {
    "connect_timeout": CONNECT_SECONDS,
    "application_name": "keyseat-carpool",
    "options": "-c timezone=UTC",
}
"""Moments come back in UTC whatever the server's own zone is: Python counts hours on the wall where a moment is in a zone, and
is an hour out in the night in which the clocks change."""


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for `url` (`postgresql://…` or `postgresql+psycopg://…`).

    Each connection that has rested is tried before it is used, so that a restart of the database costs nobody an error page.
    """
    engine = create_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=CONNECT_SECONDS,
        connect_args=dict(CONNECT_ARGUMENTS),
    )
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", partial(_try, engine.dialect))
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
    return create_engine(url, poolclass=NullPool, connect_args=dict(CONNECT_ARGUMENTS))
