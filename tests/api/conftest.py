"""What the tests of the service share: a browser-like client on the whole app."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from api.app import create_app
from api.settings import Settings
from tests.api.probe import with_probes

with warnings.catch_warnings():
    # It would rather have httpx2, and works with httpx as well.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

ORIGIN = "http://testserver"


def settings_of(**values: Any) -> Settings:
    """Settings with these values, whatever a developer's own `.env` says."""
    return Settings(**{"_env_file": None, **values})


def browser(app: FastAPI, origin: str = ORIGIN) -> TestClient:
    """A browser that keeps cookies, says where a form comes from, and shows redirects instead of following them."""
    return TestClient(app, base_url=origin, headers={"Origin": origin}, follow_redirects=False)


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
