"""A caller with a landline alone: signed up on the phone, never written to, rung instead."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import login, outbox, people
from api.store.tables import AuditEntry, Message, Offer, Person, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene, publish
from tests.api.pages.test_signup import AGREED, ASK, OFFER, Answers, go_through, post

CONTACT = {"name": "Vera", "phone": "0113 496 2345"}
DAY = world.DAY.isoformat()


def begin(desk: TestClient, scene: Scene) -> str:
    answer = desk.post(f"{scene.desk}/caller", data=read(desk.get(scene.desk)).hidden())
    return str(answer.headers["location"])


def sign_up(desk: TestClient, scene: Scene, what: str = "ask", pages: Answers = ASK) -> Any:
    begin(desk, scene)
    check = go_through(desk, f"{scene.desk}/caller/{what}", pages | {"contact": CONTACT})
    return post(desk, check, AGREED)


def caller(db: Session) -> Person:
    return db.exec(select(Person).where(Person.name == "Vera")).one()


def messages(db: Session) -> list[tuple[str, str]]:
    db.expire_all()
    found = db.exec(select(Message).where(Message.person_id == caller(db).id)).all()
    return sorted((one.kind, one.state) for one in found)


def test_the_same_pages_say_who_fills_them_in(desk: TestClient, scene: Scene) -> None:
    where = begin(desk, scene)
    assert where == f"{scene.desk}/caller/ask/where"
    check = go_through(desk, f"{scene.desk}/caller/ask", ASK | {"contact": CONTACT})
    for address in (where, f"{scene.desk}/caller/ask/contact", check):
        assert "You are signing up somebody who rang you" in read(desk.get(address)).text
    page = read(desk.get(check))
    assert (
        "Read this out" in page.text and "political opinions" in page.text and page.checked("consent") == []
    )
    assert not read(desk.get(f"{scene.desk}/caller/ask/contact")).all("input", name="email")


def test_a_caller_is_confirmed_by_the_coordinator_and_gets_no_message(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    answer = sign_up(desk, scene)
    request, person = db.exec(select(Request)).one(), caller(db)
    assert answer.headers["location"] == f"{scene.desk}/caller/done/{request.reference}"
    assert request.reference in read(desk.get(answer.headers["location"])).text
    assert (person.email, person.phone_typed, person.signed_up_by) == (
        "",
        "0113 496 2345",
        scene.coordinator.id,
    )
    assert person.confirmed_at is not None and person.consent_version
    assert messages(db) == []
    what = db.exec(select(AuditEntry.what).where(AuditEntry.subject_id == request.id)).all()
    assert what == ["caller signed up"]


@pytest.mark.parametrize(
    ("what", "pages"),
    [("offer", OFFER), ("either", ASK | {"role": {"role": "either"}, "people": OFFER["people"]})],
)
def test_a_caller_may_drive(desk: TestClient, scene: Scene, db: Session, what: str, pages: Answers) -> None:
    assert sign_up(desk, scene, what, pages).status_code == 303
    assert len(db.exec(select(Offer if what == "offer" else Request)).all()) == 1


def test_without_consent_or_number_nobody_is_signed_up(desk: TestClient, scene: Scene, db: Session) -> None:
    begin(desk, scene)
    contact = go_through(desk, f"{scene.desk}/caller/ask", {step: ASK[step] for step in list(ASK)[:5]})
    page = read(post(desk, contact, {"name": "Vera", "phone": ""}))
    assert "Type the number to ring them at" in page.text and page.value("name") == "Vera"
    check = post(desk, contact, CONTACT).headers["location"]
    assert post(desk, check, {}).status_code == 422
    assert db.exec(select(Person)).all() == []


def test_pressing_twice_signs_up_once_and_the_next_caller_starts_afresh(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    begin(desk, scene)
    check = go_through(desk, f"{scene.desk}/caller/ask", ASK | {"contact": CONTACT})
    fields = read(desk.get(check)).hidden() | AGREED
    one, two = (desk.post(check, data=fields) for _ in range(2))
    assert one.headers["location"] == two.headers["location"] and caller(db)
    go_through(desk, f"{scene.desk}/caller/ask", {step: ASK[step] for step in ("where", "when")})
    assert read(desk.get(begin(desk, scene))).value("postcode") == ""


def test_their_lift_is_told_by_ringing_them(desk: TestClient, scene: Scene, db: Session) -> None:
    sign_up(desk, scene)
    offer = world.add_offer(db, scene.campaign, child_seats=1)
    db.commit()
    publish(db, scene)
    assert messages(db) == [("matched", "call")]
    assert outbox.claim(db, db.exec(select(Message).where(Message.state == "call")).one().id) is None
    day = f"{scene.desk}/{DAY}"
    page = read(desk.get(day))
    assert "Ring them" in page.text and "Vera : Your lift" in page.text and CONTACT["phone"] not in page.text
    answer = desk.post(f"{day}/calls", data=page.hidden())
    page = read(answer)
    for said in (CONTACT["phone"], "Dora picks you up", "blue Ford Fiesta", "by the library"):
        assert said in page.text
    looked = select(AuditEntry).where(AuditEntry.what == "number looked at")
    assert [entry.subject_id for entry in db.exec(looked).all()] == [caller(db).id]
    told = next(own["action"] for own in page.all("form") if "/calls/" in own["action"])
    assert desk.post(told, data=page.hidden() | {"how": "wrong_number"}).status_code == 303
    own = read(desk.get(f"{scene.desk}/callers/{caller(db).id}")).text
    assert "Ringing them wrong number" in own
    know = page.hidden() | {"how": "told"}
    assert desk.post(told, data=know).headers["location"] == f"{day}#calls"
    assert messages(db) == [("matched", "sent")]
    assert desk.post(told, data=know).status_code == 409
    # And of the driver who cancels they are told as well.
    people.cancel(db, world.person_of(db, offer))
    db.commit()
    assert messages(db) == [("driver_cancelled", "call"), ("matched", "sent")]


def test_what_is_no_longer_true_needs_no_call(desk: TestClient, scene: Scene, db: Session) -> None:
    sign_up(desk, scene)
    offer = world.add_offer(db, scene.campaign, child_seats=1)
    db.commit()
    publish(db, scene)
    people.cancel(db, world.person_of(db, offer))
    db.commit()
    page = read(desk.get(f"{scene.desk}/{DAY}"))
    assert "Vera : Your driver has cancelled" in page.text and "Vera : Your lift" not in page.text


def test_two_callers_of_one_number_are_two_people(desk: TestClient, scene: Scene, db: Session) -> None:
    sign_up(desk, scene)
    world.add_request(db, scene.campaign, phone=CONTACT["phone"], name="Wim")
    db.commit()
    begin(desk, scene)
    other = {"contact": {"name": "Walt", "phone": CONTACT["phone"]}}
    post(desk, go_through(desk, f"{scene.desk}/caller/ask", ASK | other), AGREED)
    db.expire_all()
    assert {one.state for one in db.exec(select(Request)).all()} == {"active"}
    # The same again by the same person means the newer answers.
    sign_up(desk, scene)
    db.expire_all()
    states = sorted(one.state for one in db.exec(select(Request)).all())
    assert states == ["active", "active", "active", "replaced"]


def test_an_empty_address_opens_nobodys_page(desk: TestClient, scene: Scene, db: Session) -> None:
    sign_up(desk, scene)
    people.send_link_again(db, "")
    assert messages(db) == []


def test_riders_who_may_be_asked_to_drive_are_listed_while_they_have_no_lift(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    world.add_request(db, scene.campaign, name="Mia", may_ask=True)
    world.add_request(db, scene.campaign, name="Nor")
    db.commit()
    day = f"{scene.desk}/{DAY}"
    page = read(desk.get(day))
    assert "One rider without a lift may be asked to drive" in page.text and "Mia, WF2" not in page.text
    shown = read(desk.post(f"{day}/calls", data=page.hidden())).text
    assert "Mia, WF2" in shown and "Nor" not in shown
    world.add_offer(db, scene.campaign)
    db.commit()
    publish(db, scene)
    assert "may be asked to drive" not in read(desk.get(day)).text


def test_only_those_who_run_the_campaign_sign_up_callers(app: FastAPI, scene: Scene, db: Session) -> None:
    login.add_coordinator(db, "other@example.org", "Olu", PASSWORD)
    db.commit()
    other = log_in(browser(app), "other@example.org")
    token = read(other.get("/coordinate")).hidden()
    for path in ("/caller", "/caller/ask/where", "/caller/ask/check", f"/{DAY}/calls"):
        assert other.post(f"{scene.desk}{path}", data=token).status_code == 404
    assert other.get(f"{scene.desk}/caller/ask/where").status_code == 404
