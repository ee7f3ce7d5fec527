"""A coordinator's own account: password, codes, where they are logged in."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.services import codes, login
from api.store.tables import AuditEntry, Campaign, Coordinator, LoginSession, Membership
from tests.api.app_codes import App, make_stale, set_up
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene
from tests.api.test_entering import type_code

NEW = "another long password"


def send(client: TestClient, address: str, **fields: str) -> Any:
    token = read(client.get("/account")).hidden()["csrf"]
    return client.post(address, data={"csrf": token, **fields})


def refreshed(db: Session, scene: Scene) -> Coordinator:
    db.expire_all()
    return db.get_one(Coordinator, scene.coordinator.id)


def test_another_password_ends_all_other_log_ins(app: FastAPI, desk: TestClient, scene: Scene) -> None:
    other = log_in(browser(app), "priya@example.org")
    assert send(desk, "/account/password", password=PASSWORD, new_password=NEW).status_code == 303
    assert desk.get(scene.desk).status_code == 200 and other.get(scene.desk).status_code == 303
    log_in(browser(app), "priya@example.org", NEW)


@pytest.mark.parametrize(
    ("now", "new", "said"),
    [
        ("wrong", NEW, "not your password"),
        (PASSWORD, "eleven char", "12 to 200"),
        (PASSWORD, "", "12 to 200"),
    ],
)
def test_a_password_that_cannot_be_is_refused(
    app: FastAPI, desk: TestClient, scene: Scene, now: str, new: str, said: str
) -> None:
    answer = send(desk, "/account/password", password=now, new_password=new)
    assert answer.status_code == 422 and said in read(answer).text
    log_in(browser(app), "priya@example.org")


def test_log_ins_are_listed_and_ended_one_by_one(app: FastAPI, desk: TestClient, scene: Scene) -> None:
    other = browser(app)
    other.headers["User-Agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
    log_in(other, "priya@example.org")
    page = read(desk.get("/account"))
    assert "Safari on iPhone" in page.text and page.text.count("this one") == 1
    (end,) = [form["action"] for form in page.all("form") if re.search("/log-ins/.+/end", form["action"])]
    assert send(desk, end).headers["location"] == "/account#log-ins"
    assert other.get(scene.desk).status_code == 303 and desk.get(scene.desk).status_code == 200
    assert send(desk, end).status_code == 404


@pytest.mark.parametrize("key", ["00", "zz", "x" * 64])
def test_nobody_ends_what_is_not_theirs(app: FastAPI, desk: TestClient, db: Session, key: str) -> None:
    login.add_coordinator(db, "other@example.org", "Other", PASSWORD)
    db.commit()
    other = log_in(browser(app), "other@example.org")
    theirs = login.hash_of(other.cookies["login"]).hex()
    for one in (key, theirs):
        assert send(desk, f"/account/log-ins/{one}/end").status_code == 404
    assert other.get("/coordinate").status_code == 200


def test_everywhere_means_here_too(app: FastAPI, desk: TestClient, scene: Scene, db: Session) -> None:
    other = log_in(browser(app), "priya@example.org")
    assert send(desk, "/account/log-ins/end").headers["location"] == "/login"
    assert desk.get(scene.desk).status_code == other.get(scene.desk).status_code == 303
    assert db.exec(select(LoginSession)).all() == []


def app_of(desk: TestClient) -> App:
    """What the page lets an app read."""
    text = desk.get("/account/codes").text
    found = re.search(r'<code class="secret">([^<]+)</code>', text)
    assert found and "<svg" in text
    return App(found[1].replace(" ", ""))


def test_codes_are_set_up_with_a_picture_and_recovery_codes_shown_once(
    app: FastAPI, desk: TestClient, scene: Scene, db: Session
) -> None:
    assert "Set up codes" in read(desk.get("/account/codes")).text
    assert send(desk, "/account/codes/begin").headers["location"] == "/account/codes"
    telephone = app_of(desk)
    refused = send(desk, "/account/codes", code=telephone.wrong())
    assert refused.status_code == 422 and "not the code" in read(refused).text
    answer = send(desk, "/account/codes", code=telephone.code())
    shown = re.findall(r"<code>([A-Z2-7-]{19})</code>", answer.text)
    assert read(answer) and len(shown) == codes.RECOVERY_CODES
    assert "10 recovery codes are left" in read(desk.get("/account")).text
    assert not any(code in desk.get("/account/codes").text for code in shown)
    new = browser(app)
    fields = read(new.get("/login")).hidden() | {"email": "priya@example.org", "password": PASSWORD}
    assert new.post("/login", data=fields).headers["location"].startswith("/login/code")
    assert type_code(new, telephone.code()).status_code == 303


def test_codes_are_changed_only_by_who_shows_that_it_is_they(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    telephone, recovery = set_up(db, scene.coordinator)
    make_stale(db)
    for address in ("begin", "recovery", "off"):
        answer = send(desk, f"/account/codes/{address}")
        assert answer.status_code == 403 and "Type the code from your app" in read(answer).text
    assert send(desk, "/account/codes/off", confirm=PASSWORD).status_code == 403
    assert codes.is_on(refreshed(db, scene))
    assert send(desk, "/account/codes/recovery", confirm=telephone.code()).status_code == 200
    assert not codes.is_right(db, refreshed(db, scene), recovery[0])
    assert send(desk, "/account/codes/off").status_code == 303
    assert not codes.is_on(refreshed(db, scene))


def test_a_campaign_that_asks_for_codes_lets_nobody_in_without(
    app: FastAPI, desk: TestClient, scene: Scene, db: Session
) -> None:
    person = login.add_coordinator(db, "other@example.org", "Other", PASSWORD)
    db.add(Membership(coordinator_id=person.id, campaign_id=scene.campaign.id, role="coordinator"))
    db.commit()
    refused = send(desk, f"{scene.desk}/team/codes", wanted="yes")
    assert refused.status_code == 409 and "for yourself first" in read(refused).text
    set_up(db, scene.coordinator)
    assert send(desk, f"{scene.desk}/team/codes", wanted="yes").status_code == 303
    assert "no codes yet" in read(desk.get(f"{scene.desk}/team")).text
    other = log_in(browser(app), "other@example.org")
    assert other.get(scene.desk).headers["location"] == "/account/codes"
    assert "Polling day asks its team" in read(other.get("/account/codes")).text
    token = browser(app).post("/v1/tokens", json={"email": "other@example.org", "password": PASSWORD})
    bearer = {"Authorization": f"Bearer {token.json()['token']}"}
    day = scene.morning.day
    answer = browser(app).get(f"/v1/campaigns/{scene.campaign.slug}/days/{day}/runs", headers=bearer)
    assert answer.status_code == 403 and "codes" in answer.json()["error"]["message"]
    set_up(db, person)
    assert other.get(scene.desk).status_code == 200
    assert send(desk, f"{scene.desk}/team/codes", wanted="no").status_code == 303
    db.expire_all()
    assert not db.get_one(Campaign, scene.campaign.id).codes_required


def test_all_of_it_is_on_record(desk: TestClient, scene: Scene, db: Session) -> None:
    before = len(db.exec(select(AuditEntry)).all())
    send(desk, "/account/password", password=PASSWORD, new_password=NEW)
    send(desk, "/account/codes/begin")
    send(desk, "/account/codes", code=app_of(desk).code())
    send(desk, "/account/log-ins/end")
    done = db.exec(select(AuditEntry).order_by(col(AuditEntry.id)).offset(before)).all()
    assert [entry.what for entry in done] == [
        "password changed", "logged in", "asked to begin", "codes at log-in set up", "logged out everywhere",
    ]  # fmt: skip
