"""Small commands for whoever operates the service: migrate, import, purge."""

from dataclasses import asdict
from typing import Literal

import typer

from api.commands.database import database, engine_of, migrated
from api.services import retention, watching
from api.settings import Settings
from api.store import migrating
from api.store.session import open_session


def ready(settings: Settings, *, worker: bool) -> None:
    """A line for each thing that the service needs."""
    if settings.database_url is None:
        with database(settings) as url:
            found = _state(url)
    else:
        # One that is away is an answer here, not an error.
        found = _state(settings.database_url)
    for what, how in asdict(found).items():
        typer.echo(f"{what}: {how}")
    if found.status == "unavailable" or (worker and found.status != "ok"):
        raise typer.Exit(1)


def _state(url: str) -> watching.State:
    with engine_of(url) as engine:
        return watching.state(engine)


def migrate(settings: Settings) -> None:
    with database(settings) as url, engine_of(url) as engine:
        before, after = migrating.migrate(engine)
    if before == after:
        typer.echo(f"The database is up to date already ({after}).")
    else:
        typer.echo(f"The database is up to date now ({before or 'empty'} → {after}).")


def import_file(
    settings: Settings, what: Literal["constituencies", "by-elections", "postcodes", "places"], source: str
) -> None:
    """All or nothing: a file that is refused half-way leaves the tables as they were."""
    from api.services import importing

    with migrated(settings) as engine, open_session(engine) as db:
        if what == "postcodes":
            done = importing.import_postcodes(db, source)
        elif what == "places":
            done = importing.import_places(db, source)
        else:
            kind: Literal["general-election", "by-elections"] = (
                "general-election" if what == "constituencies" else "by-elections"
            )
            done = importing.import_results(db, source, kind)
        db.commit()
    why = "that are closed or no place to stop at" if what == "places" else "without coordinates"
    passed_over = f", {done.passed_over:,} {why} passed over" if done.passed_over else ""
    typer.echo(f"{source}: {done.stored:,} rows stored{passed_over}. The table now holds {done.total:,}.")


def purge(settings: Settings) -> None:
    with migrated(settings) as engine, open_session(engine) as db:
        purged = retention.purge(db)
        db.commit()
    typer.echo("Deleted: " + ", ".join(f"{count} {what}" for what, count in asdict(purged).items()) + ".")
