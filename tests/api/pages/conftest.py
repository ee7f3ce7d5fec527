"""A campaign with two days of events, which every test of the pages visits."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi import FastAPI
from pwdlib import PasswordHash
from sqlmodel import Session
from starlette.testclient import TestClient

from api.services.views import EventView
from api.store.tables import Campaign, Coordinator
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read

PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Scene:
    """What is on: two events on the first day, in two constituencies, and one on the next."""

    campaign: Campaign
    coordinator: Coordinator
    morning: EventView
    afternoon: EventView
    next_day: EventView

    @property
    def base(self) -> str:
        return f"/c/{self.campaign.slug}"

    @property
    def desk(self) -> str:
        """The coordinator's page of the campaign."""
        return f"/coordinate/{self.campaign.slug}"


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Made once: it is meant to be slow."""
    return PasswordHash.recommended().hash(PASSWORD)


@pytest.fixture
def scene(db: Session, password_hash: str) -> Scene:
    coordinator = Coordinator(email="priya@example.org", name="Priya Shah", password_hash=password_hash)
    db.add(coordinator)
    db.flush()
    campaign = world.add_campaign(db, coordinator, "Polling day")
    campaign.imprint = "Promoted by P. Shah, 1 High Street, Leeds."
    morning = world.add_event(db, campaign, coordinator)
    afternoon = world.add_event(
        db,
        campaign,
        coordinator,
        title="Afternoon leaflets",
        constituency="E14001323",
        starts="14:00",
        ends="16:00",
    )
    next_day = world.add_event(
        db, campaign, coordinator, title="Street stall", day=world.DAY + timedelta(days=1)
    )
    db.commit()
    return Scene(campaign, coordinator, morning, afternoon, next_day)


@pytest.fixture
def desk(app: FastAPI, scene: Scene) -> TestClient:
    """The browser of the campaign's coordinator, logged in."""
    return log_in(browser(app), "priya@example.org")


def log_in(client: TestClient, email: str, password: str = PASSWORD) -> TestClient:
    fields = read(client.get("/login")).hidden()
    answer = client.post("/login", data=fields | {"email": email, "password": password})
    assert answer.status_code == 303, answer.text
    return client
