"""`make console-figures`: fill, serve as the product is run, measure, and say what was aimed at and reached."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from sqlalchemy import Engine

from api.app import create_app
from api.commands.quiet import configure_logs
from api.settings import Settings
from api.store import embedded
from api.store.embedded import EmbeddedServer
from api.store.migrating import migrate
from api.store.session import make_engine, open_session
from tests.api.commands.running import service
from tests.benchmarks.console import browsing, cancelling, filling, importing, moving, pages
from tests.benchmarks.console.addresses import addresses
from tests.benchmarks.console.filling import Scene
from tests.benchmarks.console.report import Figure, most, show
from tests.benchmarks.console.visitor import Client
from tests.mail import mail_server

PEOPLE, SOLVING_SECONDS = 30_000, 60.0
PUBLISHING_S = 5.0
FILLED, MEASURED = "filled", "measured"
PARTS = ("server", "browser", "import", "move", "cancel")
EVERYTHING = ",".join(PARTS)

People = Annotated[int, typer.Option(help="How many people the campaign has.")]
Seconds = Annotated[float, typer.Option(help="How long the plan is searched that is published.")]
Data = Annotated[
    Path | None,
    typer.Option(help="A folder that keeps the filled campaign for the next time; filling is slow."),
]
Shots = Annotated[Path | None, typer.Option(help="A folder for pictures of every page at 768 and 1440 px.")]
Only = Annotated[str, typer.Option(help=f"Parts to measure, separated by commas: {', '.join(PARTS)}.")]


def main(
    people: People = PEOPLE,
    seconds: Seconds = SOLVING_SECONDS,
    data: Data = None,
    shots: Shots = None,
    only: Only = EVERYTHING,
) -> None:
    """Measure the coordinators' pages with 30,000 people. Ends with 1 if a figure is missed."""
    if unknown := set(only.split(",")) - set(PARTS):
        raise typer.BadParameter(f"unknown: {', '.join(sorted(unknown))}", param_hint="--only")
    with _folder(data) as folder, embedded.running(folder) as server:
        scene = filled(server, folder, people, seconds)
        figures = measure(server, folder, scene, only.split(","), shots)
    typer.echo(f"\n{scene.people:,} people")
    if show(
        [
            most("Publishing a plan, until everything is written", PUBLISHING_S, scene.publishing, "s"),
            *figures,
        ]
    ):
        raise typer.Exit(1)


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data.resolve()
    else:
        with TemporaryDirectory(prefix="carpool-console-figures-") as folder:
            yield Path(folder)


def filled(server: EmbeddedServer, folder: Path, people: int, seconds: float) -> Scene:
    """What was filled before, or fills it now. Tables that have changed since are brought to this version."""
    kept, begun = folder / "scene.json", time.monotonic()
    if kept.is_file() and (scene := Scene.read(kept.read_text())).people == people:
        with _engine(server.url_of(FILLED)) as engine:
            migrate(engine)
        return scene
    embedded.drop_database(server, FILLED)
    with _engine(embedded.create_database(server, FILLED)) as engine:
        migrate(engine)
        scene = filling.fill(
            engine, people, seconds, lambda what: _say(f"{time.monotonic() - begun:6.1f} s  {what}")
        )
    kept.write_text(scene.written())
    _say(f"{time.monotonic() - begun:6.1f} s  filled")
    return scene


def measure(
    server: EmbeddedServer, folder: Path, scene: Scene, parts: list[str], shots: Path | None = None
) -> list[Figure]:
    """On a copy of what was filled, so that it can be used again."""
    embedded.drop_database(server, MEASURED)
    url = embedded.create_database(server, MEASURED, template=FILLED)
    with _engine(url) as engine, mail_server() as mailbox:
        settings = {
            "database_url": url, "data": str(folder), "log_level": "warning", "test_phone_numbers": "true",
            "smtp_url": f"smtp://127.0.0.1:{mailbox.port}",
        }  # fmt: skip
        with service("serve", **settings) as running:
            return _measure(engine, url, running.url, scene, parts, shots)


def _measure(
    engine: Engine, url: str, site: str, scene: Scene, parts: list[str], shots: Path | None
) -> list[Figure]:
    figures: list[Figure] = []
    client = Client(site)
    client.log_in(filling.OWNER, filling.PASSWORD)
    if "server" in parts or "browser" in parts:
        app = create_app(Settings(database_url=url, log_level="warning", test_phone_numbers=True), engine)
        with open_session(engine) as db:
            known = addresses(app, db, scene)
        at_server, measured = pages.measure(client, known)
        figures += at_server
        if "browser" in parts:
            figures += browsing.measure(client, measured, shots)
    if "import" in parts:
        figures += importing.measure(engine, client)
    if "move" in parts:
        figures += moving.measure(engine, client, scene)
    if "cancel" in parts:
        figures += cancelling.measure(engine, site, scene)
    client.close()
    return figures


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _say(what: str) -> None:
    typer.echo(what)
    sys.stdout.flush()


if __name__ == "__main__":
    configure_logs(Settings(log_level="warning"))
    typer.run(main)
