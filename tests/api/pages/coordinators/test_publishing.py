"""Before a plan is published its page says who is told what. Of two who press at once, the second hears who did what, when."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import foreseen, matching, publishing, unfit
from api.services.hands import taking
from api.services.hands.asking import Asked
from api.services.local import local
from api.services.views import RunView
from api.store.tables import AuditEntry, Coordinator, Lift, Membership, Message, Offer, Run
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import PASSWORD, Scene, match

DAY = f"/{world.DAY}"


def look(desk: TestClient, scene: Scene, run: RunView, choice: str = "") -> Page:
    return read(desk.get(f"{scene.desk}{DAY}/runs/{run.id}/publish{choice}"))


def test_it_says_who_is_told_what(desk: TestClient, scene: Scene, planned: RunView) -> None:
    text = look(desk, scene, planned).text
    assert "All: 3 Get a lift: 2 None yet: 1" in text
    assert (
        "Dora, WF" in text.replace(" ,", ",")
        and "drives to Morning canvass with one stop, sets off at" in text
    )
    assert "rides with Dora to Morning canvass picked up at" in text
    assert "@example.org" not in text and "07700" not in text and "WF2 8AA" not in text


def test_who_is_told_is_found_by_the_address(desk: TestClient, scene: Scene, planned: RunView) -> None:
    none_yet = look(desk, scene, planned, "?kind=no_lift")
    assert "Faye" in none_yet.text and "Dora" not in none_yet.text
    assert "Publish and send 3 messages" in none_yet.text, "whoever is looked at, all of it happens"
    found = look(desk, scene, planned, "?q=raf")
    assert "Rafi" in found.text and "Faye" not in found.text and found.value("q") == "raf"
    assert "Nobody like that is told anything." in look(desk, scene, planned, "?q=zzz").text
    assert "Dora" in look(desk, scene, planned, "?kind=%00&q=%00&page=x").text


def test_who_is_told_is_looked_at_event_by_event(desk: TestClient, scene: Scene, planned: RunView) -> None:
    by_event = look(desk, scene, planned, "?by=event")
    assert "Dora" not in by_event.text and "Town hall" not in by_event.text
    (morning,) = [link for link in by_event.all("a") if "event=" in link["href"]]
    of_it = read(desk.get(morning["href"]))
    assert "Who is told what about Morning canvass" in of_it.text and "All: 2 Get a lift: 2" in of_it.text
    assert "Dora" in of_it.text and "Faye" not in of_it.text
    assert [field["name"] for field in of_it.all("input", type="hidden")].count("event") == 1, (
        "finding keeps to it"
    )
    nonsense = look(desk, scene, planned, "?event=nonsense&by=%00").text
    assert "All: 3" in nonsense and "Show all events" not in nonsense


def test_many_are_looked_through_a_page_at_a_time(
    desk: TestClient, scene: Scene, planned: RunView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseen, "PAGE", 1)
    monkeypatch.setattr("api.pages.coordinators.runs.PAGE", 1)
    page = look(desk, scene, planned, "?kind=matched&q=a")
    assert "Page 1 of" not in page.text, "nobody's name begins so"
    page = look(desk, scene, planned, "?kind=matched")
    assert "Page 1 of 2" in page.text
    (onwards,) = page.all("a", rel="next")
    assert "kind=matched" in onwards["href"] and "page=2" in onwards["href"]


def test_a_second_plan_is_shown_from_what_to_what(
    desk: TestClient, scene: Scene, db: Session, planned: RunView
) -> None:
    publishing.publish(db, scene.campaign, planned.id, scene.coordinator)
    world.add_request(db, scene.campaign, name="Rose Private")
    db.commit()
    text = look(desk, scene, match(db, scene)).text
    assert (
        "other riders" in text
        and "with one stop, sets off at" in text
        and "with 2 stops, sets off at" in text
    )
    assert "Event by event" in text and "Morning canvass" in text


def test_a_plan_that_changes_nothing_tells_nobody(
    desk: TestClient, scene: Scene, db: Session, planned: RunView
) -> None:
    publishing.publish(db, scene.campaign, planned.id, scene.coordinator)
    db.commit()
    page = look(desk, scene, match(db, scene))
    assert "Nobody. Everybody has been told already what this plan says." in page.text


def test_looking_does_not_build_the_whole_day(
    desk: TestClient, scene: Scene, planned: RunView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 30,000 people that takes 15 seconds."""
    for module, name in ((publishing, "compare"), (unfit, "build_instance"), (matching, "instance_and_plan")):
        monkeypatch.delattr(module, name)
    assert "Publish and send 3 messages" in look(desk, scene, planned).text


def test_a_car_that_breaks_a_rule_by_now_is_named_and_nothing_is_published(
    desk: TestClient, scene: Scene, db: Session, planned: RunView, press: Any
) -> None:
    rose = world.add_request(db, scene.campaign, name="Rose Private")
    run, driver = match(db, scene), db.exec(select(Offer)).one()
    for version, change in enumerate((Asked("out", rose.id), Asked("ride", rose.id, driver.id))):
        taking.take(db, scene.campaign, run.id, scene.coordinator, change, version, "")
    driver.seats = 1
    db.add(driver)
    db.commit()
    wrong = "Dora’s car has too few seats"
    address = f"{DAY}/runs/{run.id}/publish"
    seen = desk.get(f"{scene.desk}{address}")
    assert seen.status_code == 409 and wrong in read(seen).text
    pressed = press(address, confirm=PASSWORD)
    assert pressed.status_code == 409 and wrong in read(pressed).text
    db.expire_all()
    assert db.get_one(Run, run.id).state == "done"
    assert not db.exec(select(AuditEntry).where(AuditEntry.what == "run published")).all()


def test_of_two_coordinators_who_press_at_once_the_second_is_told_who_did_what_and_when(
    app: FastAPI, scene: Scene, db: Session, planned: RunView, password_hash: str
) -> None:
    second = Coordinator(email="sam@example.org", name="Sam Okoro", password_hash=password_hash)
    db.add(second)
    db.flush()
    db.add(Membership(campaign_id=scene.campaign.id, coordinator_id=second.id, role="coordinator"))
    db.commit()
    address, together = f"{scene.desk}{DAY}/runs/{planned.id}/publish", Barrier(2)
    desks = [log_in(browser(app), email) for email in ("priya@example.org", "sam@example.org")]
    tokens = [read(one.get(address)).hidden()["csrf"] for one in desks]

    def press(one: TestClient, token: str) -> tuple[int, str]:
        together.wait()
        answer = one.post(address, data={"csrf": token, "confirm": PASSWORD})
        return answer.status_code, answer.text

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(press, desks, tokens))
    assert sorted(status for status, _ in answers) == [303, 409]
    db.expire_all()
    run = db.get_one(Run, planned.id)
    first = next(one for one in (scene.coordinator, second) if one.id == run.published_by)
    assert [status for status, _ in answers].index(303) == (scene.coordinator, second).index(first)
    assert run.published_at is not None
    said = next(text for status, text in answers if status == 409)
    assert (
        f"{first.name} has published this run already at {local(run.published_at):%H:%M}. Nothing was sent twice."
        in said
    )
    assert len(db.exec(select(Lift)).all()) == 1
    assert len(db.exec(select(Message).where(Message.run_id == planned.id)).all()) == 3
