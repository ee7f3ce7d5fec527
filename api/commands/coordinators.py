"""Coordinators from the command line: adding one, which is the only way to the first; helping one in; closing an account."""

import secrets

import typer

from api.commands.database import migrated
from api.services import codes, leaving, login
from api.settings import Settings
from api.store.session import open_session

PASSWORD_BYTES = 12


def add(settings: Settings, email: str, name: str, *, generate: bool) -> None:
    """Ask for a password before the database is touched, so that nothing waits for somebody who thinks."""
    password = (
        random_password() if generate else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    with migrated(settings) as engine, open_session(engine) as db:
        added = login.add_coordinator(db, email, name, password)
        db.commit()
        typer.echo(f"{added.name} can log in at {settings.public_url}/login as {added.email}.")
    if generate:
        typer.echo(f"Password (shown only this once): {password}")


def reset_codes(settings: Settings, email: str) -> None:
    """Only the operator may: whoever has the password could ask for it as well."""
    with migrated(settings) as engine, open_session(engine) as db:
        found = codes.reset(db, email)
        db.commit()
    typer.echo(f"{found.name} can log in with the password alone, and should set up codes anew.")


def close(settings: Settings, email: str) -> None:
    """For somebody who leaves, or who asks to be forgotten."""
    with migrated(settings) as engine, open_session(engine) as db:
        name = leaving.close_account(db, email)
        db.commit()
    typer.echo(
        f"The account of {name} is closed. They are in no team any more, and name and address are deleted."
    )


def random_password() -> str:
    """96 random bits."""
    return secrets.token_urlsafe(PASSWORD_BYTES)
