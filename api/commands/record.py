"""Checking the record of who did what."""

import typer

from api.commands.database import migrated
from api.services import record
from api.settings import Settings
from api.store.session import open_session


def verify(settings: Settings, noted: str) -> None:
    """Say how many entries follow each other, and where one does not."""
    with migrated(settings) as engine, open_session(engine) as db:
        found = record.verify(db)
        number, _, hash_hex = noted.partition(":")
        cut = bool(noted) and not (number.isdecimal() and record.holds(db, int(number), hash_hex))
    if found.broken_at is not None:
        typer.echo(f"The record is broken at entry {found.broken_at}: {found.why}.", err=True)
        raise typer.Exit(1)
    if cut:
        typer.echo(f"The record has no entry {noted} any more: something was cut off or replaced.", err=True)
        raise typer.Exit(1)
    typer.echo(
        f"The record holds, entries: {found.entries:,}. Note its last one down, away from this machine:"
    )
    typer.echo(f"{found.last}:{found.hash}")
