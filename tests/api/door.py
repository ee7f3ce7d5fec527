"""An event at whose door people arrive: two cars with riders to the scene's first event, which is on right now."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select, update

from api.services import hosting
from api.services.campaign_forms import HostForm
from api.services.host_views import Board, Guest
from api.services.local import now
from api.store.tables import Event, Host, Lift, LiftStop, Offer, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, publish

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@dataclass(frozen=True)
class Door:
    """Dora drives Rafi, Dev drives Rita and her friend; Hana is the host. The event began an hour ago."""

    scene: Scene
    host: Host
    dora: Offer
    dev: Offer
    rafi: Request
    rita: Request

    @property
    def event_id(self) -> UUID:
        return self.host.event_id


@pytest.fixture
def door(db: Session, scene: Scene) -> Door:
    """Two seats and two riders each, far from each other, so that nobody doubts who rides with whom."""
    event = scene.morning.id
    only: dict[str, Any] = {"event_ids": [event]}
    dora = world.add_offer(db, scene.campaign, seats=2, **only)
    dev = world.add_offer(
        db, scene.campaign, name="Dev Dhar", postcode="HX1 1AA", car="red Mini", plate="DEV", seats=4, **only
    )
    rafi = world.add_request(db, scene.campaign, **only)
    rita = world.add_request(
        db, scene.campaign, name="Rita de la Cruz", postcode="HX2 8AA", party=2, pickup="at the mill", **only
    )
    db.commit()
    publish(db, scene)
    begin(db, event)
    host = add_host(db, scene)
    db.commit()
    return Door(scene, host, dora, dev, rafi, rita)


def begin(db: Session, event_id: UUID, hours_ago: float = 1, lasts: float = 3) -> None:
    """Move the event, and the cars on their way to it, to about now."""
    start = now() - timedelta(hours=hours_ago)
    db.exec(
        update(Event)
        .where(col(Event.id) == event_id)
        .values(starts_at=start, ends_at=start + timedelta(hours=lasts))
    )
    lifts = db.exec(select(Lift).where(Lift.event_id == event_id)).all()
    for number, lift in enumerate(sorted(lifts, key=lambda one: one.match_word)):
        lift.departs_at, lift.arrives_at = start - timedelta(hours=1), start + timedelta(minutes=number)
        db.add(lift)
    db.commit()


def add_host(
    db: Session, scene: Scene, event_id: UUID | None = None, email: str = "hana@example.org"
) -> Host:
    form = HostForm(host_name="Hana Host", host_email=email)
    return hosting.add(db, scene.campaign, scene.coordinator, event_id or scene.morning.id, form)


def link_of(db: Session, host: Host) -> str:
    """A fresh link's token."""
    token = hosting.new_link(db, host, hosting.event_of(db, host))
    db.commit()
    return token


def get_in(app: FastAPI, db: Session, host: Host) -> "TestClient":
    """The host's browser, in by a link."""
    client = browser(app)
    assert client.get(f"/h/{link_of(db, host)}").headers["location"] == "/host/open"
    answer = client.post("/host/open", data=read(client.get("/host/open")).hidden())
    assert (answer.status_code, answer.headers["location"]) == (303, "/host")
    return client


def seen(board: Board, name: str) -> Guest:
    """The guest of this first name."""
    (found,) = [guest for guest in board.guests if guest.name.startswith(name)]
    return found


def lift_of(db: Session, sign_up: Offer | Request) -> Lift:
    """The lift that somebody is in."""
    found = select(Lift).where(Lift.state == "published")
    if isinstance(sign_up, Offer):
        return db.exec(found.where(Lift.offer_id == sign_up.id)).one()
    stops = select(LiftStop.lift_id).where(LiftStop.request_id == sign_up.id, LiftStop.state == "published")
    return db.exec(found.where(col(Lift.id).in_(stops))).one()
