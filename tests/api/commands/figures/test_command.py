"""The figures are those of every public page, a page that is too heavy or asks others is seen, and the command says so."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
import typer
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine

from api.auth import anybody, callers
from api.commands.figures import command
from api.commands.figures.addresses import LEADS_ON, NO_PAGES, addresses
from api.commands.figures.command import Figure
from api.commands.figures.visits import Visitor
from api.commands.quiet import TALKATIVE
from api.services.yardstick import Yardstick
from api.settings import Settings

SCENE = Yardstick("slug", "E14001322", uuid4(), date(2029, 5, 3), {"ask": "token"})


@pytest.fixture(autouse=True)
def talk() -> Iterator[None]:
    """The command keeps libraries quiet; the tests after it hear them again."""
    loggers = [logging.getLogger(name) for name in TALKATIVE]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_every_public_page_is_measured(app: FastAPI) -> None:
    """A page that is added and forgotten there fails here."""
    public = {
        str(route.path)
        for route in iter_route_contexts(app.routes)
        if "GET" in (route.methods or ()) and callers(route) == {anybody}
    }
    pages = {path for path in public if not path.startswith(NO_PAGES) and not path.endswith(NO_PAGES)}
    assert pages - set(LEADS_ON) == set(addresses(SCENE))


@pytest.fixture
def site(app: FastAPI) -> Iterator[str]:
    with command._serving(app) as site:
        yield site


def test_a_page_weighs_what_it_loads(site: str) -> None:
    visitor = Visitor(site)
    alone, loaded = len(visitor.get("/privacy").body), visitor.load("/privacy")
    visitor.close()
    assert (loaded.status, loaded.elsewhere, loaded.broken) == (200, [], [])
    assert loaded.weight > 5000 and alone > 2000


def test_whom_a_page_asks_and_what_it_lacks_is_seen(app: FastAPI) -> None:
    markup = (
        '<img src="https://counter.example/p.gif"><img src="/nothing.png"><a href="https://fine.example/">'
    )
    app.add_api_route("/bad", lambda: HTMLResponse(markup))
    with command._serving(app) as site:
        visitor = Visitor(site)
        loaded = visitor.load("/bad")
        visitor.close()
        assert loaded.elsewhere == ["https://counter.example/p.gif"]
        assert loaded.broken == [f"{site}/nothing.png"]


def test_the_figures_of_a_small_campaign(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever takes time is not judged here: this machine may be busy."""
    monkeypatch.setattr(command, "asked_elsewhere", lambda *_: None)
    found = {figure.what: figure for figure in command.measure(settings, events=50)}
    assert len(found) == 6
    timed = [what for what in found if "median" in what or "search" in what]
    assert len(timed) == 2
    assert all(figure.met for what, figure in found.items() if what not in timed), found
    assert "Chromium" in found["Third-party requests in a browser"].reached


@pytest.mark.parametrize(("met", "code"), [(True, 0), (False, 1)])
def test_one_that_is_missed_is_the_exit_code(
    met: bool,
    code: int,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen: list[Path] = []

    def measured(fresh: Settings) -> list[Figure]:
        seen.append(fresh.data)
        assert fresh.database_url is None and fresh.data != settings.data
        return [Figure("Weight", "<= 60 KB", "9 KB", met=True), Figure("Search", "< 20 ms", "21 ms", met)]

    monkeypatch.setattr(command, "measure", measured)
    try:
        command.show(settings)
        ended = 0
    except typer.Exit as ending:
        ended = ending.exit_code
    first, second = capsys.readouterr().out.splitlines()
    assert ended == code and "reached 9 KB" in first
    assert ("reached 21 ms" if met else "MISSED 21 ms") in second
    assert not seen[0].exists()
