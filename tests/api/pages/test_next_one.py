"""Agreeing to hear of the next one on the private page, and stopping it there or by the link of a message."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import next_one
from api.store.tables import NextOne
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.coordinators.conftest import press
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene
from tests.api.pages.test_lifts import get_in

__all__ = ["press"]


@pytest.fixture
def visitor_in(app: FastAPI, db: Session, scene: Scene) -> TestClient:
    request = world.add_request(db, scene.campaign, confirmed=False)
    db.commit()
    return get_in(app, db, request)


def rows(db: Session) -> list[NextOne]:
    db.expire_all()
    return list(db.exec(select(NextOne)).all())


def test_it_is_asked_apart_and_nothing_is_ticked_before(visitor_in: TestClient, db: Session) -> None:
    page = read(visitor_in.get("/my"))
    assert "The Testers may write to me about the next campaign, for 12 months at most." in page.text
    assert "my political opinions" in page.text
    assert rows(db) == [], "looking at the page agrees to nothing"


def test_one_press_agrees_and_one_takes_it_back(visitor_in: TestClient, db: Session) -> None:
    hidden = read(visitor_in.get("/my")).hidden()
    old = visitor_in.post("/my/next-one", data=hidden | {"version": "0"})
    assert (old.status_code, rows(db)) == (409, [])
    assert visitor_in.post("/my/next-one", data=hidden).headers["location"] == "/my#next-one"
    assert len(rows(db)) == 1
    page = read(visitor_in.get("/my"))
    assert "You have agreed that The Testers writes to you about the next campaign" in page.text
    assert visitor_in.post("/my/next-one/stop", data=page.hidden()).status_code == 303
    assert rows(db) == []


def test_the_link_of_a_message_stops_it_by_a_press_and_never_by_loading(
    app: FastAPI, visitor_in: TestClient, db: Session
) -> None:
    visitor_in.post("/my/next-one", data=read(visitor_in.get("/my")).hidden())
    token = next_one.token_of(rows(db)[0].id)
    somebody = browser(app)
    first = somebody.get(f"/no-more/{token}")
    unknown = somebody.get("/no-more/of-nobody")
    assert read(first).text == read(unknown).text, "the page tells nobody who agreed"
    assert (first.status_code, unknown.status_code) == (200, 200)
    assert len(rows(db)) == 1
    assert "Rafi" not in first.text
    wrong = somebody.post("/no-more/of-nobody", data=read(unknown).hidden())
    assert ("You are off the list" in wrong.text, len(rows(db))) == (True, 1)
    done = somebody.post(f"/no-more/{token}", data=read(first).hidden())
    assert ("You are off the list" in done.text, rows(db)) == (True, [])


def test_the_list_leaves_only_when_somebody_answers_for_it(
    desk: TestClient, scene: Scene, visitor_in: TestClient, db: Session
) -> None:
    assert "Nobody has agreed yet" in read(desk.get(f"{scene.desk}/next-one")).text
    visitor_in.post("/my/next-one", data=read(visitor_in.get("/my")).hidden())
    page = read(desk.get(f"{scene.desk}/next-one"))
    assert "One person has agreed" in page.text
    assert "Rafi" not in page.text
    refused = desk.post(f"{scene.desk}/next-one", data=page.hidden())
    assert refused.status_code == 422
    assert "Without that nothing leaves the service." in read(refused).text
    file = desk.post(f"{scene.desk}/next-one", data=page.hidden() | {"agreed": "true"})
    assert file.headers["content-disposition"] == f'attachment; filename="{scene.campaign.slug}-next-one.csv"'
    assert "Rafi" in file.text and "/no-more/" in file.text
