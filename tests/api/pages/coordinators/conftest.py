"""A day that can be matched, and the plan that comes of it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.services.views import RunView
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, match

Press = Callable[..., Any]


@pytest.fixture
def press(desk: TestClient, scene: Scene) -> Press:
    """Sends a form of the coordinator's with the token of the campaign's page."""

    def send(address: str, **fields: Any) -> Any:
        token = read(desk.get(scene.desk)).hidden()["csrf"]
        return desk.post(f"{scene.desk}{address}", data={"csrf": token, **fields})

    return send


@pytest.fixture
def planned(db: Session, scene: Scene) -> RunView:
    """A finished run of the first day: one driver, two riders, of whom one is out of reach."""
    world.add_offer(db, scene.campaign)
    world.add_request(db, scene.campaign)
    world.add_request(db, scene.campaign, name="Faye Faraway", postcode="TR18 2AB")
    return match(db, scene)
