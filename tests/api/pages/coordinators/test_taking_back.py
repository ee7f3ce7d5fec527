"""The page that takes a publishing back: what it says first, who may, and what the day says afterwards."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.services import sending
from api.services.views import RunView
from api.settings import settings
from tests.api import world
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene

DAY = f"/{world.DAY}"


@pytest.fixture(autouse=True)
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    house = settings().model_copy(update={"publish_wait_seconds": 120})
    monkeypatch.setattr(sending, "settings", lambda: house)


def test_it_says_what_happens_and_does_it(
    desk: TestClient, scene: Scene, db: Session, planned: RunView, press: Press
) -> None:
    press(f"{DAY}/runs/{planned.id}/publish")
    path = f"{DAY}/runs/{planned.id}/take-back"
    match = read(desk.get(f"{scene.desk}{DAY}/match"))
    assert f"{scene.desk}{path}" in [link["href"] for link in match.all("a")]
    asked = read(desk.get(f"{scene.desk}{path}")).text
    assert "Nobody has been told yet" in asked and "messages are never sent 3" in asked
    assert press(path).headers["location"] == f"{scene.desk}{DAY}/match"
    said = read(desk.get(f"{scene.desk}{DAY}/match")).text
    assert "took its publishing back" in said and "messages go out at" not in said
    again = read(press(path))
    assert "has taken it back already" in again.text


def test_too_late_is_said_before_the_press(
    desk: TestClient, scene: Scene, db: Session, planned: RunView
) -> None:
    page = read(desk.get(f"{scene.desk}{DAY}/runs/{planned.id}/take-back"))
    assert "not published" in page.text and not page.all(
        "form", action=f"{scene.desk}{DAY}/runs/{planned.id}/take-back"
    )
