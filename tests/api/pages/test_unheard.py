"""A driver who has not said that they come: the coordinator's call, the lift that is off, and coming after all."""

from datetime import datetime, time, timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import deadlines, my_page
from api.services.local import at
from api.store.tables import AuditEntry, Lift, Offer, Request
from tests.api import world
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Scene, publish
from tests.api.pages.test_lifts import get_in, my, press

AFTER = at(world.DAY - timedelta(days=1), time(20, 30))


@pytest.fixture
def offer(db: Session, scene: Scene) -> Offer:
    return world.add_offer(db, scene.campaign, confirmed=False)


@pytest.fixture
def request_(db: Session, scene: Scene) -> Request:
    return world.add_request(db, scene.campaign, confirmed=False)


@pytest.fixture
def car(
    app: FastAPI, db: Session, scene: Scene, offer: Offer, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> tuple[TestClient, TestClient]:
    """The browsers of a driver and a rider of one lift, half an hour after both should have answered."""
    both = get_in(app, db, offer), get_in(app, db, request_)
    publish(db, scene)
    set_clock(monkeypatch, AFTER)
    return both


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in (deadlines, my_page):
        monkeypatch.setattr(module, "now", lambda: moment)
    monkeypatch.setattr(deadlines, "today", lambda: moment.date())


def day_of(desk: TestClient, scene: Scene) -> Page:
    return read(desk.get(f"{scene.desk}/{world.DAY}"))


def form_of(page: Page, end: str) -> str:
    (form,) = [own for own in page.all("form") if own["action"].endswith(end)]
    return form["action"]


def send(desk: TestClient, scene: Scene, address: str) -> int:
    token = day_of(desk, scene).hidden()["csrf"]
    return int(desk.post(address, data={"csrf": token}).status_code)


def test_the_coordinator_sees_the_number_by_a_press_that_is_written_down(
    db: Session, scene: Scene, car: tuple[TestClient, TestClient], desk: TestClient
) -> None:
    page = day_of(desk, scene)
    assert "One driver has not said that they come: please ring" in page.text
    assert "One rider has not said that they come" in page.text and "07700" not in page.text
    ring = form_of(page, "/ring")
    page = read(desk.post(ring, data={"csrf": page.hidden()["csrf"]}))
    assert "07700 900123" in page.text and "Dora leaves at 09:" in page.text
    assert "with one rider, and has not said" in page.text
    db.rollback()
    assert "driver's number read" in [entry.what for entry in db.exec(select(AuditEntry)).all()]
    assert send(desk, scene, form_of(page, "/comes")) == 303
    assert "please ring" not in day_of(desk, scene).text
    assert "You said that you are coming." in my(car[0]).text
    assert send(desk, scene, form_of(page, "/off")) == send(desk, scene, ring) == 409


def test_a_lift_that_is_called_off_leaves_a_way_back_for_its_driver(
    db: Session,
    scene: Scene,
    car: tuple[TestClient, TestClient],
    desk: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver, rider = car
    assert "People count on your car." in my(driver).text and "People count" not in my(rider).text
    lift = db.exec(select(Lift)).one()
    set_clock(monkeypatch, lift.departs_at - timedelta(hours=3))
    assert deadlines.call_off_due(db) == 1
    db.commit()
    page = my(driver)
    assert "Your lift was called off" in page.text and page.all("form", action="/my/come-after-all")
    assert "You have a lift" not in my(rider).text and not my(rider).all("form", action="/my/come-after-all")
    assert "please ring" not in day_of(desk, scene).text
    for _ in range(2):
        assert press(driver, "/my", "/my/come-after-all").headers["location"] == "/my"
    assert "called off" not in my(driver).text


def test_a_lift_of_another_campaign_has_no_number(
    db: Session, scene: Scene, car: tuple[TestClient, TestClient], desk: TestClient
) -> None:
    other = world.add_campaign(db, scene.coordinator, "Another")
    db.commit()
    ring = form_of(day_of(desk, scene), "/ring").replace(scene.campaign.slug, other.slug, 1)
    for address in (ring, ring.replace("/ring", "/comes"), ring.replace("/ring", "/off")):
        assert send(desk, scene, address) == 409
    db.rollback()
    assert db.exec(select(Lift)).one().accepted_at is None
