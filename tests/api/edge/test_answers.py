"""Every error becomes an answer in plain words, as a page or as JSON, and none repeats what was sent."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.api.conftest import ORIGIN, one_database_a_module
from tests.api.probe import hidden_fields

database_url = one_database_a_module()
CANARY = "07700900123"
STATUSES = {
    "core": 422,
    "refused": 403,
    "notfound": 404,
    "conflict": 409,
    "invalid": 422,
    "toomany": 429,
    "unavailable": 503,
}


def token(visitor: TestClient) -> str:
    return hidden_fields(visitor.get("/probe/form").text)["csrf"]


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_an_error_of_a_service_is_a_page(visitor: TestClient, kind: str, status: int) -> None:
    answer = visitor.post(f"/probe/raise/{kind}", data={"csrf": token(visitor)})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_an_error_of_a_service_is_json_under_v1(visitor: TestClient, kind: str, status: int) -> None:
    answer = visitor.post(f"/v1/probe/raise/{kind}")
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_the_field_is_named(visitor: TestClient) -> None:
    assert visitor.post("/v1/probe/raise/core").json()["error"]["field"] == "postcode"
    invalid = visitor.post("/v1/probe/raise/invalid").json()["error"]
    assert invalid == {
        "message": "Type a UK phone number.",
        "field": "phone",
        "fields": {"phone": "Type a UK phone number."},
    }


def test_who_tries_too_often_is_told_when_to_come_back(visitor: TestClient) -> None:
    assert visitor.post("/v1/probe/raise/toomany").headers["retry-after"] == "90"


@pytest.mark.parametrize(
    "body",
    [
        {"phone": CANARY * 8},
        {"phone": f"convert {CANARY}"},
        {"phone": [CANARY]},
        {"seats": CANARY},
        {"id": CANARY},
        {CANARY: 1, "seats": -1},
    ],
)
def test_what_does_not_fit_is_not_repeated(visitor: TestClient, body: dict[str, object]) -> None:
    answer = visitor.post("/v1/probe/typed", json=body)
    assert answer.status_code == 422
    assert CANARY not in answer.text
    assert answer.json()["error"]["field"] in {"phone", "seats", "id"}


def test_broken_json_is_not_repeated(visitor: TestClient) -> None:
    json = {"Content-Type": "application/json"}
    answer = visitor.post("/v1/probe/typed", content=f'{{"phone": "{CANARY}', headers=json)
    assert answer.status_code == 422
    assert CANARY not in answer.text


def test_a_path_that_cannot_be_is_not_there(visitor: TestClient) -> None:
    assert visitor.get(f"/probe/by-id/{CANARY}").status_code == 404
    assert CANARY not in visitor.get(f"/v1/probe/by-id/{CANARY}").text


def test_a_character_that_no_column_holds_is_not_there(visitor: TestClient) -> None:
    assert visitor.get("/probe/named/a%00b").status_code == 404


def test_a_bug_is_a_page_in_plain_words(visitor: TestClient) -> None:
    answer = visitor.post("/probe/bug", data={"csrf": token(visitor), "phone": CANARY})
    assert answer.status_code == 500
    assert "our fault" in answer.text
    assert CANARY not in answer.text
    assert answer.headers["x-request-id"] in answer.text


def test_a_bug_is_json_under_v1(visitor: TestClient) -> None:
    answer = visitor.post("/v1/probe/bug", content=CANARY)
    assert answer.status_code == 500
    assert list(answer.json()) == ["error"]
    assert CANARY not in answer.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/none", 404), ("PUT", "/health", 405)])
def test_the_frameworks_refusals_are_ours(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert "<h1>" in answer.text


@pytest.mark.parametrize("path", ["/probe/echo", "/v1/probe/typed", "/v1/probe/save", "/static/none"])
def test_a_large_body_is_refused(visitor: TestClient, path: str) -> None:
    answer = visitor.post(path, content=b"x" * (64 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/probe/echo", "/v1/probe/typed"])
def test_a_large_body_that_does_not_say_so_is_refused(visitor: TestClient, path: str) -> None:
    parts = (b"x" * 1024 for _ in range(65))
    kind = "application/json" if path.startswith("/v1") else "application/x-www-form-urlencoded"
    answer = visitor.post(path, content=parts, headers={"Content-Type": kind})
    assert answer.status_code == 413


def test_a_form_that_cannot_be_saved_now_keeps_what_was_typed(visitor: TestClient) -> None:
    typed = {
        "csrf": token(visitor),
        "phone": '07700 900 123"><script>',
        "day": "Thursday",
        "password": "secret",
    }
    answer = visitor.post("/probe/raise/unavailable", data=typed)
    kept = hidden_fields(answer.text)
    assert kept.pop("csrf") != typed["csrf"]
    assert kept == {"phone": typed["phone"], "day": "Thursday"}
    assert 'action="/probe/raise/unavailable"' in answer.text
    assert answer.headers["retry-after"]


def test_a_coordinators_page_leads_to_the_log_in(visitor: TestClient) -> None:
    answer = visitor.get("/probe/staff?day=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/probe/staff"
    answer = visitor.post("/probe/staff", data={"csrf": token(visitor)})
    assert answer.headers["location"] == "/login?next=/coordinate"


def test_a_part_of_a_page_moves_the_whole_page_to_the_log_in(visitor: TestClient) -> None:
    whole = {"HX-Request": "true", "HX-Current-URL": f"{ORIGIN}/probe/whole?page=2"}
    answer = visitor.get("/probe/staff", headers=whole)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/login?next=/probe/whole"


def test_the_api_says_that_a_log_in_is_missing(visitor: TestClient) -> None:
    answer = visitor.get("/v1/probe/staff")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_private_page_says_how_to_get_in(visitor: TestClient) -> None:
    answer = visitor.get("/probe/mine")
    assert (answer.status_code, answer.headers["location"]) == (303, "/open")


def test_an_unknown_cookie_opens_nothing(visitor: TestClient) -> None:
    visitor.cookies.update({"me": "made-up", "login": "made-up"})
    assert visitor.get("/probe/mine").status_code == 303
    assert visitor.get("/probe/staff").status_code == 303


def test_strange_headers_get_an_answer(probed: FastAPI) -> None:
    strange = {b"Cookie": b"\x80\xff=;;;", b"Accept": b"no/such", b"Origin": b"\xff"}
    with TestClient(probed, base_url=ORIGIN) as plain:
        assert plain.get("/nothing", headers=strange).status_code == 404
