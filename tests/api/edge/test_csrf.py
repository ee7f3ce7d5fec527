"""Only our own pages may post: checked by where a request comes from and by the form's token."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.conftest import ORIGIN, browser, one_database_a_module
from tests.api.probe import hidden_fields, with_probes

database_url = one_database_a_module()
FORM = {"phone": "07700900123"}


@pytest.fixture
def plain(probed: FastAPI) -> Iterator[TestClient]:
    """A client that says nothing about where it comes from."""
    with TestClient(probed, base_url=ORIGIN, follow_redirects=False) as plain:
        yield plain


def fill(client: TestClient) -> dict[str, str]:
    return {**FORM, "csrf": hidden_fields(client.get("/probe/form").text)["csrf"]}


def test_our_own_form_is_received(visitor: TestClient) -> None:
    assert visitor.post("/probe/echo", data=fill(visitor)).text == "received"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": f"{ORIGIN}.elsewhere.example"},
        {"Origin": f"{ORIGIN}:8080"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "https://elsewhere.example/testserver"},
        {"Referer": "not an address"},
        {"Referer": "http://[broken"},
        {},
    ],
)
def test_a_post_from_elsewhere_is_refused(plain: TestClient, headers: dict[str, str]) -> None:
    filled = fill(plain)
    answer = plain.post("/probe/echo", data=filled, headers=headers)
    assert answer.status_code == 403
    assert FORM["phone"] not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ORIGIN},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Referer": f"{ORIGIN}/probe/form"},
    ],
)
def test_each_way_of_saying_where_it_comes_from_counts(plain: TestClient, headers: dict[str, str]) -> None:
    assert plain.post("/probe/echo", data=fill(plain), headers=headers).status_code == 200


def test_the_strongest_word_counts(plain: TestClient) -> None:
    mixed = {"Origin": "https://elsewhere.example", "Referer": f"{ORIGIN}/", "Sec-Fetch-Site": "same-origin"}
    assert plain.post("/probe/echo", data=fill(plain), headers=mixed).status_code == 403


@pytest.mark.parametrize("token", [None, "", "x", "0" * 80, "ü" * 80])
def test_a_wrong_token_is_refused_and_one_press_sends_it_again(
    visitor: TestClient, token: str | None
) -> None:
    fill(visitor)
    data = FORM if token is None else {**FORM, "csrf": token}
    refused = visitor.post("/probe/echo", data=data)
    assert refused.status_code == 403
    again = hidden_fields(refused.text)
    assert again["phone"] == FORM["phone"]
    assert visitor.post("/probe/echo", data=again).status_code == 200


def test_somebody_elses_token_is_refused(visitor: TestClient, probed: FastAPI) -> None:
    with browser(probed) as other:
        stolen = fill(other)
    fill(visitor)
    assert visitor.post("/probe/echo", data=stolen).status_code == 403


def test_without_the_cookie_there_is_no_valid_token(visitor: TestClient) -> None:
    filled = fill(visitor)
    visitor.cookies.clear()
    assert visitor.post("/probe/echo", data=filled).status_code == 403


def test_a_token_lasts_for_several_forms_and_no_two_are_alike(visitor: TestClient) -> None:
    first, second = fill(visitor), fill(visitor)
    assert first["csrf"] != second["csrf"]
    assert visitor.post("/probe/echo", data=first).status_code == 200
    assert visitor.post("/probe/echo", data=second).status_code == 200


def test_a_secret_key_of_its_own_makes_tokens_of_its_own(
    visitor: TestClient, settings: Settings, engine: Engine
) -> None:
    filled, nonce = fill(visitor), visitor.cookies["form"]
    other = settings.model_copy(update={"secret_key": "another key that is long enough to be one"})
    with browser(with_probes(create_app(other, engine))) as there:
        there.cookies.set("form", nonce)
        assert there.post("/probe/echo", data=filled).status_code == 403


def test_json_is_no_form(visitor: TestClient) -> None:
    assert visitor.post("/probe/echo", json=fill(visitor)).status_code == 403


def test_the_api_takes_posts_of_programs(plain: TestClient) -> None:
    assert plain.post("/v1/probe/typed", json=FORM).status_code == 200


def test_the_api_takes_no_posts_of_other_sites_pages(plain: TestClient) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert plain.post("/v1/probe/typed", json=FORM, headers=elsewhere).status_code == 403
    plain.cookies.set("login", "token")
    assert plain.post("/v1/probe/typed", json=FORM).status_code == 403


def test_a_bearer_token_needs_no_origin_and_makes_the_cookie_void(plain: TestClient) -> None:
    plain.cookies.set("login", "token")
    bearer = {"Authorization": "Bearer made-up", "Origin": "https://elsewhere.example"}
    assert plain.post("/v1/probe/typed", json=FORM, headers=bearer).status_code == 200
    assert plain.post("/v1/probe/staff", headers=bearer).status_code == 401
    # A path that only looks like the API's is none.
    assert plain.post("/v1x", headers=bearer).status_code == 403
    assert plain.post("/probe/echo", data=fill(plain), headers=bearer).status_code == 403


def test_where_an_address_is_configured_only_that_counts(settings: Settings, engine: Engine) -> None:
    configured = settings.model_copy(update={"base_url": "https://lifts.example/"})
    app = with_probes(create_app(configured, engine))
    with browser(app, "https://lifts.example") as at_home:
        assert at_home.post("/probe/echo", data=fill(at_home)).status_code == 200
    with browser(app) as elsewhere:
        assert elsewhere.post("/probe/echo", data=fill(elsewhere)).status_code == 403
