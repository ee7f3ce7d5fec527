"""Coordinators log in and out; a wrong try says nothing about who has an account."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.store.tables import LoginSession
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene


def test_logging_in_leads_on_and_out_ends_it(client: TestClient, scene: Scene, db: Session) -> None:
    assert client.get(scene.desk).headers["location"] == f"/login?next={scene.desk}"
    fields = read(client.get(f"/login?next={scene.desk}")).hidden()
    answer = client.post("/login", data=fields | {"email": "Priya@Example.org ", "password": PASSWORD})
    assert answer.headers["location"] == scene.desk
    cookies = dict(client.cookies)
    token = read(client.get("/coordinate")).hidden()["csrf"]
    assert client.post("/logout", data={"csrf": token}).headers["location"] == "/"
    client.cookies.update(cookies)
    assert client.get("/coordinate").status_code == 303
    assert db.exec(select(LoginSession)).all() == []


@pytest.mark.parametrize("email", ["priya@example.org", "nobody@example.org", "", "\x00"])
def test_a_wrong_try_keeps_the_address_and_never_the_password(
    client: TestClient, scene: Scene, email: str
) -> None:
    fields = read(client.get("/login")).hidden()
    answer = client.post("/login", data=fields | {"email": email, "password": "wrong password"})
    assert answer.status_code == 401
    page = read(answer)
    assert page.value("email") == email
    assert "The e-mail address or the password is not right." in page.text
    assert "wrong password" not in answer.text


def test_guessing_soon_ends_for_that_account(app: FastAPI, scene: Scene) -> None:
    client = browser(app)
    fields = read(client.get("/login")).hidden()
    wrong = fields | {"email": "priya@example.org", "password": "wrong"}
    answers = [client.post("/login", data=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    read(answers[-1])
    right = fields | {"email": "priya@example.org", "password": PASSWORD}
    assert client.post("/login", data=right).status_code == 429


def test_logging_in_takes_back_the_count(app: FastAPI, scene: Scene) -> None:
    for _ in range(7):
        log_in(browser(app), "priya@example.org")


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_logging_in_never_leads_to_another_site(client: TestClient, scene: Scene, address: str) -> None:
    fields = read(client.get("/login", params={"next": address})).hidden()
    assert fields["next"] == "/coordinate"
    fields |= {"next": address, "email": "priya@example.org", "password": PASSWORD}
    assert client.post("/login", data=fields).headers["location"] == "/coordinate"
