"""What the tests of the service share: a browser-like client on the whole app."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from api import language
from api.app import create_app
from api.settings import Settings
from api.store import embedded
from tests.api.language import hollow
from tests.api.probe import with_probes
from tests.conftest import TEMPLATE

with warnings.catch_warnings():
    # It would rather have httpx2, and works with httpx as well.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

ORIGIN = "http://testserver"


def settings_of(**values: Any) -> Settings:
    """Settings of values as the environment gives them."""
    return Settings(**values)


def browser(app: FastAPI, origin: str = ORIGIN) -> TestClient:
    """A browser that keeps cookies, says where a form comes from, and shows redirects instead of following them."""
    return TestClient(app, base_url=origin, headers={"Origin": origin}, follow_redirects=False)


def one_database_a_module() -> Any:
    """For modules whose tests leave nothing behind: a database for all of them, which saves a good deal of time."""

    @pytest.fixture(scope="module", name="database_url")
    def database_url(server: embedded.EmbeddedServer, request: pytest.FixtureRequest) -> Iterator[str]:
        name = request.module.__name__.rpartition(".")[2]
        yield embedded.create_database(server, name, template=TEMPLATE)
        embedded.drop_database(server, name)

    return database_url


@pytest.fixture
def app(settings: Settings, engine: Engine) -> FastAPI:
    return create_app(settings, engine)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with browser(app) as client:
        yield client


@pytest.fixture
def probed(app: FastAPI) -> FastAPI:
    """The app with routes of our own that fail on purpose."""
    return with_probes(app)


@pytest.fixture
def visitor(probed: FastAPI) -> Iterator[TestClient]:
    with browser(probed) as client:
        yield client


@pytest.fixture(scope="session")
def hollow_texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: finding all texts takes its time."""
    folder = tmp_path_factory.mktemp("hollow")
    hollow.write(folder)
    return folder


@pytest.fixture
def hollow_welsh(hollow_texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Welsh has a word for everything, though none that can be read."""
    monkeypatch.setattr(language, "CATALOGUES", hollow_texts)
