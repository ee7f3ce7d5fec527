"""What no browser sends: addresses spelt otherwise, methods said twice, headers that other servers believe, columns in a form.

The matrices ask for every address as it is written; whoever looks for a way around the rules writes it in another way.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.store.tables import Offer, Person
from tests.api import world
from tests.api.pages.scene import Scene, password_hash, scene
from tests.api.test_rights import app as app_as_it_is
from tests.api.test_rights import made, ways
from tests.api.whole import Whole, client_of

__all__ = ["app_as_it_is", "made", "password_hash", "scene"]
NAMES = ("Dora", "Rafi", "Alma", "Aziz", "shouted", "07700 900")
SPELT: dict[str, Callable[[str], str]] = {
    "a stroke more": lambda path: f"{path}/",
    "two strokes": lambda path: f"/{path}",
    "a dot": lambda path: f"/.{path}",
    "up and down": lambda path: f"/static/..{path}",
    "strokes in code": lambda path: f"/{path[1:].replace('/', '%2F')}",
    "a letter in code": lambda path: path.replace("c", "%63", 1),
    "capitals": str.upper,
    "a semicolon": lambda path: f"{path};a=b",
    "a zero": lambda path: f"{path}%00",
    "another end": lambda path: f"{path}.json",
}
HEADERS = (
    {"X-HTTP-Method-Override": "GET"},
    {"X-HTTP-Method-Override": "POST"},
    {"X-Forwarded-User": "priya@example.org"},
    {"Remote-User": "priya@example.org"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"Authorization": "Bearer "},
    {"Authorization": "Bearer null"},
    {"Cookie": "login=; session="},
)
METHODS = ("HEAD", "OPTIONS", "TRACE", "PROPFIND", "PATCH")
Odd = tuple[str, str, dict[str, str]]
NOTHING = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}


def told(client: TestClient, method: str, path: str, **more: Any) -> list[str]:
    answer = client.request(method, path, **more)
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, (method, path)
    found = [name for name in NAMES if name in answer.text]
    # What is answered with "yes" would have to be a page that everybody may see.
    return [*found, f"{answer.status_code}"] if answer.status_code in NOTHING else found


@pytest.mark.parametrize("name", ["", "outsider"])
def test_no_other_way_of_asking_opens_what_is_closed(app_as_it_is: FastAPI, made: Whole, name: str) -> None:
    """`outsider` is logged in, and has another campaign."""
    opened, client = list[object](), client_of(app_as_it_is, name)
    for way in ways(app_as_it_is):
        if way.right is None:
            continue
        path = way.path(made.seen_by(name))
        odd: list[Odd] = [(way.method, spelt(path), {}) for spelt in SPELT.values()]
        odd += [(way.method, path, headers) for headers in HEADERS]
        odd += [(method, path, {}) for method in METHODS]
        for method, address, headers in odd:
            if found := told(client, method, address, headers=headers):
                opened.append((method, address, headers, found))
    assert opened == []


def test_a_page_asked_for_in_a_header_is_not_shown(app_as_it_is: FastAPI, made: Whole) -> None:
    client = client_of(app_as_it_is, "")
    for way in ways(app_as_it_is):
        path = way.path(made.seen_by(""))
        for header in ("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix"):
            answer = client.get("/", headers={header: path})
            assert not [name for name in NAMES if name in answer.text], (header, path)


def test_a_form_sets_no_column_but_its_own(client: TestClient, db: Session, scene: Scene) -> None:
    own = {
        "id": "00000000-0000-0000-0000-000000000001", "state": "matched", "reference": "AAAA-AAAA", "signed_up_by": "1",
        "confirmed_at": "2020-01-01T00:00:00Z", "email_confirmed_at": "2020-01-01T00:00:00Z", "person_id": "1",
        "quarantined": False, "series": "1", "campaign_id": "00000000-0000-0000-0000-000000000001",
    }  # fmt: skip
    body = world.offer_form().model_dump(mode="json")
    answer = client.post(
        f"/v1{scene.base.replace('/c/', '/campaigns/')}/offers",
        json=body | own,
        headers={"Idempotency-Key": "odd-0123456789"},
    )
    if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        assert db.exec(select(Offer)).all() == []
        return
    [row], [person] = db.exec(select(Offer)).all(), db.exec(select(Person)).all()
    assert (row.campaign_id, row.state, person.confirmed_at) == (scene.campaign.id, "active", None)
    assert str(row.id) != own["id"] and row.reference != own["reference"] and person.signed_up_by is None
