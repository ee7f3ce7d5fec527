"""Setting up a campaign: only by those who run it, a fault named at its field, nothing done by loading a page."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import campaigns, login
from api.store.tables import Campaign, Event
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene

EVENT = {
    "title": "Evening phone bank", "kind": "phone bank", "constituency": world.LEEDS_NORTH_WEST, "place_name": "Hall",
    "postcode": "LS6 2AB", "day": world.DAY.isoformat(), "starts": "18:00", "ends": "20:30", "wanted": "12",
    "capacity": "", "weight": "",
}  # fmt: skip


def test_every_page_asks_for_a_log_in(client: TestClient, scene: Scene) -> None:
    for address in ("/coordinate", "/coordinate/new", scene.desk, f"{scene.desk}/events/new"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={address}")


def test_a_campaign_of_somebody_else_is_not_there(app: FastAPI, scene: Scene, db: Session) -> None:
    login.add_coordinator(db, "other@example.org", "Olu", PASSWORD)
    db.commit()
    other = log_in(browser(app), "other@example.org")
    assert scene.campaign.name not in read(other.get("/coordinate")).text
    token = read(other.get("/coordinate")).hidden()["csrf"]
    day = f"{scene.desk}/{world.DAY}"
    for address in (scene.desk, f"{scene.desk}/events/new", day, f"{day}/run"):
        assert other.get(address).status_code == 404
    for address in (f"{scene.desk}/keys", f"{scene.desk}/events/{scene.morning.id}/cancel", f"{day}/match"):
        assert other.post(address, data={"csrf": token, "under_pct": "5", "seconds": "60"}).status_code == 404


def test_a_new_campaign(desk: TestClient, db: Session) -> None:
    fields = read(desk.get("/coordinate/new")).hidden()
    typed = {"name": "Filey by-election", "organiser": "Friends", "contact_email": "filey@", "imprint": ""}
    answer = desk.post("/coordinate/new", data=fields | typed)
    page = read(answer)
    assert answer.status_code == 422 and page.value("name") == "Filey by-election"
    assert [own["href"] for own in page.all("a") if own["href"].startswith("#contact")] == ["#contact_email"]
    answer = desk.post("/coordinate/new", data=fields | typed | {"contact_email": "filey@example.org"})
    assert answer.headers["location"] == "/coordinate/filey-by-election"
    assert "Filey by-election" in read(desk.get("/coordinate")).text
    assert db.exec(select(Campaign).where(Campaign.slug == "filey-by-election")).one().organiser == "Friends"


def test_every_close_constituency_in_one_step(
    desk: TestClient, press: Press, scene: Scene, db: Session
) -> None:
    assert press("/keys", under_pct="5 %").headers["location"] == f"{scene.desk}#keys"
    keys = campaigns.key_constituencies(db, scene.campaign)
    assert len(keys) > 50 and max(key.majority_pct for key in keys) < 5
    page = read(desk.get(scene.desk))
    assert f"{len(keys)} key constituencies" in page.text
    press("/keys/remove", code=keys[0].code)
    press("/keys/remove", code=keys[0].code)
    assert len(campaigns.key_constituencies(db, scene.campaign)) == len(keys) - 1
    press("/keys/add", code=keys[0].code)
    assert len(campaigns.key_constituencies(db, scene.campaign)) == len(keys)


@pytest.mark.parametrize("typed", ["", "many", "0", "101", "-3", "nan", "inf", "1e9"])
def test_a_percentage_that_is_none_is_refused(press: Press, typed: str) -> None:
    answer = press("/keys", under_pct=typed)
    page = read(answer)
    assert answer.status_code == 422
    assert page.value("under_pct") == typed and page.all("a", href="#under_pct")


def test_a_constituency_that_is_not_known_is_refused(press: Press) -> None:
    for code in ("", "E99999999"):
        assert press("/keys/add", code=code).status_code == 422


def test_an_event_is_added_and_shown(desk: TestClient, press: Press, scene: Scene) -> None:
    assert read(desk.get(f"{scene.desk}/events/new")).all("input", name="title")
    assert press("/events/new", **EVENT).headers["location"] == f"{scene.desk}#events"
    assert "Evening phone bank" in read(desk.get(scene.desk)).text
    assert "18:00 to 20:30" in read(desk.get(scene.base)).text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""), ("constituency", ""), ("constituency", "E99999999"), ("place_name", " "), ("postcode", "ZZ9 9ZZ"),
        ("postcode", ""), ("day", ""), ("day", "3 May"), ("starts", "soon"), ("ends", ""), ("wanted", "-1"), ("wanted", "x"),
        ("capacity", "x"), ("weight", "0"), ("weight", "nan"),
    ],
)  # fmt: skip
def test_a_wrong_answer_names_its_field_and_keeps_the_others(
    press: Press, db: Session, field: str, typed: str
) -> None:
    before = len(db.exec(select(Event)).all())
    answer = press("/events/new", **EVENT | {field: typed})
    page = read(answer)
    assert answer.status_code == 422
    assert page.all("a", href=f"#{field}")
    others = {name: value for name, value in EVENT.items() if name not in (field, "constituency", "kind")}
    assert {name: page.value(name) for name in others} == others
    assert len(db.exec(select(Event)).all()) == before


def test_an_event_that_ends_before_it_starts_is_refused(press: Press) -> None:
    answer = press("/events/new", **EVENT | {"ends": "17:00"})
    assert answer.status_code == 422
    assert "The end has to be later than the start." in read(answer).text


def test_cancelling_an_event_asks_first(desk: TestClient, press: Press, scene: Scene) -> None:
    address = f"{scene.desk}/events/{scene.morning.id}/cancel"
    page = read(desk.get(address))
    assert "Cancel this event?" in page.text and "Morning canvass" in page.text
    assert "cancelled" not in read(desk.get(scene.desk)).text
    press(f"/events/{scene.morning.id}/cancel")
    assert "cancelled" in read(desk.get(scene.desk)).text
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/keys", "/keys/add", "/keys/remove", "/events/new"])
def test_nothing_happens_without_the_forms_token(desk: TestClient, scene: Scene, address: str) -> None:
    answer: Any = desk.post(f"{scene.desk}{address}", data=EVENT | {"under_pct": "5"})
    assert answer.status_code == 403
