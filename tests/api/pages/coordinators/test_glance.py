"""The day at a glance: supply and demand by event and region, and a map that knows districts and no homes."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from api.pages.rendering import has_map
from api.services import day_messages
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.api.pages.scene import Pair, Scene, pair
from tests.api.world import DAY

__all__ = ["pair"]


def test_supply_and_demand_are_shown_by_event_and_region(
    desk: TestClient, scene: Scene, db: Session, pair: Pair
) -> None:
    world.add_request(db, scene.campaign, postcode="TR18 2AB", name="Faye Faraway")
    db.commit()
    page = read(desk.get(f"{scene.desk}/{DAY}"))
    assert page.text.index("Afternoon leaflets ,") < page.text.index("Morning canvass , Leeds")
    assert {bar["value"] for bar in page.all("progress")} == {"0", "2"}
    assert "South West 0 0 1 one seat short 0" in page.text
    assert "Yorkshire and The Humber 1 3 1 1" in page.text
    only = read(desk.get(f"{scene.desk}/{DAY}?region=South+West&event={scene.afternoon.id}"))
    assert "Humber 1" not in only.text and "Morning canvass , Leeds" not in only.text
    if has_map():
        (frame,) = page.all("div", class_="map") or [m for m in page.classes("map") if "data-map" in m]
        assert frame["data-source"] == f"{scene.desk}/{DAY}/map.json?"


def test_the_map_shows_districts_events_and_lifts_and_no_homes(
    desk: TestClient, scene: Scene, db: Session, pair: Pair
) -> None:
    for sign_up in pair:
        sign_up.lat, sign_up.lon = sign_up.lat + 0.0123, sign_up.lon - 0.0123
        db.add(sign_up)
    db.commit()
    answer = desk.get(f"{scene.desk}/{DAY}/map.json")
    drawn = answer.json()
    assert {each[4] for each in drawn["districts"]} == {
        "WF1: 3 free seats, 0 ask for a lift",
        "WF2: 0 free seats, 1 ask for a lift",
    }
    assert "Morning canvass: 2 of 20 have a lift there" in [each[2] for each in drawn["events"]]
    assert sorted(each[4] for each in drawn["ways"]) == [1, 1]
    homes = {(sign_up.lat, sign_up.lon) for sign_up in pair}
    assert not homes & {(each[0], each[1]) for each in (*drawn["districts"], *drawn["ways"])}
    for secret in ("Dora", "Rafi", "@", "07700", "8AA"):
        assert secret not in answer.text
    for sign_up in pair:
        assert str(sign_up.lat) not in answer.text
    assert desk.get(f"{scene.desk}/{DAY}/map.json?role=driver").json()["districts"][0][3] == 0


def test_the_map_is_for_coordinators_of_the_campaign(
    app: FastAPI, desk: TestClient, scene: Scene, db: Session
) -> None:
    other = world.add_campaign(db, world.add_coordinator(db), "Another")
    db.commit()
    assert desk.get(f"/coordinate/{other.slug}/{DAY}/map.json").status_code == 404
    assert browser(app).get(f"{scene.desk}/{DAY}/map.json", follow_redirects=False).status_code == 303


def test_messages_are_turned_page_by_page_with_those_that_failed_first(
    desk: TestClient, db: Session, scene: Scene, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_messages, "PAGE", 1)
    failed = world.messages_of(db, pair[0], "matched")[0]
    failed.state = "failed"
    db.add(failed)
    db.commit()
    first = read(desk.get(f"{scene.desk}/{DAY}/messages"))
    assert "Dora" in first.text and "Rafi" not in first.text
    (link,) = first.all("a", rel="next")
    assert link["href"] == f"{scene.desk}/{DAY}/messages?page=2" and not first.all("a", rel="prev")
    second = read(desk.get(str(link["href"])))
    assert "Dora" not in second.text and "Rafi" in second.text and second.all("a", rel="prev")
    assert desk.get(f"{scene.desk}/{DAY}/messages?page=x").status_code == 200
