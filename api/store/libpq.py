"""A database's address as PostgreSQL's own library reads it, for what does not go through SQLAlchemy."""

from api.store.session import driver_url

_OURS = "postgresql+psycopg://"


def libpq_url(url: str) -> str:
    """`url` without the name of a driver."""
    known = driver_url(url)
    return "postgresql://" + known.removeprefix(_OURS) if known.startswith(_OURS) else known
