"""Brings a database to the schema of this version: our tables by Alembic, the queue's by its own script."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from carpool.errors import CarpoolError

# Any number, the same for every process of ours: two that migrate at once take turns.
MIGRATION_LOCK = 5_2017_06_08


class NewerTables(CarpoolError):
    """A newer version of the service has been here."""


def config() -> Config:
    """Alembic's configuration, without a file of its own."""
    config = Config()
    # Alembic reads % as the start of a variable, and a path may hold one.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def migrate(engine: Engine) -> tuple[str | None, str | None]:
    """Run what is missing, in one transaction; returns the revision before and after. Raises `NewerTables`."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        before = applied(connection)
        if before is not None and not knows(before):
            raise NewerTables(
                "The database has the tables of a newer version of the service. Start that version, or restore a backup of "
                "before the upgrade with this one."
            )
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        return before, applied(connection)


def revision(engine: Engine) -> str | None:
    """The revision that the database is at; None if there are no tables yet."""
    with engine.connect() as connection:
        return applied(connection)


@cache
def newest() -> str | None:
    """The revision that this version of the service expects. It is asked for often, and every migration is read for it."""
    return ScriptDirectory.from_config(config()).get_current_head()


def applied(connection: Connection) -> str | None:
    """The revision that the database is at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this version can bring tables of `revision` up to its own."""
    try:
        return ScriptDirectory.from_config(config()).get_revision(revision) is not None
    except CommandError:
        return False
