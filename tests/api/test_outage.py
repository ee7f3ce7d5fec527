"""PostgreSQL goes away, really, and comes back: nobody is told that something was saved that was not, or loses an answer."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import func
from sqlmodel import select
from starlette.testclient import TestClient

from api.app import create_app
from api.store import embedded
from api.store.migrating import migrate
from api.store.session import make_engine, open_session
from api.store.tables import Coordinator
from tests.api.conftest import browser, settings_of
from tests.api.probe import hidden_fields, with_probes


@dataclass
class Site:
    """The service with a database of its own that can be switched off and on."""

    app: FastAPI
    data: Path
    server: embedded.EmbeddedServer

    def database_off(self) -> None:
        """A crash, after which the database comes back at the same address."""
        cluster = self.server.cluster
        os.kill(int((cluster.folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        while cluster.is_alive():
            time.sleep(0.01)

    def database_on(self) -> None:
        self.server.lease.release()
        self.server = embedded.start(self.data)

    def saved(self) -> int:
        with open_session(self.app.state.engine) as db:
            return db.exec(select(func.count()).select_from(Coordinator)).one()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    server = embedded.start(tmp_path)
    engine = make_engine(server.url)
    migrate(engine)
    site = Site(with_probes(create_app(settings_of(database_url=server.url), engine)), tmp_path, server)
    yield site
    engine.dispose()
    embedded.stop(site.server)


def test_a_form_survives_an_outage(site: Site) -> None:
    with browser(site.app) as visitor:
        typed = {
            "csrf": hidden_fields(visitor.get("/probe/form").text)["csrf"],
            "phone": "07700 900 123",
            "seats": "3",
        }
        assert visitor.post("/probe/save", data=typed, params={"email": "first"}).text == "saved"
        site.database_off()
        refused = visitor.post("/probe/save", data=typed, params={"email": "second"})
        assert refused.status_code == 503
        assert "saved" not in refused.text
        again = hidden_fields(refused.text)
        assert (again["phone"], again["seats"]) == ("07700 900 123", "3")
        assert_everything_says_so(visitor)
        site.database_on()
        assert visitor.get("/ready").status_code == 200
        assert visitor.post("/probe/save", data=again, params={"email": "second"}).text == "saved"
    assert site.saved() == 2


def assert_everything_says_so(visitor: TestClient) -> None:
    ready = visitor.get("/ready")
    assert (ready.status_code, ready.json()["database"]) == (503, "unavailable")
    assert visitor.get("/health").status_code == 200
    page = visitor.get("/probe/named/ann")
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "try again" in page.text.lower()
    json = visitor.post("/v1/probe/save")
    assert (json.status_code, list(json.json())) == (503, ["error"])
    visitor.cookies.set("login", "token")
    assert visitor.get("/probe/staff").status_code == 503
    visitor.cookies.delete("login")
