"""Measures on a fresh service with a campaign of every constituency and 10,000 events; says what is aimed at and reached."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from api.app import SERVER_OPTIONS, create_app
from api.commands.coordinators import random_password
from api.commands.database import migrated
from api.commands.figures.addresses import addresses
from api.commands.figures.browser import asked_elsewhere
from api.commands.figures.visits import Loaded, Visitor, milliseconds
from api.commands.quiet import configure_logs
from api.edge import cookies
from api.pages.journeys import WAYS
from api.services import yardstick
from api.services.nearest import near
from api.services.yardstick import Yardstick
from api.settings import Settings
from api.store.session import open_session
from carpool.errors import CarpoolError

KILOBYTES = 60
FIRST_PAGE_MS = 50
SEARCH_MS = 20
PAGES = 7
TIMES = 25
START_SECONDS = 20
SEARCHED_FROM = ("LS6 2AB", "Leeds", "SW1A 1AA", "PO30 1AA")


@dataclass(frozen=True)
class Figure:
    """One line: what is measured, what was aimed at, what was reached, and whether that will do."""

    what: str
    aim: str
    reached: str
    met: bool


def show(settings: Settings) -> None:
    """Print a line for each figure; the exit code is 1 if one is missed."""
    with TemporaryDirectory(prefix="carpool-figures-") as folder:
        fresh = {
            "database_url": None,
            "data": Path(folder),
            "log_level": "warning",
            "environment": "development",
        }
        found = measure(settings.model_copy(update=fresh))
    for figure in found:
        verdict = "reached" if figure.met else "MISSED"
        typer.echo(f"{figure.what:<52}  aim {figure.aim:<10}  {verdict} {figure.reached}")
    if not all(figure.met for figure in found):
        raise typer.Exit(1)


def measure(settings: Settings, events: int = yardstick.EVENTS) -> list[Figure]:
    """All figures, on a database of the settings that is empty before."""
    configure_logs(settings)
    with migrated(settings) as engine:
        with open_session(engine) as db:
            scene = yardstick.create(db, random_password(), events)
            db.commit()
        with _serving(create_app(settings, engine)) as site:
            return [*_pages(settings, site, scene), _first_page(site), _search(engine), _sign_up()]


def _pages(settings: Settings, site: str, scene: Yardstick) -> Iterator[Figure]:
    """Weight and third parties, over every address of every public page."""
    paths = [path for some in addresses(scene).values() for path in some]
    cookie = (cookies.DRAFT.name_in(settings), scene.token)
    visitor = Visitor(site, "=".join(cookie))
    loaded = [visitor.load(path) for path in paths]
    visitor.close()
    _as_they_should(loaded)
    heaviest = max(loaded, key=lambda page: page.weight)
    yield Figure(
        f"Heaviest of {len(loaded)} pages as first loaded, gzip",
        f"<= {KILOBYTES} KB",
        f"{heaviest.weight / 1024:.1f} KB ({heaviest.path})",
        heaviest.weight <= KILOBYTES * 1024,
    )
    elsewhere = sorted({url for page in loaded for url in page.elsewhere})
    yield _third_parties("Third-party requests by HTML, CSS and scripts", elsewhere)
    asked = asked_elsewhere(site, paths, cookie)
    if asked is None:
        yield Figure("Third-party requests in a browser", "0", "unknown: there is no Chromium here", met=True)
    else:
        yield _third_parties("Third-party requests in a browser", asked)


def _as_they_should(loaded: list[Loaded]) -> None:
    """A figure of an error page would say nothing."""
    wrong = [f"{page.path} answers {page.status}" for page in loaded if page.status not in (200, 422)]
    wrong += [f"{page.path} lacks {address}" for page in loaded for address in page.broken]
    if wrong:
        raise CarpoolError("The pages cannot be measured:\n" + "\n".join(wrong))


def _third_parties(what: str, found: list[str]) -> Figure:
    return Figure(what, "0", f"{len(found)} {' '.join(found)}".strip(), not found)


def _first_page(site: str) -> Figure:
    visitor = Visitor(site)
    taken = milliseconds(lambda: visitor.get("/"), TIMES)
    visitor.close()
    what = f"First page at the server's side, median of {TIMES}"
    return Figure(what, f"< {FIRST_PAGE_MS} ms", f"{taken:.1f} ms", taken < FIRST_PAGE_MS)


def _search(engine: Engine) -> Figure:
    """The slowest of some places to search from: a village has less in reach than a city."""

    def search(typed: str) -> None:
        with open_session(engine) as db:
            near(db, typed, limit=7)

    taken = max(milliseconds(lambda typed=typed: search(typed), TIMES) for typed in SEARCHED_FROM)  # type: ignore[misc]
    what = "Nearest search, 650 constituencies, 10,000 events"
    return Figure(what, f"< {SEARCH_MS} ms", f"{taken:.1f} ms", taken < SEARCH_MS)


def _sign_up() -> Figure:
    pages = max(len(way.steps) for way in WAYS.values()) + 1
    return Figure("Pages to sign up on, the one to check included", f"<= {PAGES}", str(pages), pages <= PAGES)


@contextmanager
def _serving(app: FastAPI) -> Iterator[str]:
    """The address of the service, on a free port of loopback."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **SERVER_OPTIONS))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + START_SECONDS
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        if not server.started:
            raise CarpoolError("The service did not start.")
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
