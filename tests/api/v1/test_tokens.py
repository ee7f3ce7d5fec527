"""Coordinators' programs log in and out."""

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services.login import disable, hash_of
from api.store.tables import LoginSession
from tests.api.v1.conftest import EMAIL, PASSWORD, Place


def test_a_token_opens_and_ends(program: TestClient, place: Place) -> None:
    answer = program.post("/v1/tokens", json={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 201
    assert answer.json()["token_type"] == "bearer"
    assert 0 < answer.json()["expires_in"] <= 12 * 3600
    bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
    path = f"{place.path}/offers?day=2029-05-03"
    assert program.get(path, headers=bearer).status_code == 200
    assert program.delete("/v1/tokens/current", headers=bearer).status_code == 204
    assert program.get(path, headers=bearer).status_code == 401
    assert program.delete("/v1/tokens/current", headers=bearer).status_code == 401


def test_only_its_hash_is_kept(program: TestClient, place: Place, db: Session) -> None:
    token = program.post("/v1/tokens", json={"email": EMAIL, "password": PASSWORD}).json()["token"]
    kept = db.exec(select(LoginSession)).one()
    assert (kept.token_hash, kept.kind) == (hash_of(token), "bearer")


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_a_wrong_log_in_says_the_same_of_everybody(program: TestClient, place: Place, email: str) -> None:
    answer = program.post("/v1/tokens", json={"email": email, "password": "wrong horse battery"})
    assert answer.status_code == 401
    assert answer.json() == {
        "error": {"message": "The e-mail address or the password is not right.", "field": None}
    }


def test_guessing_soon_ends(program: TestClient, place: Place) -> None:
    def guess(password: str) -> int:
        return int(program.post("/v1/tokens", json={"email": EMAIL, "password": password}).status_code)

    assert [guess("wrong") for _ in range(6)] == [401] * 5 + [429]
    assert guess(PASSWORD) == 429


def test_who_is_disabled_is_out_at_once(staff: TestClient, place: Place, db: Session) -> None:
    disable(db, place.coordinator)
    db.commit()
    assert staff.get(f"{place.path}/offers?day=2029-05-03").status_code == 401


@pytest.mark.parametrize("body", [{}, {"email": EMAIL}, {"email": EMAIL, "password": ["s3cret-word"]}, []])
def test_a_body_that_does_not_fit_is_not_repeated(program: TestClient, body: object) -> None:
    answer = program.post("/v1/tokens", json=body)
    assert answer.status_code == 422
    assert "s3cret-word" not in answer.text
    assert EMAIL not in answer.text
