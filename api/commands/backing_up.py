"""Backups as commands: making one, going back to one, and trying whether that works."""

from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from api.commands.database import database, engine_of, migrated
from api.services import backups, record, retention, watching
from api.settings import Settings
from api.store.backup import NAME, Restored
from api.store.backup.scratch import difference, scratch
from api.store.migrating import migrate
from api.store.session import open_session
from carpool.errors import CarpoolError

DIFFERS = "The drill failed: {what}. Do not rely on your backups before you know why."


def backup(settings: Settings, file: Path | None, out: Path | None) -> None:
    if file is not None and out is not None:
        raise CarpoolError("Name a file or a folder, not both.")
    folder = out or backups.folder_of(settings)
    with migrated(settings) as engine, open_session(engine) as db:
        url = engine.url.render_as_string(hide_password=False)
        path, header, gone = backups.make(db, url, folder, file, settings.backups_days)
        watching.note_backup(db, header.moment, header.bytes)
        db.commit()
    people = header.tables.get("person", 0)
    typer.echo(
        f"{path}: {header.bytes:,} bytes, {people:,} people, record {header.record.partition(':')[0] or 0}."
    )
    if gone:
        typer.echo(f"Old backups deleted: {gone}.")


def restore(settings: Settings, file: Path, erased: Path | None, *, replace: bool) -> None:
    """The tables are brought to this version afterwards, and what has had its time since goes at once."""
    if erased is not None and not erased.is_file():
        raise CarpoolError(f"There is no list {erased}.")
    lists = [file.parent / NAME, backups.folder_of(settings) / NAME, *([erased] if erased else [])]
    with database(settings) as url:
        done = backups.restore(url, file, replace=replace, lists=lists)
        with engine_of(url) as engine:
            migrate(engine)
            with open_session(engine) as db:
                retention.purge(db)
                # What was restored was not noted yet when it was made.
                watching.note_backup(db, done.header.moment, done.header.bytes)
                db.commit()
                found = record.verify(db)
    _tell(file, done)
    if found.broken_at is not None:
        typer.echo(f"The record in it is broken at entry {found.broken_at}: {found.why}.", err=True)
        raise typer.Exit(1)


def drill(settings: Settings) -> None:
    """Nothing of the service's own database is changed."""
    with migrated(settings) as engine, TemporaryDirectory(prefix="carpool-drill-") as folder:
        url = engine.url.render_as_string(hide_password=False)
        with open_session(engine) as db:
            path, header, _ = backups.make(db, url, Path(folder), None, settings.backups_days)
        with scratch(url) as beside:
            backups.restore(beside, path, replace=False, lists=[])
            what = difference(beside, header)
            with engine_of(beside) as other, open_session(other) as db:
                found = record.verify(db)
    if found.broken_at is not None:
        what = what or f"the record is broken at entry {found.broken_at}"
    if what:
        typer.echo(DIFFERS.format(what=what), err=True)
        raise typer.Exit(1)
    rows = sum(header.tables.values())
    typer.echo(
        f"It works: {rows:,} rows in {len(header.tables)} tables came back, {header.tables['person']:,} people, "
        f"and the record holds, entries: {found.entries:,}."
    )


def _tell(file: Path, done: Restored) -> None:
    typer.echo(f"{file}, made {done.header.moment:%d %B %Y, %H:%M} UTC, is restored.")
    typer.echo(f"Erased since then, and still erased: {done.stayed_erased:,} people.")
    typer.echo(
        "Everybody is logged out. Forms that were not sent and tables on their way in are gone; runs go on."
    )
    if done.uncertain:
        typer.echo(
            f"Messages that may or may not have gone out since: {done.uncertain:,}. None is sent by itself; "
            "look at the page Messages of each day."
        )
