"""A campaign with two days of events, which every test of the pages visits, and what can become of it."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from sqlmodel import Session

from api.services import matching, outbox, publishing
from api.services.views import EventView, RunView
from api.store.tables import Campaign, Coordinator, Offer, Request
from carpool import solve
from carpool.files import instance_from_json, plan_to_json
from tests.api import world

PASSWORD = "a long enough password"
Pair = tuple[Offer, Request]


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
    return make_scene(db, password_hash)


def make_scene(db: Session, password_hash: str) -> Scene:
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


def link_of(db: Session, sign_up: Offer | Request) -> str:
    """The token of the link in the first message, as its recipient has it."""
    (message,) = world.messages_of(db, sign_up, "confirm")
    envelope = outbox.claim(db, message.id)
    assert envelope is not None
    db.commit()
    return envelope.link_token


def match(db: Session, scene: Scene) -> RunView:
    """A finished run of the scene's first day, committed."""
    run = matching.start(db, scene.campaign, world.DAY, scene.coordinator, 10)
    text = matching.begin(db, run.id)
    assert text is not None
    plan = solve(instance_from_json(json.loads(text)), seconds=None, rounds=20)
    matching.finish(db, run.id, plan_to_json(plan))
    db.commit()
    return run


def publish(db: Session, scene: Scene) -> None:
    """Match the first day and publish it."""
    publishing.publish(db, scene.campaign, match(db, scene).id, scene.coordinator)
    db.commit()


@pytest.fixture
def pair(db: Session, scene: Scene) -> Pair:
    """Dora drives, Rafi rides: their lift is published."""
    both = world.add_offer(db, scene.campaign), world.add_request(db, scene.campaign)
    db.commit()
    publish(db, scene)
    return both
