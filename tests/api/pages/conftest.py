"""The scene, and the browser of its coordinator."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene, password_hash, scene

__all__ = ["password_hash", "scene"]


@pytest.fixture
def desk(app: FastAPI, scene: Scene) -> TestClient:
    """The browser of the campaign's coordinator, logged in."""
    return log_in(browser(app), "priya@example.org")


def log_in(client: TestClient, email: str, password: str = PASSWORD) -> TestClient:
    fields = read(client.get("/login")).hidden()
    answer = client.post("/login", data=fields | {"email": email, "password": password})
    assert answer.status_code == 303, answer.text
    return client
