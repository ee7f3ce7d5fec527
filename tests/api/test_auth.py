"""Who may call what: coordinators by cookie or bearer token, volunteers by their cookie, and how log-in is limited."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine
from sqlmodel import select
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from api import limits
from api.auth import Public, callers, coordinator, safe_next, with_private_page
from api.entering import enter, keep
from api.services.login import add_coordinator, disable
from api.store.session import open_session
from api.store.tables import Coordinator
from api.transaction import Database
from tests.api.conftest import ORIGIN

EMAIL, PASSWORD = "ann@example.org", "correct horse battery"
door = APIRouter()


@door.post("/v1/probe/enter")
def come_in(_: Public, request: Request, db: Database, email: str, password: str) -> Response:
    response = PlainTextResponse("in")
    keep(response, request, db, enter(request, db, email, password, "cookie"))
    return response


@pytest.fixture
def at_the_door(probed: FastAPI, engine: Engine) -> Iterator[TestClient]:
    probed.include_router(door)
    with open_session(engine) as db:
        add_coordinator(db, EMAIL, "Ann", PASSWORD)
        add_coordinator(db, "bob@example.org", "Bob", PASSWORD)
        db.commit()
    with TestClient(probed, ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=False) as client:
        yield client


def knock(client: TestClient, password: str = PASSWORD, email: str = EMAIL) -> int:
    answer = client.post("/v1/probe/enter", params={"email": email, "password": password})
    return int(answer.status_code)


def test_who_logs_in_is_in(at_the_door: TestClient) -> None:
    assert at_the_door.get("/probe/staff").status_code == 303
    assert knock(at_the_door) == 200
    assert at_the_door.get("/probe/staff").text == "Ann"
    assert at_the_door.get("/v1/probe/staff").text == "Ann"


def test_who_is_disabled_is_out_with_the_next_request(at_the_door: TestClient, engine: Engine) -> None:
    knock(at_the_door)
    with open_session(engine) as db:
        disable(db, db.exec(select(Coordinator).where(Coordinator.email == EMAIL)).one())
        db.commit()
    assert at_the_door.get("/probe/staff").status_code == 303


def test_five_wrong_tries_lock_that_account_for_that_address(
    at_the_door: TestClient, probed: FastAPI
) -> None:
    tries = [knock(at_the_door, "wrong") for _ in range(limits.ACCOUNT.most + 1)]
    assert tries == [401] * limits.ACCOUNT.most + [429]
    assert knock(at_the_door) == 429
    assert knock(at_the_door, email=EMAIL.upper()) == 429
    assert knock(at_the_door, email="bob@example.org") == 200
    with TestClient(probed, ORIGIN, client=("198.51.100.1", 1)) as elsewhere:
        assert knock(elsewhere) == 200


def test_nobodys_account_is_locked_as_somebodys(at_the_door: TestClient) -> None:
    tries = [knock(at_the_door, email="nobody@example.org") for _ in range(limits.ACCOUNT.most + 1)]
    assert tries == [401] * limits.ACCOUNT.most + [429]


def test_the_right_password_wipes_the_slate(at_the_door: TestClient) -> None:
    for _ in range(3):
        assert [knock(at_the_door, "wrong") for _ in range(4)] == [401] * 4
        assert knock(at_the_door) == 200


@pytest.mark.parametrize("header", ["Bearer made-up", "Bearer ", "Basic YTpi", "made-up"])
def test_an_authorization_header_is_judged_by_itself(at_the_door: TestClient, header: str) -> None:
    knock(at_the_door)
    assert at_the_door.get("/v1/probe/staff", headers={"Authorization": header}).status_code == 401


def test_pages_take_no_bearer_token(at_the_door: TestClient) -> None:
    knock(at_the_door)
    token = at_the_door.cookies["login"]
    at_the_door.cookies.clear()
    assert at_the_door.get("/probe/staff", headers={"Authorization": f"Bearer {token}"}).status_code == 303


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/coordinate/leeds/2029-05-03", "/coordinate/leeds/2029-05-03"),
        ("/coordinate?day=1", "/coordinate?day=1"),
        (None, "/coordinate"),
        ("", "/coordinate"),
        ("coordinate", "/coordinate"),
        ("//elsewhere.example", "/coordinate"),
        ("/\\elsewhere.example", "/coordinate"),
        ("/\t/elsewhere.example", "/coordinate"),
        ("/\r\nSet-Cookie: a=b", "/coordinate"),
        ("https://elsewhere.example", "/coordinate"),
        ("javascript:alert(1)", "/coordinate"),
        ("/é", "/coordinate"),
    ],
)
def test_after_the_log_in_one_stays_on_this_site(address: str | None, expected: str) -> None:
    assert safe_next(address) == expected


def test_coordinators_routes_let_nobody_else_in(client: TestClient, app: FastAPI) -> None:
    """Whatever is added later: without a log-in, each is refused or leads to the log-in."""
    for route in iter_route_contexts(app.routes):
        if not callers(route) & {coordinator, with_private_page}:
            continue
        path = str(route.path).replace("{day}", "2029-05-03")
        for method in route.methods or ():
            answer = client.request(method, path)
            assert answer.status_code in {303, 401, 403, 404, 422}, (method, path, answer.status_code)
            assert answer.status_code != 303 or answer.headers["location"].startswith(("/login", "/open"))
