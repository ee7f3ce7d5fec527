"""Hostile input: whatever is sent wherever, nothing breaks. The long form of this runs with many more tries."""

import string
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_app
from api.services.login import add_coordinator
from api.settings import Settings
from api.store.session import open_session
from tests.api import world
from tests.api.conftest import ORIGIN, one_database_a_module, settings_of
from tests.api.probe import hidden_fields

database_url = one_database_a_module()
FEW = hypothesis_settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)

AWKWARD = st.sampled_from(
    ["", " ", "\0", "a\0b", "\ufeff", "\u202e", "é€", "𝕏", "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "../..",
     "%s%n", "=1+1", "9" * 400, "-1", "1e999", "NaN", "2029-02-30", "0001-01-01", "9999-12-31", "24:00", "LS6 2AB", "null",
     "4f9619ff-8b86-d011-b42d-00c04fc964ff", "on", "true", "\r\nSet-Cookie: a=b", "//elsewhere.example"]
)  # fmt: skip
TEXT = AWKWARD | st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
VALUE = (
    TEXT | st.none() | st.booleans() | st.integers() | st.integers(2**31, 2**70)
    | st.floats(allow_nan=False, allow_infinity=False) | st.lists(TEXT, max_size=3)
)  # fmt: skip
NAMES = st.sampled_from(
    ["postcode", "day", "event_ids", "party", "ready_at", "home_by", "max_travel_minutes", "way_back", "woman", "women_only",
     "name", "email", "phone", "consent", "consent_version", "seats", "max_detour_minutes", "child_seats", "wheelchairs", "car",
     "plate", "pickup", "child_seat", "wheelchair", "title", "kind", "constituency", "place_name", "starts", "ends", "wanted",
     "capacity", "weight", "organiser", "contact_email", "imprint", "password", "seconds", "under_pct", "code", "next"]
)  # fmt: skip

OF_ONE_ACCOUNT = ("/account", "/confirm", "/login")
"""What asks for a password, and counts wrong ones by the account, from wherever they come."""


@pytest.fixture
def app(settings: Settings, engine: Engine) -> FastAPI:
    """Behind a proxy of ours, so that each try comes from an address of its own and none is stopped by a limit."""
    return create_app(settings_of(**{**settings.model_dump(), "trusted_proxies": "127.0.0.1"}), engine)


@pytest.fixture
def insider(app: FastAPI, engine: Engine) -> TestClient:
    """A coordinator logged in both ways, so that input gets as far in as it can."""
    with open_session(engine) as db:
        email = f"{id(app)}@example.org"
        coordinator = add_coordinator(db, email, "Ann", "correct horse battery")
        campaign = world.add_campaign(db, coordinator, "Hostile")
        world.add_event(db, campaign, coordinator)
        slug = campaign.slug
        db.commit()
    client = TestClient(app, headers={"Origin": ORIGIN}, follow_redirects=False, client=("127.0.0.1", 1))
    log_in = {"email": email, "password": "correct horse battery", "csrf": token_of(client)}
    assert client.post("/login", data=log_in).status_code == 303
    client.headers["X-Slug"] = slug
    return client


def token_of(client: TestClient) -> str:
    return hidden_fields(client.get("/login").text)["csrf"]


_addresses = count(1)


def elsewhere() -> dict[str, str]:
    """Another address for each try."""
    number = next(_addresses)
    return {"X-Forwarded-For": f"198.18.{number // 250}.{number % 250}"}


def routes(app: FastAPI, method: str) -> list[str]:
    """Every address pattern with this method, but for those that would end the test's own log-in."""
    found = [str(route.path) for route in iter_route_contexts(app.routes) if method in (route.methods or ())]
    return sorted(path for path in found if path not in {"/logout", "/login", "/v1/tokens"})


def address(pattern: str, slug: str, parts: list[str]) -> str:
    """The pattern with its slug, so that it leads somewhere, and with the given texts in the other places."""
    filled = pattern.replace("{slug}", slug)
    for _, name, _, _ in string.Formatter().parse(filled):
        if name is not None:
            filled = filled.replace(f"{{{name}}}", quote(parts.pop() if parts else "x", safe=""), 1)
    return filled


@FEW
@given(st.data())
def test_no_address_breaks_anything(app: FastAPI, insider: TestClient, data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(routes(app, "GET")))
    day = st.just(world.DAY.isoformat())
    path = address(
        pattern, insider.headers["X-Slug"], data.draw(st.lists(TEXT | day, min_size=3, max_size=3))
    )
    query = data.draw(st.dictionaries(NAMES | st.just("limit"), TEXT, max_size=3))
    answer = insider.get(path, params=query)
    assert answer.status_code < 500, (path, query)


@FEW
@given(st.data())
def test_no_json_breaks_anything(app: FastAPI, insider: TestClient, data: st.DataObject) -> None:
    patterns = [path for path in routes(app, "POST") if path.startswith("/v1/")]
    path = address(data.draw(st.sampled_from(patterns)), insider.headers["X-Slug"], [world.DAY.isoformat()])
    good = world.offer_form().model_dump(mode="json") if path.endswith("/offers") else {}
    good = world.request_form().model_dump(mode="json") if path.endswith("/requests") else good
    good = world.either_form().model_dump(mode="json") if path.endswith("/either") else good
    body: Any = data.draw(VALUE | st.dictionaries(NAMES, VALUE, max_size=4).map(lambda odd: {**good, **odd}))
    key = data.draw(st.text(string.ascii_letters, min_size=10, max_size=40))
    answer = insider.post(path, json=body, headers={"Idempotency-Key": key, **elsewhere()})
    assert answer.status_code < 500, (path, body)
    assert answer.status_code != 429


@FEW
@given(st.data())
def test_no_form_breaks_anything(app: FastAPI, insider: TestClient, data: st.DataObject) -> None:
    patterns = [path for path in routes(app, "POST") if not path.startswith("/v1/")]
    pattern = data.draw(st.sampled_from(patterns))
    steps = st.sampled_from(["offer", "ask", "start", "where", "when", "car", "contact", "consent", "check"])
    path = address(
        pattern, insider.headers["X-Slug"], data.draw(st.lists(TEXT | steps, min_size=3, max_size=3))
    )
    form = data.draw(st.dictionaries(NAMES, TEXT | st.lists(TEXT, max_size=3), max_size=6))
    answer = insider.post(path, data={**form, "csrf": token_of(insider)}, headers=elsewhere())
    assert answer.status_code < 500, (path, form)
    assert answer.status_code != 429 or pattern.startswith(OF_ONE_ACCOUNT)
