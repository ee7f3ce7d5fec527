"""A volunteer's private page: in by a link and a button, each status in plain words, out by a button."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import campaigns
from api.store.tables import Message, Offer, Person, PrivateSession, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Scene, link_of, publish

SignUp = Offer | Request


def get_in(app: FastAPI, db: Session, sign_up: SignUp) -> TestClient:
    """A browser on somebody's private page."""
    client = browser(app)
    assert client.get(f"/l/{link_of(db, sign_up)}").headers["location"] == "/open"
    answer = client.post("/open", data=read(client.get("/open")).hidden())
    assert answer.headers["location"] == "/my"
    return client


def press(client: TestClient, page: str, address: str) -> Any:
    return client.post(address, data={"csrf": read(client.get(page)).hidden()["csrf"]})


def my(client: TestClient) -> Page:
    return read(client.get("/my"))


def test_the_link_leads_to_a_button_and_only_the_button_acts(app: FastAPI, db: Session, scene: Scene) -> None:
    offer = world.add_offer(db, scene.campaign, confirmed=False)
    token = link_of(db, offer)
    client = browser(app)
    for _ in range(2):
        answer = client.get(f"/l/{token}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/open")
        page = read(client.get("/open"))
        assert token not in client.get("/open").text and page.all("form", action="/open")
    db.expire_all()
    assert world.person_of(db, offer).confirmed_at is None and db.exec(select(PrivateSession)).all() == []
    assert client.post("/open", data=page.hidden()).headers["location"] == "/my"
    db.expire_all()
    assert world.person_of(db, offer).confirmed_at is not None
    assert "We are looking for your lift" in my(client).text


def test_a_link_that_is_not_known_is_answered_in_words(client: TestClient) -> None:
    client.get("/l/nothing")
    answer = client.post("/open", data=read(client.get("/open")).hidden())
    assert answer.status_code == 404
    page = read(answer)
    assert "This link does not work any more" in page.text and not page.all("form", action="/open")
    assert "Open the link in your message" in read(client.get("/open")).text


def test_without_a_link_the_page_says_how_to_get_in(client: TestClient) -> None:
    for address in ("/my", "/my/cancel"):
        assert client.get(address).headers["location"] == "/open"
    page = read(client.get("/open"))
    assert "Open the link in your message" in page.text
    assert client.post("/open", data=page.hidden()).status_code in (303, 403)


def test_a_message_is_read_by_its_recipient_only(app: FastAPI, db: Session, scene: Scene) -> None:
    """Each page shows its own person, whoever else is in the campaign."""
    ann = get_in(app, db, world.add_offer(db, scene.campaign, confirmed=False, name="Ann", car="green van"))
    ben = get_in(
        app, db, world.add_request(db, scene.campaign, confirmed=False, name="Ben", pickup="the oak")
    )
    assert "green van" in my(ann).text and "the oak" not in my(ann).text
    assert "the oak" in my(ben).text and "green van" not in my(ben).text


def test_driver_and_rider_see_the_lift_from_their_side(app: FastAPI, db: Session, scene: Scene) -> None:
    offer = world.add_offer(db, scene.campaign, confirmed=False, seats=3)
    request = world.add_request(db, scene.campaign, confirmed=False, party=2)
    driver, rider = get_in(app, db, offer), get_in(app, db, request)
    publish(db, scene)
    of_driver, of_rider = my(driver).text, my(rider).text
    assert "You have people to take" in of_driver and "Pick up Rafi and one more person" in of_driver
    assert "by the library, WF2 8AA" in of_driver and "Ring Rafi, 07700 900456" in of_driver
    assert "You have a lift" in of_rider and "Dora picks you up" in of_rider
    assert "blue Ford Fiesta" in of_rider and "XYZ" in of_rider and "Ring Dora, 07700 900123" in of_rider
    assert "WF1 1AA" not in of_rider and "Driver" not in of_rider
    (word,) = (own for own in my(driver).classes("word"))
    assert word is not None
    assert "Market Square, LS6 2AB" in of_driver and "Market Square, LS6 2AB" in of_rider
    assert "The way back, in the same car" in of_driver and "You are back at about" in of_rider


