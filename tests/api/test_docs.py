"""The API's documentation is complete, is for coordinators only, and works under the pages' own strict policy."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.auth import callers, coordinator
from api.pages.rendering import STATIC
from api.services.login import add_coordinator
from api.store.session import open_session
from tests.api.test_logs import serving

EMAIL, PASSWORD = "ann@example.org", "correct horse battery"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def ann(engine: Engine) -> None:
    with open_session(engine) as db:
        add_coordinator(db, EMAIL, "Ann", PASSWORD)
        db.commit()


@pytest.fixture
def staff(client: TestClient, ann: None) -> TestClient:
    answer = client.post("/v1/tokens", json={"email": EMAIL, "password": PASSWORD})
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return client


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_only_coordinators_read_it(client: TestClient) -> None:
    assert client.get("/v1/openapi.json").status_code == 401
    assert client.get("/docs").headers["location"] == "/login?next=/docs"


def test_every_operation_says_what_it_answers(app: FastAPI, staff: TestClient) -> None:
    document = staff.get("/v1/openapi.json").json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for name, operation in operations(document):
        assert operation["description"], name
        for status, answer in operation["responses"].items():
            assert status == "204" or answer["content"]["application/json"]["schema"], (name, status)
        if "/v1/" in name:
            assert {"422", "503"} <= set(operation["responses"]), name
        if name.startswith("POST"):
            assert {"403", "413"} <= set(operation["responses"]), name


def test_every_operation_of_coordinators_says_so(app: FastAPI, staff: TestClient) -> None:
    described = dict(operations(staff.get("/v1/openapi.json").json()))
    for route in iter_route_contexts(app.routes):
        if not str(route.path).startswith(("/v1/", "/health", "/ready")) or route.path == "/v1/openapi.json":
            continue
        (method,) = sorted(route.methods or ())
        operation = described.pop(f"{method} {route.path}")
        is_theirs = coordinator in callers(route)
        assert bool(operation.get("security")) == is_theirs, route.path
        assert not is_theirs or "401" in operation["responses"], route.path
    assert described == {}


def test_no_two_operations_share_a_name(staff: TestClient) -> None:
    names = [operation["operationId"] for _, operation in operations(staff.get("/v1/openapi.json").json())]
    assert len(names) == len(set(names))


@pytest.fixture
def page(app: FastAPI, ann: None) -> Iterator[Page]:
    """A real browser, logged in."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium for the browser tests")
    with serving(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=address)
        page.goto("/login?next=/docs", wait_until="domcontentloaded")
        page.fill("[name=email]", EMAIL)
        page.fill("[name=password]", PASSWORD)
        yield page
        browser.close()


@pytest.mark.browser
def test_it_is_shown_under_the_strict_policy(page: Page) -> None:
    if not (STATIC / "vendor" / "swagger-ui-bundle.js").is_file():
        pytest.skip("the front end's libraries are not set up")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.click("main button")
    page.wait_for_selector(".opblock")
    page.click("#operations-nearest-nearest_constituencies button.opblock-summary-control")
    page.click(".try-out__btn")
    page.fill("tr[data-param-name=postcode] input", "LS6 2AB")
    page.click(".execute")
    page.wait_for_selector(".live-responses-table tbody .response-col_status")
    assert "200" in page.inner_text(".live-responses-table tbody .response-col_status")
    assert complaints == []
    # The same page would complain about a style of its own, so silence means something.
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.wait_for_timeout(100)
    assert any("Content Security Policy" in complaint for complaint in complaints)


@pytest.mark.browser
def test_without_the_viewer_it_says_what_to_do(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.docs.VIEWER", "vendor/none.js")
    page.click("main button")
    assert "make setup" in page.inner_text("main")
