"""A coordinator's campaign with an event, and her program's log-in."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from api.services.login import add_coordinator
from api.services.views import EventView
from api.store.tables import Campaign, Coordinator
from tests.api import world

EMAIL, PASSWORD = "priya@example.org", "correct horse battery"


@dataclass
class Place:
    """What the tests refer to."""

    coordinator: Coordinator
    campaign: Campaign
    event: EventView

    @property
    def path(self) -> str:
        return f"/v1/campaigns/{self.campaign.slug}"


@pytest.fixture
def place(db: Session) -> Place:
    coordinator = add_coordinator(db, EMAIL, "Priya Shah", PASSWORD)
    campaign = world.add_campaign(db, coordinator)
    event = world.add_event(db, campaign, coordinator)
    db.commit()
    return Place(coordinator, campaign, event)


@pytest.fixture
def program(app: FastAPI) -> Iterator[TestClient]:
    """A program, which says nothing about where it comes from."""
    with TestClient(app, follow_redirects=False) as program:
        yield program


@pytest.fixture
def staff(program: TestClient, place: Place) -> TestClient:
    """The program of the campaign's coordinator."""
    answer = program.post("/v1/tokens", json={"email": EMAIL, "password": PASSWORD})
    program.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return program


@pytest.fixture
def outsider(app: FastAPI, db: Session) -> Iterator[TestClient]:
    """The program of a coordinator who runs another campaign."""
    add_coordinator(db, "other@example.org", "Other", PASSWORD)
    db.commit()
    with TestClient(app) as program:
        answer = program.post("/v1/tokens", json={"email": "other@example.org", "password": PASSWORD})
        program.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield program
