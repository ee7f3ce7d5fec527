"""Whoever is invited joins by the link of the message: with a new account or with theirs, on one and the same page."""

import re

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import invitations, login
from api.services.campaign_forms import InvitationForm
from api.store.tables import Coordinator, Invitation, Membership
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import PASSWORD, Scene
from tests.api.services.test_team import token_of

EMAIL = "ivy@example.org"


@pytest.fixture
def token(db: Session, scene: Scene) -> str:
    return invited(db, scene, EMAIL)


def invited(db: Session, scene: Scene, email: str) -> str:
    form = InvitationForm(email=email, role="helper")
    invitations.invite(db, scene.campaign, scene.coordinator, form)
    token = token_of(db)
    db.commit()
    return token


def follow(client: TestClient, token: str) -> Page:
    assert client.get(f"/i/{token}").headers["location"] == "/invited"
    return read(client.get("/invited"))


def send(client: TestClient, page: Page, **fields: str) -> tuple[int, str, Page | None]:
    answer = client.post("/invited", data={"csrf": page.hidden()["csrf"], **fields})
    shown = read(answer) if answer.status_code != 303 else None
    return answer.status_code, answer.headers.get("location", ""), shown


def members(db: Session) -> int:
    db.expire_all()
    return len(db.exec(select(Membership)).all())


def test_a_new_person_sets_name_and_password_and_is_in(
    app: FastAPI, db: Session, scene: Scene, token: str
) -> None:
    client = browser(app)
    page = follow(client, token)
    assert "Join the team of Polling day" in page.text and "Priya Shah asks you" in page.text
    assert "Helper" in page.text and EMAIL in page.text
    status, location, _ = send(client, page, name="Ivy Ito", password=PASSWORD)
    assert (status, location) == (303, scene.desk)
    assert "Polling day" in read(client.get(location)).text
    log_in(browser(app), EMAIL)
    assert "does not work" in follow(browser(app), token).text


def test_who_has_an_account_types_its_password(app: FastAPI, db: Session, scene: Scene, token: str) -> None:
    login.add_coordinator(db, EMAIL, "Ivy", PASSWORD)
    db.commit()
    client = browser(app)
    status, _, page = send(client, follow(client, token), name="", password="another long password")
    assert status == 422 and page is not None and "not its password" in page.text and members(db) == 1
    assert send(client, page, password=PASSWORD)[:2] == (303, scene.desk)
    assert members(db) == 2 and len(db.exec(select(Coordinator)).all()) == 2


def test_who_is_logged_in_presses_a_button(app: FastAPI, db: Session, scene: Scene, token: str) -> None:
    login.add_coordinator(db, EMAIL, "Ivy", PASSWORD)
    db.commit()
    client = log_in(browser(app), EMAIL)
    page = follow(client, token)
    assert "logged in as Ivy" in page.text and not page.all("input", name="password")
    assert send(client, page)[:2] == (303, scene.desk)


def test_somebody_elses_log_in_does_not_use_it(app: FastAPI, db: Session, scene: Scene, token: str) -> None:
    client = log_in(browser(app), "priya@example.org")
    page = follow(client, token)
    assert page.all("input", name="password") and "logged in as" not in page.text
    assert send(client, page)[0] == 422
    assert members(db) == 1


def test_the_page_is_the_same_for_known_and_unknown_addresses(
    app: FastAPI, db: Session, scene: Scene, token: str
) -> None:
    login.add_coordinator(db, "known@example.org", "Known", PASSWORD)
    known = invited(db, scene, "known@example.org")
    pages = []
    for one, email in ((token, EMAIL), (known, "known@example.org")):
        client = browser(app)
        client.get(f"/i/{one}")
        text = client.get("/invited").text.replace(email, "…")
        pages.append(re.sub(r'value="[0-9a-f]{80}"', "", text))
    assert pages[0] == pages[1]


def test_what_the_inviter_reads_is_the_same_too(desk: TestClient, db: Session, scene: Scene) -> None:
    login.add_coordinator(db, "known@example.org", "Known", PASSWORD)
    db.commit()
    team = f"{scene.desk}/team"
    token = read(desk.get(team)).hidden()["csrf"]
    for email in ("known@example.org", "unknown@example.org"):
        answer = desk.post(f"{team}/invite", data={"csrf": token, "email": email, "role": "helper"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{team}#waiting")
    lines = re.findall(r"<strong>(\w+)@example.org</strong>([^\n]*)", desk.get(team).text)
    assert {name for name, _ in lines} == {"known", "unknown"} and len({rest for _, rest in lines}) == 1


def test_loading_changes_nothing(app: FastAPI, db: Session, scene: Scene, token: str) -> None:
    for _ in range(3):
        follow(browser(app), token)
    assert members(db) == 1 and db.exec(select(Invitation)).one().used_at is None


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [("", PASSWORD, "Give a name."), ("Ivy", "eleven char", "12 to 200"), ("Ivy", "x" * 201, "12 to 200")],
)
def test_what_is_missing_is_said_and_the_name_kept(
    app: FastAPI, db: Session, scene: Scene, token: str, name: str, password: str, said: str
) -> None:
    client = browser(app)
    status, _, page = send(client, follow(client, token), name=name, password=password)
    assert status == 422 and page is not None
    assert said in page.text and page.value("name") == name
    assert members(db) == 1 and len(db.exec(select(Coordinator)).all()) == 1


@pytest.mark.parametrize("made_up", ["x", "q3vXAJ0yqkHcJtFv0l2m1w"])
def test_a_link_that_is_none_opens_nothing(app: FastAPI, scene: Scene, made_up: str) -> None:
    client = browser(app)
    page = follow(client, made_up)
    assert "This invitation does not work" in page.text
    fields = read(client.get("/login")).hidden() | {"name": "Ivy", "password": PASSWORD}
    assert client.post("/invited", data=fields).status_code == 404


def test_guessing_the_password_of_who_was_invited_soon_ends(
    app: FastAPI, db: Session, scene: Scene, token: str
) -> None:
    login.add_coordinator(db, EMAIL, "Ivy", PASSWORD)
    db.commit()
    client = browser(app)
    page = follow(client, token)
    tries = [
        client.post("/invited", data={"csrf": page.hidden()["csrf"], "password": f"wrong {number} password"})
        for number in range(6)
    ]
    assert [one.status_code for one in tries] == [422] * 5 + [429]