def test_whoever_has_no_lift_is_told_what_happens_next(app: FastAPI, db: Session, scene: Scene) -> None:
    world.add_offer(db, scene.campaign)
    world.add_request(db, scene.campaign)
    left = get_in(app, db, world.add_request(db, scene.campaign, confirmed=False, postcode="TR18 2AB"))
    publish(db, scene)
    page = my(left)
    assert "No lift for you so far" in page.text and "still on the list" in page.text
    assert [own for own in page.classes("now") if own.get("aria-current") == "step"]


def test_cancelling_asks_once_and_tells(app: FastAPI, db: Session, scene: Scene) -> None:
    offer = world.add_offer(db, scene.campaign, confirmed=False)
    request = world.add_request(db, scene.campaign, confirmed=False)
    driver, rider = get_in(app, db, offer), get_in(app, db, request)
    publish(db, scene)
    asked = read(driver.get("/my/cancel"))
    assert "Cancel your offer?" in asked.text and "We tell your riders at once" in asked.text
    assert "We tell Dora at once" in read(rider.get("/my/cancel")).text
    assert "You have people to take" in my(driver).text
    assert press(driver, "/my/cancel", "/my/cancel").headers["location"] == "/my"
    assert "You have cancelled" in my(driver).text
    assert driver.get("/my/cancel").headers["location"] == "/my"
    assert "You have a lift" not in my(rider).text
    kinds = {
        message.kind for message in db.exec(select(Message).where(Message.person_id == request.person_id))
    }
    assert "driver_cancelled" in kinds


def test_leaving_a_device_leaves_nothing_on_it(app: FastAPI, db: Session, scene: Scene) -> None:
    client = get_in(app, db, world.add_offer(db, scene.campaign, confirmed=False))
    cookies = dict(client.cookies)
    assert press(client, "/my", "/my/leave").headers["location"] == "/"
    assert client.get("/my").headers["location"] == "/open"
    client.cookies.update(cookies)
    assert client.get("/my").headers["location"] == "/open"
    assert db.exec(select(PrivateSession)).all() == []


@pytest.mark.parametrize("address", ["/my/cancel", "/my/leave", "/open"])
def test_nothing_happens_without_the_forms_token(
    app: FastAPI, db: Session, scene: Scene, address: str
) -> None:
    client = get_in(app, db, world.add_offer(db, scene.campaign, confirmed=False))
    assert client.post(address).status_code == 403
    assert "We are looking for your lift" in my(client).text


def test_typed_markup_stays_text_on_both_sides(app: FastAPI, db: Session, scene: Scene) -> None:
    nasty = "<img/src=x/onerror=alert(1)>"
    offer = world.add_offer(db, scene.campaign, confirmed=False, name=nasty, car=nasty)
    request = world.add_request(db, scene.campaign, confirmed=False, name=nasty, pickup=nasty)
    clients = [get_in(app, db, offer), get_in(app, db, request)]
    publish(db, scene)
    for client in clients:
        assert nasty in my(client).text
        assert not my(client).all("img", src="x/onerror=alert(1)")
    assert len(db.exec(select(Person)).all()) == 2


def test_an_event_that_is_cancelled_after_publishing_stands_on_the_page(
    app: FastAPI, db: Session, scene: Scene
) -> None:
    offer = world.add_offer(db, scene.campaign, event_ids=[scene.morning.id], confirmed=False)
    db.commit()
    driver = get_in(app, db, offer)
    publish(db, scene)
    assert "This event is cancelled." not in my(driver).text
    campaigns.cancel_event(db, scene.campaign, scene.coordinator, scene.morning.id)
    db.commit()
    assert "This event is cancelled." in my(driver).text


def test_the_page_leads_to_a_calendar_file_and_the_way(app: FastAPI, db: Session, scene: Scene) -> None:
    driver = get_in(app, db, world.add_offer(db, scene.campaign, confirmed=False))
    rider = get_in(app, db, world.add_request(db, scene.campaign, confirmed=False))
    assert driver.get("/my/calendar.ics").status_code == 404
    publish(db, scene)
    for client in (driver, rider):
        page = my(client)
        assert page.all("a", href="/my/calendar.ics")
        (way,) = [own for own in page.all("a") if own.get("href", "").startswith("https://")]
        assert way["rel"] == "noreferrer noopener"
        answer = client.get("/my/calendar.ics")
        assert (
            answer.headers["content-type"].startswith("text/calendar")
            and "no-store" in answer.headers["cache-control"]
        )
        assert answer.text.count("BEGIN:VEVENT") == 2
