"""The commands themselves: what they are called and take. What a person can mend is said in plain words, with exit code 2."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import ValidationError

from api.settings import Settings
from carpool.errors import CarpoolError

app = typer.Typer(
    help="Key Seat Carpool: the service.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

NoWorker = Annotated[
    bool, typer.Option("--no-worker", help="The web service alone; run the worker with: python -m api worker")
]


def main() -> None:
    """Run the command on the command line."""
    try:
        app()
    except CarpoolError as error:
        typer.echo(error.message, err=True)
        sys.exit(2)


def settings() -> Settings:
    """The settings, or in plain words what is wrong with them; what they hold may be secret and is not repeated."""
    try:
        return Settings()
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        lines = [f"{_variable(fault['loc'])}{fault['msg'].removeprefix('Value error, ')}" for fault in faults]
        raise CarpoolError("\n".join(lines)) from None


def _variable(where: tuple[int | str, ...]) -> str:
    return f"CARPOOL_{str(where[0]).upper()}: " if where else ""


@app.command()
def serve(no_worker: NoWorker = False) -> None:
    """Run the web service and its worker, until Ctrl-C or SIGTERM.

    Without CARPOOL_DATABASE_URL it brings its own database, in the folder CARPOOL_DATA.
    """
    from api.commands.serving import serve

    serve(settings(), with_worker=not no_worker)


@app.command()
def demo() -> None:
    """The same as serve, with a campaign to look at: 300 invented people at real constituencies, matched."""
    from api.commands.demo import prepare, show
    from api.commands.serving import serve

    prepare()
    serve(settings(), with_worker=True, first=show)


@app.command()
def worker(until_closed: Annotated[bool, typer.Option("--until-closed", hidden=True)] = False) -> None:
    """Send the messages and solve the matching runs that are in the queue, until Ctrl-C or SIGTERM."""
    from api.commands.working import work

    work(settings(), end_with_input=until_closed)


@app.command()
def ready(
    worker: Annotated[
        bool, typer.Option("--worker", help="A worker that is missing is a fault, too.")
    ] = False,
) -> None:
    """Say whether the database answers, has the tables of this version, and a worker was heard of within a minute.

    Ends with 1 if people's forms cannot be saved.
    """
    from api.commands.upkeep import ready

    ready(settings(), worker=worker)


@app.command()
def migrate() -> None:
    """Bring the database to the tables of this version."""
    from api.commands.upkeep import migrate

    migrate(settings())


@app.command("add-coordinator")
def add_coordinator(
    email: Annotated[str, typer.Argument(help="The address to log in with.")],
    name: Annotated[str, typer.Argument(help="The name that other coordinators see.")],
    generate: Annotated[bool, typer.Option(help="Make up a password and print it, rather than ask.")] = False,
) -> None:
    """Let somebody run campaigns."""
    from api.commands.coordinators import add

    add(settings(), email, name, generate=generate)


@app.command("reset-codes")
def reset_codes(email: Annotated[str, typer.Argument(help="The address of the account.")]) -> None:
    """Let somebody log in with the password alone who lost the app and the recovery codes. Make sure that it is they."""
    from api.commands.coordinators import reset_codes

    reset_codes(settings(), email)


@app.command("close-account")
def close_account(email: Annotated[str, typer.Argument(help="The address of the account.")]) -> None:
    """Close a coordinator's account and forget who it was; what they did stays on the record, by a number."""
    from api.commands.coordinators import close

    close(settings(), email)


@app.command("import")
def import_file(
    what: Annotated[Literal["constituencies", "by-elections", "postcodes", "places"], typer.Argument()],
    source: Annotated[str, typer.Argument(help="A path, or an https:// address.")],
) -> None:
    """Read an official file as it is published, or refuse it and change nothing.

    constituencies: the House of Commons Library's results of a general election. by-elections: the same of
    by-elections. postcodes: Code-Point Open, a CSV file, a folder of them, or the zip. places: where a car can pick
    people up, a table of your own with the columns name,kind,lat,lon, or NaPTAN's stops.
    """
    from api.commands.upkeep import import_file

    import_file(settings(), what, source)


@app.command(hidden=True)
def texts() -> None:
    """For maintainers: bring the file of Welsh texts up to date with what the pages and messages say."""
    from api.commands.texts import texts

    texts()


@app.command()
def figures() -> None:
    """Measure the public pages, on a service and a database of their own: how heavy, how fast, and who else is asked.

    Prints a line for each figure with what was aimed at and what was reached; ends with 1 if one is missed.
    """
    from api.commands.figures.command import show

    show(settings())


@app.command()
def purge() -> None:
    """Delete now what has had its time. The worker does the same every hour."""
    from api.commands.upkeep import purge

    purge(settings())


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="The file to write. Not named: one in the folder.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder, in place of CARPOOL_BACKUPS; old backups there are deleted."),
    ] = None,
) -> None:
    """Write all that the service knows to one file, while it runs. The file is complete, or not there.

    Backups in the folder that are older than CARPOOL_BACKUPS_DAYS are deleted. The list of who was erased is kept beside them.
    """
    from api.commands.backing_up import backup

    backup(settings(), file, out)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    replace: Annotated[bool, typer.Option("--replace", help="In place of what is in the database.")] = False,
    erased: Annotated[
        Path | None, typer.Option(help="One more list of who was erased, such as a copy kept elsewhere.")
    ] = None,
) -> None:
    """Put the database back to a backup, whole or not at all. Whoever was erased since then stays erased.

    Stop the web service and every worker first.
    """
    from api.commands.backing_up import restore

    restore(settings(), file, erased, replace=replace)


@app.command()
def drill() -> None:
    """Try it: make a backup, restore it into a database beside this one, compare, and take that away again.

    Ends with 1 if anything differs.
    """
    from api.commands.backing_up import drill

    drill(settings())


@app.command("verify-record")
def verify_record(
    noted: Annotated[
        str,
        typer.Option(
            help="The last line of an earlier check, NUMBER:HASH, to see that nothing was cut off since."
        ),
    ] = "",
) -> None:
    """Check that nobody changed, removed or put in an entry of the record of who did what.

    Ends with 1 and says which entry does not fit if somebody did.
    """
    from api.commands.record import verify

    verify(settings(), noted)
