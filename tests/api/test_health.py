"""Whoever watches the service learns whether it is alive, and whether it can do its work."""

from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text

from api.app import create_app
from api.services.watching import LATELY_SECONDS
from api.store.session import make_engine
from tests.api.conftest import settings_of
from tests.api.test_logs import serving

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def get(app: FastAPI, path: str) -> httpx.Response:
    with serving(app) as address:
        return httpx.get(f"{address}{path}", timeout=30)


def run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


@pytest.fixture
def worker(engine: Engine) -> Callable[[float], None]:
    """Somebody who said so many seconds ago that they are there."""

    def heard_of(seconds: float) -> None:
        run(engine, "DELETE FROM procrastinate_workers")
        ago = f"now() - interval '{seconds} seconds'"
        run(engine, f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES ({ago})")  # noqa: S608

    return heard_of


def test_it_is_alive(app: FastAPI) -> None:
    answer = get(app, "/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": app.version}


def test_without_its_database_it_is_alive_and_not_ready() -> None:
    app = create_app(settings_of(database_url=NOWHERE), make_engine(NOWHERE))
    with serving(app) as address:
        assert httpx.get(f"{address}/health").status_code == 200
        answer = httpx.get(f"{address}/ready", timeout=30)
    assert answer.status_code == 503
    said = {"status": "unavailable", "database": "unavailable", "migrations": "unknown", "worker": "unknown"}
    assert answer.json() == {**said, "version": app.version}
    assert "nobody" not in answer.text


def test_all_is_well(app: FastAPI, worker: Callable[[float], None]) -> None:
    worker(1)
    answer = get(app, "/ready")
    said = {"status": "ok", "database": "ok", "migrations": "ok", "worker": "ok"}
    assert (answer.status_code, answer.json()) == (200, {**said, "version": app.version})


def test_a_worker_that_is_missing_makes_it_degraded(app: FastAPI, worker: Callable[[float], None]) -> None:
    degraded = {"status": "degraded", "database": "ok", "migrations": "ok", "worker": "missing"}
    with serving(app) as address:
        for seen in (None, LATELY_SECONDS + 5):
            if seen is not None:
                worker(seen)
            answer = httpx.get(f"{address}/ready")
            assert (answer.status_code, answer.json()) == (200, {**degraded, "version": app.version})


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0026'", "behind"),
        ("UPDATE alembic_version SET version_num = '9999'", "newer"),
        ("DROP SCHEMA public CASCADE; CREATE SCHEMA public", "behind"),
    ],
)
def test_tables_of_another_version(app: FastAPI, engine: Engine, statement: str, said: str) -> None:
    run(engine, statement)
    answer = get(app, "/ready")
    assert answer.status_code == 503
    found = answer.json()
    assert (found["status"], found["database"], found["migrations"], found["worker"]) == (
        "unavailable", "ok", said, "unknown",
    )  # fmt: skip
