"""Whoever was brought in reads who added them, and removes themselves by one press."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import outbox
from api.store.tables import Message, Person
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.coordinators.test_importing import TAKE, checked, people, post
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene
from tests.api.services.exchange.tables import GOOD, HEADINGS


def link(db: Session, name: str) -> str:
    person = db.exec(select(Person).where(Person.name == name)).one()
    message = db.exec(select(Message).where(Message.person_id == person.id, Message.kind == "added")).one()
    envelope = outbox.claim(db, message.id)
    assert envelope is not None
    db.commit()
    return envelope.link_token


@pytest.fixture
def added(desk: TestClient, scene: Scene, db: Session) -> Scene:
    """Jo, Al and Bo are on the list, of whom nobody signed up."""
    post(desk, checked(desk, scene, HEADINGS + GOOD), "take", **TAKE)
    return scene


def test_the_page_behind_the_link_says_who_added_them_and_removes_them_by_one_press(
    app: FastAPI, added: Scene, db: Session
) -> None:
    jo = browser(app)
    token = link(db, "Jo Smith")
    assert jo.get(f"/l/{token}").headers["location"] == "/open"
    page = read(jo.get("/open"))
    for said in (
        "Sam Jones put you on the list",
        "you said so on the phone",
        "Polling day",
        "The Testers",
        "Remove me",
    ):
        assert said in page.text, said
    # Loading it changes nothing; the press erases at once.
    assert "Jo Smith" in people(db)
    answer = jo.post("/open/remove", data=page.hidden())
    assert answer.headers["location"] == "/erased" and people(db) == ["Al Jones", "Bo"]
    assert jo.post("/open/remove", data=page.hidden()).headers["location"] == "/erased"
    assert read(jo.get("/open")).text.count("Remove me") == 0


def test_their_own_page_has_the_button_too(app: FastAPI, added: Scene, db: Session) -> None:
    bo = browser(app)
    bo.get(f"/l/{link(db, 'Bo')}")
    bo.post("/open", data=read(bo.get("/open")).hidden())
    page = read(bo.get("/my"))
    assert "Sam Jones put you on the list" in page.text and "What we know of you" in page.text
    assert bo.post("/my/erase", data=page.hidden()).headers["location"] == "/erased"
    assert "Bo" not in people(db)


def test_whoever_signed_up_themselves_is_shown_no_such_thing(app: FastAPI, scene: Scene, db: Session) -> None:
    request = world.add_request(db, scene.campaign, confirmed=False)
    (message,) = world.messages_of(db, request, "confirm")
    envelope = outbox.claim(db, message.id)
    db.commit()
    assert envelope is not None
    mine = browser(app)
    mine.get(f"/l/{envelope.link_token}")
    assert "Remove me" not in read(mine.get("/open")).text


def test_a_made_up_link_removes_nobody(app: FastAPI, added: Scene, db: Session) -> None:
    stranger = browser(app)
    stranger.get("/l/made-up-token")
    stranger.post("/open/remove", data=read(stranger.get("/open")).hidden())
    assert len(people(db)) == 3
