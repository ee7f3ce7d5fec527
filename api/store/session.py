"""Engine and database session: one place that knows how the service talks to PostgreSQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import URL, Engine, NullPool, create_engine
from sqlmodel import Session

from api.store import chain  # noqa: F401  It listens to every session.

CONNECT_SECONDS = 5
CONNECT_ARGUMENTS: Mapping[str, Any] = {
    "connect_timeout": CONNECT_SECONDS,
    "application_name": "keyseat-carpool",
    "options": "-c timezone=UTC",
}
"""Moments come back in UTC whatever the server's own zone is: Python counts hours on the wall where a moment is in a zone, and
is an hour out in the night in which the clocks change."""


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for `url` (`postgresql://…` or `postgresql+psycopg://…`).

    Each connection is tried before it is used, so that a restart of the database costs nobody an error page.
    """
    return create_engine(
        driver_url(url),
        pool_pre_ping=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=CONNECT_SECONDS,
        connect_args=dict(CONNECT_ARGUMENTS),
    )


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
