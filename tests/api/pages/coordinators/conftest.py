"""A day that can be matched, and the plan that comes of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.services import matching
from api.services.views import RunView
from carpool import solve
from carpool.files import instance_from_json, plan_to_json
from tests.api import world
from tests.api.pages.conftest import Scene
from tests.api.pages.reading import read

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
    run = matching.start(db, scene.campaign, world.DAY, scene.coordinator, 10)
    text = matching.begin(db, run.id)
    assert text is not None
    plan = solve(instance_from_json(json.loads(text)), seconds=None, rounds=20)
    matching.finish(db, run.id, plan_to_json(plan))
    db.commit()
    return run
