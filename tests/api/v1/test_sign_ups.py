"""Offers and requests by programs: once each, however often they are sent, and without contact data when listed."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, func, select
from starlette.testclient import TestClient

from api.services import roles
from api.store.queries.sign_ups import put_offer
from api.store.tables import Message, Offer, Person, Request
from tests.api import world
from tests.api.v1.conftest import Place

KEY = {"Idempotency-Key": "0f3c-9b1d-key-of-the-test"}
BOTH = pytest.mark.parametrize("kind", ["offers", "requests"])
ALL = pytest.mark.parametrize("kind", ["offers", "requests", "either"])
FORMS = {"offers": world.offer_form, "requests": world.request_form, "either": world.either_form}


def body(kind: str, **changes: Any) -> dict[str, Any]:
    return {**FORMS[kind]().model_dump(mode="json"), **changes}


def count(db: Session, *tables: type[Any]) -> list[int]:
    return [db.exec(select(func.count()).select_from(table)).one() for table in tables]


@ALL
def test_sent_twice_is_kept_once(program: TestClient, place: Place, db: Session, kind: str) -> None:
    sent = body(kind)
    first = program.post(f"{place.path}/{kind}", json=sent, headers=KEY)
    again = program.post(f"{place.path}/{kind}", json=sent, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {**again.json(), "created": True}
    assert first.json()["kind"] == ("offer" if kind == "offers" else "request")
    table = Offer if kind == "offers" else Request
    assert count(db, table, Person, Message) == [1, 1, 1]


@ALL
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


@ALL
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


def test_either_is_kept_with_what_both_halves_say(
    program: TestClient, staff: TestClient, place: Place, db: Session
) -> None:
    sent = body("either", seats=2, max_detour_minutes=30, child_seat=True, car="red Fiat", may_ask=True)
    answer = program.post(f"{place.path}/either", json=sent, headers=KEY)
    assert answer.status_code == 201, answer.text
    kept = db.exec(select(Request)).one()
    assert kept.can_drive is not None and kept.may_ask
    assert (kept.can_drive["seats"], kept.can_drive["max_detour_minutes"], kept.can_drive["car"]) == (
        2,
        30,
        "red Fiat",
    )
    world.add_request(db, place.campaign)
    db.commit()
    listed = staff.get(f"{place.path}/requests", params={"day": world.DAY.isoformat()}).json()
    assert [(one["seats_if_driving"], one["needs"]) for one in listed] == [(2, ["child_seat"]), (None, [])]
    assert "Fiat" not in str(listed)


def test_either_that_a_run_sends_as_a_driver_is_listed_among_the_offers(
    program: TestClient, staff: TestClient, place: Place, db: Session
) -> None:
    program.post(f"{place.path}/either", json=body("either"), headers=KEY)
    either = db.exec(select(Request)).one()
    offer = roles.as_offer(either)
    assert offer is not None
    either.state = "driving"
    put_offer(db, offer)
    db.commit()
    day = {"day": world.DAY.isoformat()}
    (as_offer,) = staff.get(f"{place.path}/offers", params=day).json()
    (as_request,) = staff.get(f"{place.path}/requests", params=day).json()
    assert as_offer["reference"] == as_request["reference"]
    assert (as_offer["state"], as_offer["seats"], as_request["state"]) == ("active", 3, "driving")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"seats": 9}, "seats"),
        ({"seats": None}, "seats"),
        ({"home": False}, "places"),
        ({"role": "either"}, "role"),
    ],
)
def test_what_does_not_fit_in_either_is_named(
    program: TestClient, place: Place, db: Session, changes: dict[str, Any], field: str
) -> None:
    answer = program.post(f"{place.path}/either", json=body("either", **changes), headers=KEY)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert count(db, Person) == [0]


def test_the_documentation_says_what_either_is(staff: TestClient) -> None:
    document = staff.get("/v1/openapi.json").json()
    operation = document["paths"]["/v1/campaigns/{slug}/either"]["post"]
    assert (
        "driver and rider in one" in operation["description"] and "either" in document["info"]["description"]
    )
    (schema,) = operation["requestBody"]["content"]["application/json"]["schema"].values()
    fields = document["components"]["schemas"][schema.rpartition("/")[2]]["properties"]
    assert {"seats", "needs", "child_seat", "may_ask"} & set(fields) == {"seats", "child_seat", "may_ask"}


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
