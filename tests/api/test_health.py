"""Whoever watches the service learns how it is."""

from fastapi import FastAPI

from api.app import create_app
from api.store.session import make_engine
from tests.api.conftest import browser, settings_of


def test_all_is_well(app: FastAPI) -> None:
    with browser(app) as client:
        answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "version": app.version}


def test_a_database_that_is_not_there() -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    with browser(create_app(settings_of(database_url=url), make_engine(url))) as client:
        answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unavailable"
    assert "nobody" not in answer.text
