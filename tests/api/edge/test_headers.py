"""Every answer, good or bad, carries the headers."""

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_app
from api.edge.headers import ALWAYS
from api.settings import Settings
from tests.api.conftest import browser, one_database_a_module

database_url = one_database_a_module()
PATHS = [
    "/health",
    "/ready",
    "/metrics",
    "/nothing",
    "/v1/nothing",
    "/static/site.css",
    "/static/nothing",
    "/probe/staff",
    "/v1/probe/staff",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers(visitor: TestClient, path: str) -> None:
    headers = visitor.get(path).headers
    assert {name: headers[name] for name in ALWAYS} == ALWAYS
    assert headers["x-request-id"]


def test_a_bug_has_the_headers(visitor: TestClient) -> None:
    answer = visitor.post("/v1/probe/bug")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"]


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    policy = dict(part.split(" ", 1) for part in ALWAYS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {source for sources in policy.values() for source in sources.split()} == {
        "'none'",
        "'self'",
        "data:",
    }
    assert [name for name, sources in policy.items() if "data:" in sources] == ["img-src"]


def test_pages_are_not_kept_and_files_are(client: TestClient) -> None:
    assert client.get("/health").headers["cache-control"] == "no-store"
    assert client.get("/static/site.css").headers["cache-control"] == "no-cache"
    assert "immutable" in client.get("/static/site.css?v=1").headers["cache-control"]
    assert client.get("/static/nothing?v=1").headers["cache-control"] == "no-store"


def test_no_file_outside_the_folder_is_served(client: TestClient) -> None:
    for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py"):
        assert client.get(path).status_code == 404


def test_only_production_asks_for_tls(client: TestClient, settings: Settings, engine: Engine) -> None:
    assert "strict-transport-security" not in client.get("/health").headers
    with browser(production(settings, engine), "https://lifts.example") as there:
        assert there.get("/health").headers["strict-transport-security"]


def production(settings: Settings, engine: Engine) -> FastAPI:
    there = {"environment": "production", "base_url": "https://lifts.example", "secret_key": "k" * 40}
    return create_app(settings.model_copy(update=there), engine)
