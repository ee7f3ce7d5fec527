"""What the database says of its connections, and how they are ended as a restart ends them."""

from sqlalchemy import Engine, text

_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
END_OTHERS = f"SELECT pg_terminate_backend(pid) {_OTHERS}"
BLOCKED = f"SELECT count(*) {_OTHERS} AND cardinality(pg_blocking_pids(pid)) > 0"
IN_TRANSACTION = f"SELECT count(*) {_OTHERS} AND state LIKE 'idle in transaction%'"


def count(engine: Engine, which: str) -> int:
    """How many connections are `BLOCKED` or `IN_TRANSACTION` now."""
    with engine.connect() as connection:
        return int(connection.execute(text(which)).scalar_one())
