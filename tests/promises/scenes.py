"""What several measurements begin with: a campaign with an event, and for the controls a database without its guards."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from api.services import demo, matching
from api.services.demo import Demo
from api.store.session import make_engine, open_session
from api.store.tables import Campaign, Coordinator
from tests.api import world
from tests.connections import END_OTHERS


@contextmanager
def campaign(url: str) -> Iterator[tuple[Engine, str]]:
    """An engine on the database, and the path of a campaign in the JSON API."""
    engine = make_engine(url)
    with open_session(engine) as db:
        coordinator = world.add_coordinator(db)
        made = world.add_campaign(db, coordinator)
        world.add_event(db, made, coordinator)
        db.commit()
        path = f"/v1/campaigns/{made.slug}"
    yield engine, path
    engine.dispose()


def demo_day(engine: Engine, people: int) -> Demo:
    """So many invented people and their events."""
    with open_session(engine) as db:
        day = demo.create(db, "correct horse battery", people=people)
        db.commit()
        return day


def start_run(engine: Engine, day: Demo, seconds: float) -> UUID:
    """A run of that day, which waits for a worker."""
    with open_session(engine) as db:
        campaign, who = db.get_one(Campaign, day.campaign.id), db.get_one(Coordinator, day.coordinator.id)
        run_id = matching.start(db, campaign, day.day, who, seconds=seconds).id
        db.commit()
    return run_id


def value(engine: Engine, statement: str, **values: Any) -> Any:
    """The one value that a statement finds."""
    with engine.begin() as connection:
        return connection.execute(text(statement), values).scalar_one()


def an_address() -> str:
    """Of some visitor, as the proxy in front tells it: limits count visitors apart by it."""
    return ".".join(["10", *(str(secrets.randbelow(250) + 1) for _ in range(3))])


# Names are looked up here first, so that whoever asks for a lock is told at once that it is theirs.
NO_LOCKS = (
    "CREATE SCHEMA no_locks",
    "CREATE FUNCTION no_locks.pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE sql AS 'SELECT pg_sleep(random() / 20)'",
    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database())"
    " || ' SET search_path = no_locks, pg_catalog, public'; END $$",
    *(f"DROP TRIGGER whole_lifts ON {table}" for table in ("lift", "lift_stop", "offer", "request")),
)
UNIQUE = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
WHERE contype = 'u' AND conrelid = ANY(CAST(:tables AS regclass[])) AND pg_get_constraintdef(oid) LIKE :like
UNION ALL
SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index
WHERE indisunique AND NOT indisprimary AND indrelid = ANY(CAST(:tables AS regclass[]))
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) AND pg_get_indexdef(indexrelid) LIKE :like
"""


def take_off_guards(engine: Engine, tables: list[str], like: str = "%") -> None:
    """From now on the database gives every lock to everybody, and these tables take rows that they must not.

    `like`: only the constraints whose definition looks so.
    """
    with engine.begin() as connection:
        for statement in NO_LOCKS:
            connection.exec_driver_sql(statement)
        found = connection.execute(text(UNIQUE), {"tables": tables, "like": like}).all()
        for (statement,) in found:
            connection.exec_driver_sql(statement)
        # Those who are connected already would go on with the locks.
        connection.exec_driver_sql(END_OTHERS)
    engine.dispose()
