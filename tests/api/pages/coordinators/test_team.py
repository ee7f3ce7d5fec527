"""The page of the team."""

from typing import Any

from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services.login import add_coordinator
from api.store.tables import Coordinator, Invitation, Membership
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene


def add(db: Session, scene: Scene, role: str = "helper", **values: Any) -> Coordinator:
    person = add_coordinator(db, f"{role}@example.org", f"Harriet {role}", PASSWORD)
    db.add(Membership(coordinator_id=person.id, campaign_id=scene.campaign.id, role=role, **values))
    db.commit()
    return person


def test_an_owner_sees_who_is_in_it_and_who_is_invited(
    desk: TestClient, scene: Scene, db: Session, press: Press
) -> None:
    add(db, scene, "regional", regions=["London"])
    fields = {"email": "new@example.org", "role": "regional", "regions": ["London", "Wales"]}
    assert press("/team/invite", **fields).status_code == 303
    page = read(desk.get(f"{scene.desk}/team"))
    for said in (
        "Priya Shah",
        "Harriet regional",
        "regional@example.org",
        "new@example.org",
        "London, Wales",
    ):
        assert said in page.text
    assert "2 people" in page.text and "message: waiting" in page.text


def test_the_others_see_names_and_roles_alone(
    app: FastAPI, desk: TestClient, scene: Scene, db: Session, press: Press
) -> None:
    add(db, scene, "reader")
    press("/team/invite", email="new@example.org", role="helper")
    page = read(log_in(browser(app), "reader@example.org").get(f"{scene.desk}/team"))
    assert "Priya Shah" in page.text and "What the roles mean" in page.text
    assert "@example.org" not in page.text and "new@" not in page.text


def test_what_was_typed_comes_back_with_what_is_wrong(desk: TestClient, scene: Scene, press: Press) -> None:
    page = read(press("/team/invite", email="no address", role="regional", event_ids=[str(scene.morning.id)]))
    assert "Type an e-mail address" in page.text and page.value("email") == "no address"
    assert page.checked("role") == ["regional"] and page.checked("event_ids") == [str(scene.morning.id)]
    page = read(press("/team/invite", email="new@example.org", role="regional"))
    assert "at least one region or event" in page.text
    page = read(press("/team/invite", email="priya@example.org", role="helper"))
    assert "in the team already" in page.text
    assert "Choose a role." in read(press("/team/invite", email="new@example.org", role="king")).text


def test_a_role_is_changed_and_somebody_removed(
    app: FastAPI, desk: TestClient, scene: Scene, db: Session, press: Press
) -> None:
    person = add(db, scene)
    theirs = log_in(browser(app), "helper@example.org")
    day = f"{scene.desk}/{scene.morning.day}"
    assert theirs.get(day).status_code == 403
    page = read(desk.get(f"{scene.desk}/team/{person.id}"))
    assert page.checked("role") == ["helper"]
    assert press(f"/team/{person.id}/role", role="coordinator").status_code == 303
    assert theirs.get(day).status_code == 200
    assert press(f"/team/{person.id}/remove").headers["location"] == f"{scene.desk}/team"
    assert theirs.get(day).status_code == 404 and theirs.get("/coordinate").status_code == 200


def test_the_last_owner_is_told_why_they_stay(desk: TestClient, scene: Scene, press: Press) -> None:
    mine = f"/team/{scene.coordinator.id}"
    for answer in (press(f"{mine}/remove"), press(f"{mine}/role", role="helper")):
        assert answer.status_code == 409
        assert "Make somebody else an owner first" in read(answer).text
    assert read(desk.get(f"{scene.desk}{mine}")).checked("role") == ["owner"]


def test_whoever_leaves_comes_to_their_campaigns(scene: Scene, db: Session, press: Press) -> None:
    add(db, scene, "owner")
    assert press(f"/team/{scene.coordinator.id}/remove").headers["location"] == "/coordinate"


def test_an_invitation_is_sent_again_or_withdrawn(scene: Scene, db: Session, press: Press) -> None:
    press("/team/invite", email="new@example.org", role="helper")
    (invitation,) = db.exec(select(Invitation)).all()
    assert press(f"/team/invitations/{invitation.id}/again").status_code == 303
    assert press(f"/team/invitations/{invitation.id}/withdraw").status_code == 303
    assert press(f"/team/invitations/{invitation.id}/withdraw").status_code == 404


def test_whoever_was_invited_begins_no_campaign_of_their_own(app: FastAPI, scene: Scene, db: Session) -> None:
    person = add(db, scene)
    person.may_create = False
    db.commit()
    theirs = log_in(browser(app), "helper@example.org")
    page = read(theirs.get("/coordinate"))
    assert "New campaign" not in page.text and "Polling day" in page.text
    fields = {"csrf": page.hidden()["csrf"], "name": "X", "organiser": "Y", "contact_email": "z@example.org"}
    answer = theirs.post("/coordinate/new", data=fields)
    assert answer.status_code == 403 and "invited to" in read(answer).text


def test_buttons_that_a_role_may_not_press_are_not_there(app: FastAPI, scene: Scene, db: Session) -> None:
    for role in ("regional", "helper", "reader"):
        add(db, scene, role, event_ids=[str(scene.morning.id)])
        text = read(log_in(browser(app), f"{role}@example.org").get(scene.desk)).text
        assert "Add an event" not in text and "Key constituencies" not in text and "Close it" not in text
        assert ("Your part of this day" in text) == (role != "reader")
        assert ("Sign up a caller" in text) == (role != "reader")
