"""A caller rings again: whoever runs the campaign cancels for them, or changes what they said, and it is written down."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.services import login
from api.store.tables import AuditEntry, Message, Offer, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.coordinators.test_callers import DAY, caller, messages, sign_up
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene, publish
from tests.api.pages.test_signup import ASK, OFFER, post


@pytest.fixture
def address(desk: TestClient, scene: Scene, db: Session) -> str:
    """Of Vera's page, who rang and asks for a lift."""
    sign_up(desk, scene)
    return f"{scene.desk}/callers/{caller(db).id}"


def press(desk: TestClient, page: str, action: str, **fields: Any) -> Any:
    return desk.post(action, data=read(desk.get(page)).hidden() | fields)


def audit(db: Session) -> list[str]:
    db.expire_all()
    entries = db.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    return [one.what for one in entries if "caller" in one.what or one.what == "answers looked at"]


def test_the_page_of_the_day_leads_to_each_caller_without_a_number(
    desk: TestClient, scene: Scene, db: Session, address: str
) -> None:
    world.add_request(db, scene.campaign, name="Walter")
    db.commit()
    page = read(desk.get(f"{scene.desk}/{DAY}"))
    assert [own["href"] for own in page.all("a") if "/callers/" in own["href"]] == [address]
    assert "Vera, WF1" in page.text and "0113 496 2345" not in page.text
    own = read(desk.get(address)).text
    assert (
        "Asks for a lift" in own and "None so far" in own and "0113 496 2345" not in own and "1AA" not in own
    )
    assert audit(db) == ["caller signed up"], "nothing was looked at"


def test_a_rider_is_cancelled_the_driver_is_told_and_the_rider_is_to_be_rung(
    desk: TestClient, scene: Scene, db: Session, address: str
) -> None:
    offer = world.add_offer(db, scene.campaign, child_seats=1)
    db.commit()
    publish(db, scene)
    assert "Dora is told at once" in read(desk.get(address)).text
    answer = press(desk, address, f"{address}/cancel")
    assert answer.headers["location"] == f"{scene.desk}/{DAY}#calls"
    assert ("cancelled_by_you", "call") in messages(db)
    assert len(world.messages_of(db, offer, "rider_cancelled")) == 1
    page = read(desk.get(f"{scene.desk}/{DAY}"))
    assert "Vera : You have cancelled" in page.text and not page.all("a", href=address)
    assert audit(db)[-1] == "cancelled for a caller"


def test_a_driver_is_cancelled_and_all_riders_are_told(desk: TestClient, scene: Scene, db: Session) -> None:
    sign_up(desk, scene, "offer", OFFER)
    riders = [world.add_request(db, scene.campaign, name=name) for name in ("Rafi", "Ruth")]
    db.commit()
    publish(db, scene)
    address = f"{scene.desk}/callers/{caller(db).id}"
    assert "Offers a lift" in read(desk.get(address)).text
    press(desk, address, f"{address}/cancel")
    told = [len(world.messages_of(db, rider, "driver_cancelled")) for rider in riders]
    assert sum(told) >= 1 and told == [len(world.messages_of(db, one, "matched")) for one in riders]
    assert db.exec(select(Offer.state)).one() == "cancelled"


def test_a_second_press_is_told_of_the_first(
    desk: TestClient, scene: Scene, db: Session, address: str
) -> None:
    fields = read(desk.get(address)).hidden()
    statuses = [desk.post(f"{address}/cancel", data=fields).status_code for _ in range(2)]
    again = desk.post(f"{address}/cancel", data=fields)
    assert statuses == [303, 409] and "They have cancelled already" in read(again).text
    assert messages(db) == [("cancelled_by_you", "call")]
    assert audit(db).count("cancelled for a caller") == 1
    assert press(desk, f"{scene.desk}/{DAY}", f"{address}/change").status_code == 409


def test_answers_are_changed_as_the_caller_would_and_a_lift_is_given_up_only_if_they_agree(
    desk: TestClient, scene: Scene, db: Session, address: str
) -> None:
    offer = world.add_offer(db, scene.campaign, child_seats=1)
    db.commit()
    publish(db, scene)
    check = press(desk, address, f"{address}/change").headers["location"]
    assert check == f"{address}/change/ask/check"
    page = read(desk.get(check))
    assert "You are changing the answers of somebody who rang you" in page.text
    assert "Your lift stays as it is" in page.text and page.all("a", href=address)
    people = post(desk, f"{address}/change/ask/people?change=1", ASK["people"] | {"party": "6"})
    assert people.headers["location"] == check
    page = read(desk.get(check))
    assert "Saving this gives up your lift" in page.text
    unread = desk.post(check, data=page.hidden() | {"breaks": "no"})
    assert unread.status_code == 409
    assert db.exec(select(Request.party)).one() == 1
    assert desk.post(check, data=page.hidden()).headers["location"] == address
    db.expire_all()
    assert db.exec(select(Request.party)).one() == 6
    assert len(world.messages_of(db, offer, "rider_cancelled")) == 1
    assert audit(db)[-2:] == ["answers looked at", "answers changed for a caller"]


def test_without_a_change_under_way_every_page_leads_back(
    desk: TestClient, db: Session, address: str
) -> None:
    token = read(desk.get(address)).hidden()
    for path in ("ask/check", "ask/people", "offer/where"):
        assert desk.get(f"{address}/change/{path}").headers["location"] == address
        assert desk.post(f"{address}/change/{path}", data=token).headers["location"] == address
    assert audit(db) == ["caller signed up"]


def test_bad_answers_are_kept_and_explained(desk: TestClient, address: str) -> None:
    press(desk, address, f"{address}/change")
    answer = post(desk, f"{address}/change/ask/where?change=1", {"postcode": "XX99 9XX"})
    page = read(answer)
    assert answer.status_code == 422 and page.value("postcode") == "XX99 9XX"
    assert "You are changing the answers of somebody who rang you" in page.text


def test_nobody_acts_for_somebody_with_a_page_of_their_own_or_in_another_campaign(
    app: FastAPI, desk: TestClient, scene: Scene, db: Session, address: str
) -> None:
    own = world.add_request(db, scene.campaign)
    login.add_coordinator(db, "other@example.org", "Olu", PASSWORD)
    db.commit()
    token = read(desk.get(address)).hidden()
    other = log_in(browser(app), "other@example.org")
    others = read(other.get("/coordinate")).hidden()
    theirs = f"{scene.desk}/callers/{own.person_id}"
    for client, fields, base in ((desk, token, theirs), (other, others, address)):
        assert client.get(base).status_code == 404
        for path in ("/cancel", "/change", "/change/ask/check", "/change/ask/people"):
            assert client.post(f"{base}{path}", data=fields).status_code == 404
        assert client.get(f"{base}/change/ask/check").status_code == 404
    db.expire_all()
    assert {one.state for one in db.exec(select(Request)).all()} == {"active"}
    assert {one.kind for one in db.exec(select(Message)).all()} == {"confirm"}
