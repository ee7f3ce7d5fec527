"""Changing answers in a browser without scripts: two taps from the link, what it means said before, saved by a button."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.store.queries import lifts
from api.store.tables import Offer, Person, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, link_of, publish
from tests.api.pages.test_signup import post


def enter(client: TestClient, link: str) -> None:
    """Open the link of a message, and press the button."""
    client.get(f"/l/{link}")
    post(client, "/open", {})


def begin(client: TestClient) -> str:
    """Press the button of the private page; where it leads."""
    answer = client.post("/my/change", data=read(client.get("/my")).hidden())
    assert answer.status_code == 303
    return str(answer.headers["location"])


@pytest.fixture
def rider(client: TestClient, scene: Scene, db: Session) -> Request:
    """Rafi, whose lift with Dora is published, at his private page."""
    world.add_offer(db, scene.campaign, child_seats=1)
    request = world.add_request(db, scene.campaign, confirmed=False, home_by="20:00")
    enter(client, link_of(db, request))
    publish(db, scene)
    return request


def change(client: TestClient, step: str, **answers: Any) -> Any:
    """Open one page from the list of answers, and send it with what is on it and these answers."""
    page = read(client.get(f"/my/change/ask/{step}?change=1"))
    kept = {
        own["name"]: own["value"]
        for own in page.all("input")
        if "checked" in own or own.get("type") in ("text", "time")
    }
    return client.post(f"/my/change/ask/{step}?change=1", data=page.hidden() | kept | answers)


def test_the_pages_are_filled_with_what_was_said(client: TestClient, rider: Request) -> None:
    address = begin(client)
    assert address == "/my/change/ask/check"
    page = read(client.get(address))
    for said in ("WF2 8AA", "At my door, by the library", "20:00", "Your lift stays as it is"):
        assert said in page.text
    # Name and address have a page of their own.
    assert "E-mail address" not in page.text and "Step" not in page.text
    people = read(client.get("/my/change/ask/people?change=1"))
    assert (people.value("home_by"), people.checked("party")) == ("20:00", ["1"])
    assert people.classes("back")[0]["href"] == address


def test_loading_pages_changes_nothing(client: TestClient, db: Session, rider: Request) -> None:
    assert client.get("/my/change/ask/check").headers["location"] == "/my"
    assert client.get("/my/change").status_code in (404, 405)
    begin(client)
    change(client, "people", party="2")
    db.expire_all()
    assert rider.party == 1


def test_a_harmless_change_is_saved_and_the_lift_stays(
    client: TestClient, db: Session, rider: Request
) -> None:
    address = begin(client)
    assert change(client, "comfort", child_seat="true").headers["location"] == address
    assert "Your lift stays as it is" in read(client.get(address)).text
    fields = read(client.get(address)).hidden()
    for _ in range(2):
        assert client.post(address, data=fields).headers["location"] == "/my"
    db.expire_all()
    assert rider.needs == ["child_seat"] and lifts.has_lift(db, rider)


def test_what_a_change_breaks_is_said_before_it_is_saved(
    client: TestClient, db: Session, rider: Request
) -> None:
    address = begin(client)
    change(client, "people", party="5")
    page = read(client.get(address))
    assert "Saving this gives up your lift" in page.text and "not enough seats" in page.text
    assert "Save, and give up this lift" in page.text
    db.expire_all()
    assert lifts.has_lift(db, rider)
    assert client.post(address, data=page.hidden()).headers["location"] == "/my"
    db.expire_all()
    assert rider.party == 5 and not lifts.has_lift(db, rider)
    # Whether other lifts stand or not, the page says how things are.
    assert "5" in read(client.get("/my")).text and "No lift for you so far" in read(client.get("/my")).text


def test_what_became_true_after_the_page_was_loaded_is_shown_again(
    client: TestClient, scene: Scene, db: Session
) -> None:
    world.add_offer(db, scene.campaign)
    request = world.add_request(db, scene.campaign, confirmed=False)
    enter(client, link_of(db, request))
    address = begin(client)
    change(client, "people", party="5")
    fields = read(client.get(address)).hidden()
    publish(db, scene)
    answer = client.post(address, data=fields)
    page = read(answer)
    assert answer.status_code == 409 and "Your lift has changed in the meantime" in page.text
    db.expire_all()
    assert lifts.has_lift(db, request)
    assert client.post(address, data=page.hidden()).headers["location"] == "/my"


def test_wrong_answers_come_back_as_they_were_typed(client: TestClient, rider: Request) -> None:
    begin(client)
    answer = change(client, "people", ready_at="21:00", home_by="20:00")
    page = read(answer)
    assert answer.status_code == 422 and page.value("ready_at") == "21:00"


def test_one_day_is_changed_at_a_time(client: TestClient, scene: Scene, db: Session, rider: Request) -> None:
    address = begin(client)
    page = read(client.get("/my/change/ask/when?change=1"))
    assert {own["type"] for own in page.all("input", name="day")} == {"radio"}
    post(client, "/my/change/ask/when?change=1", {"day": scene.next_day.day.isoformat()})
    assert "It is on another day" in read(client.get(address)).text


def test_changing_sides_asks_only_what_is_missing(client: TestClient, db: Session, rider: Request) -> None:
    begin(client)
    asked = change(client, "role", role="offer").headers["location"]
    assert asked == "/my/change/offer/people?change=1"
    page = read(client.get(asked))
    assert page.value("home_by") == "20:00"
    typed = {
        "party": "1",
        "seats": "2",
        "way_back": "true",
        "max_travel_minutes": "120",
        "max_detour_minutes": "20",
    }
    asked = client.post(asked, data=page.hidden() | typed).headers["location"]
    assert asked == "/my/change/offer/comfort?change=1"
    check = post(client, asked, {"car": "red Mini"}).headers["location"]
    page = read(client.get(check))
    assert "You would drive instead of riding" in page.text
    assert client.post(check, data=page.hidden()).headers["location"] == "/my"
    assert "red Mini" in read(client.get("/my")).text


def test_nobody_else_gets_at_the_changes(app: FastAPI, client: TestClient, rider: Request) -> None:
    begin(client)
    stranger = browser(app)
    for address in ("/my/change/ask/check", "/my/change/ask/where"):
        assert stranger.get(address).headers["location"] == "/open"


def test_the_offer_of_a_driver_too(client: TestClient, scene: Scene, db: Session) -> None:
    offer: Offer = world.add_offer(db, scene.campaign, confirmed=False, seats=2)
    enter(client, link_of(db, offer))
    address = begin(client)
    page = read(client.get(address))
    assert address == "/my/change/offer/check" and "Free seats 2" in page.text
    assert "You have no lift yet" in page.text


def test_each_of_several_days_has_its_page_and_all_are_erased_together(
    client: TestClient, scene: Scene, db: Session
) -> None:
    later = scene.next_day.day
    first = world.add_request(db, scene.campaign, confirmed=False, also=[later])
    enter(client, link_of(db, first))
    page = read(client.get("/my"))
    assert [own["value"] for own in page.all("button", name="day")] == [later.isoformat()]
    for day in ("1999-01-01", later.isoformat()):
        assert client.post("/my/day", data=page.hidden() | {"day": day}).headers["location"] == "/my"
    page = read(client.get("/my"))
    assert [own["value"] for own in page.all("button", name="day")] == [world.DAY.isoformat()]
    # Cancelling is of the day, erasing of the person.
    post(client, "/my/cancel", {})
    db.expire_all()
    states = {one.day: one.state for one in db.exec(select(Request)).all()}
    assert states == {world.DAY: "active", later: "cancelled"}
    post(client, "/my/erase", {})
    assert db.exec(select(Person)).all() == []
