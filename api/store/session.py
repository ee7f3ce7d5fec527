"""Engine and database session: one place that knows how the service talks to PostgreSQL."""

from sqlalchemy import Engine, create_engine
from sqlmodel import Session

CONNECT_SECONDS = 5


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
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "keyseat-carpool"},
    )


def driver_url(url: str) -> str:
    """`url` with the driver we use, however the operator wrote it."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def open_session(engine: Engine) -> Session:
    """A database session whose rows can still be read after the commit."""
    return Session(engine, expire_on_commit=False)
