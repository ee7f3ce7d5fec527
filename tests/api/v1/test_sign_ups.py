"""Offers and requests by programs: once each, however often they are sent, and without contact data when listed."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, func, select
from starlette.testclient import TestClient

from api.services.forms import OfferForm, RequestForm
from api.store.tables import Message, Offer, Person, Request
from tests.api import world
from tests.api.v1.conftest import Place

KEY = {"Idempotency-Key": "0f3c-9b1d-key-of-the-test"}
BOTH = pytest.mark.parametrize("kind", ["offers", "requests"])


def body(kind: str, **changes: Any) -> dict[str, Any]:
    form: OfferForm | RequestForm = world.offer_form() if kind == "offers" else world.request_form()
    return {**form.model_dump(mode="json"), **changes}


def count(db: Session, *tables: type[Any]) -> list[int]:
    return [db.exec(select(func.count()).select_from(table)).one() for table in tables]


@BOTH
def test_sent_twice_is_kept_once(program: TestClient, place: Place, db: Session, kind: str) -> None:
    sent = body(kind)
    first = program.post(f"{place.path}/{kind}", json=sent, headers=KEY)
    again = program.post(f"{place.path}/{kind}", json=sent, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {**again.json(), "created": True}
    assert first.json()["kind"] == kind.removesuffix("s")
    table = Offer if kind == "offers" else Request
    assert count(db, table, Person, Message) == [1, 1, 1]


@BOTH
def test_a_key_with_another_body_is_a_conflict(
    program: TestClient, place: Place, db: Session, kind: str
) -> None:
    sent = body(kind)
    program.post(f"{place.path}/{kind}", json=sent, headers=KEY)
    answer = program.post(f"{place.path}/{kind}", json={**sent, "party": 2}, headers=KEY)
    assert answer.status_code == 409
    assert count(db, Person, Message) == [1, 1]


def send_at_once(app: FastAPI, path: str, bodies: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """All at once under one key from one address: no limit takes them for many forms."""
    with TestClient(app) as program:

        def send(number: int) -> tuple[int, dict[str, Any]]:
            answer = program.post(path, json=bodies[number], headers=KEY)
            return answer.status_code, answer.json()

        with ThreadPoolExecutor(25) as pool:
            return list(pool.map(send, range(len(bodies))))


@BOTH
def test_fifty_at_once_are_one(app: FastAPI, place: Place, db: Session, kind: str) -> None:
    answers = send_at_once(app, f"{place.path}/{kind}", [body(kind)] * 50)
    assert Counter(status for status, _ in answers) == {201: 1, 200: 49}
    assert len({answer["reference"] for _, answer in answers}) == 1
    assert count(db, Person, Message) == [1, 1]


def test_fifty_different_at_once_are_one_and_conflicts(app: FastAPI, place: Place, db: Session) -> None:
    sent = body("offers")
    bodies = [{**sent, "party": 1 + number % 5} for number in range(50)]
    answers = send_at_once(app, f"{place.path}/offers", bodies)
    assert Counter(status for status, _ in answers) == {201: 1, 200: 9, 409: 40}
    assert count(db, Person, Offer) == [1, 1]


@pytest.mark.parametrize("key", [None, "", "short", "x" * 201, "with a space in it"])
def test_a_key_is_needed(program: TestClient, place: Place, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = program.post(f"{place.path}/offers", json=body("offers"), headers=headers)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "Idempotency-Key"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "0790 000"}, "phone"),
        ({"email": "canary@"}, "email"),
        ({"seats": 9}, "seats"),
        ({"postcode": "XX99 9XX"}, "postcode"),
        ({"consent": False}, "consent"),
        ({"event_ids": ["4f9619ff-8b86-4011-b42d-00c04fc964ff"]}, "event_ids"),
        ({"day": "2020-01-01"}, "day"),
        ({"nickname": "canary"}, "nickname"),
    ],
)
def test_what_does_not_fit_is_named_and_not_repeated(
    program: TestClient, place: Place, db: Session, changes: dict[str, Any], field: str
) -> None:
    answer = program.post(f"{place.path}/offers", json=body("offers", **changes), headers=KEY)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
    assert not any(str(value) in answer.text for value in changes.values())
    assert count(db, Person) == [0]


def test_forms_are_limited(program: TestClient, place: Place) -> None:
    statuses = [
        program.post(
            f"{place.path}/offers",
            json=body("offers"),
            headers={"Idempotency-Key": f"form-number-{n:08}"},
        ).status_code
        for n in range(31)
    ]
    assert statuses == [201] * 30 + [429]


def test_another_sites_page_cannot_sign_anybody_up(program: TestClient, place: Place) -> None:
    elsewhere = {**KEY, "Origin": "https://elsewhere.example"}
    assert program.post(f"{place.path}/offers", json=body("offers"), headers=elsewhere).status_code == 403


def test_lists_hold_no_names_contacts_or_addresses(staff: TestClient, place: Place, db: Session) -> None:
    world.add_offer(db, place.campaign, name="Canary One", phone="07700 900321")
    world.add_request(db, place.campaign, name="Canary Two", confirmed=False, child_seat=True)
    db.commit()
    day = {"day": world.DAY.isoformat()}
    offers = staff.get(f"{place.path}/offers", params=day)
    requests = staff.get(f"{place.path}/requests", params=day)
    (offer,), (request,) = offers.json(), requests.json()
    assert (offer["district"], offer["confirmed"], offer["seats"]) == ("WF1", True, 3)
    assert (request["district"], request["confirmed"], request["needs"]) == ("WF2", False, ["child_seat"])
    for secret in ("Canary", "900321", "example.org", "1AA", "8AA", "library", "Fiesta"):
        assert secret not in offers.text + requests.text


@BOTH
def test_only_its_own_coordinator_lists_a_campaign(
    outsider: TestClient, program: TestClient, place: Place, kind: str
) -> None:
    path = f"{place.path}/{kind}?day=2029-05-03"
    assert outsider.get(path).status_code == 404
    assert program.get(path).status_code == 401
