"""Role × route × object, generated from the routes of coordinators: who may do what, and that each press is on record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.app import create_app
from api.auth import callers, coordinator, needed, watcher
from api.services import codes, matching
from api.services.login import hash_of
from api.services.rights import OF_SINGLE_EVENTS, RIGHTS, Right
from api.settings import Settings
from api.store import embedded
from api.store.session import make_engine, open_session
from api.store.tables import AuditEntry, Coordinator
from api.transaction import SAFE_METHODS
from tests.api import whole, world
from tests.api.app_codes import App, set_up
from tests.api.pages.scene import PASSWORD, make_scene, password_hash
from tests.api.services.exchange import tables
from tests.api.whole import OTHERS, ROLES, TOKENS, Whole, client_of, copy_of, fill, token_of
from tests.conftest import TEMPLATE

__all__ = ["password_hash"]
WHOLE = "whole"
EVENT = {
    "title": "Canvass", "constituency": world.LEEDS_NORTH_WEST, "place_name": "Square", "postcode": "LS6 2AB",
    "day": str(world.DAY), "starts": "10:00", "ends": "12:00", "wanted": "5",
}  # fmt: skip
CAMPAIGN = {"name": "New one", "organiser": "Us", "contact_email": "us@example.org"}
FIELDS: dict[str, dict[str, Any]] = {
    "/coordinate/new": CAMPAIGN,
    "/coordinate/{slug}/keys": {"under_pct": "5"},
    "/coordinate/{slug}/next-one": {"agreed": "true"},
    "/coordinate/{slug}/agent": {"imprint": "Promoted by P. Shah.", "mileage_pence": "45"},
    "/coordinate/{slug}/keys/add": {"code": "E14001323"},
    "/coordinate/{slug}/keys/remove": {"code": world.LEEDS_NORTH_WEST},
    "/coordinate/{slug}/events/new": EVENT,
    "/coordinate/{slug}/caller/{what}/{step}": {"postcode": "WF1 1AA"},
    "/coordinate/{slug}/callers/{person_id}/change/{what}/{step}": {"postcode": "WF1 1AA"},
    "/coordinate/{slug}/events/{event_id}/hosts": {"host_name": "Hugo", "host_email": "hugo@example.org"},
    "/coordinate/{slug}/events/{event_id}/number": {"number": "020 7946 0123"},
    "/coordinate/{slug}/{day}/board/settings": {"alone": "yes", "minutes": "10", "unanswered": "no_lift"},
    "/coordinate/{slug}/{day}/match": {"seconds": "60"},
    "/coordinate/{slug}/{day}/calls/{message_id}": {"how": "told"},
    "/coordinate/{slug}/{day}/messages/{message_id}/rung": {"how": "text"},
    "/coordinate/{slug}/{day}/cars/call": {"district": "WF2"},
    "/coordinate/{slug}/team/invite": {"email": "new@example.org", "role": "reader"},
    "/coordinate/{slug}/team/{coordinator_id}/role": {"role": "coordinator"},
    "/coordinate/{slug}/team/codes": {"wanted": "no"},
    "/coordinate/{slug}/import": {"kind": "people", "pasted": tables.HEADINGS + tables.GOOD},
    "/coordinate/{slug}/import/{import_id}/columns": {"heading": "1", "usual_day": str(world.DAY)}
    | {f"column-{n}": name for n, name in enumerate(tables.COLUMNS)},
    "/coordinate/{slug}/import/{import_id}/take": tables.VOUCHED | {"agreed": "true"},
    "/coordinate/{slug}/{day}/exports/{contents}": {"agreed": "true"},
    "/coordinate/{slug}/{day}/exports/runs/{run_id}/{document}": {"agreed": "true"},
    "/coordinate/{slug}/{day}/exports/paper/{paper}": {"agreed": "true"},
    "/account/password": {"password": PASSWORD, "new_password": "another long password"},
    "/v1/campaigns": CAMPAIGN,
    "/v1/campaigns/{slug}/events": EVENT,
}
"""What a form has to send to be taken; the others are buttons."""
VALUES = {
    "{slug}": "polling-day", "{day}": str(world.DAY), "{what}": "ask", "{step}": "where",
    "{reference}": "K7PM-2QXA", "{kind}": "matched", "{contents}": "lifts", "{document}": "plan",
    "{paper}": "driver-sheets",
    "{log_in}": hash_of(TOKENS["bearer"].format("owner")).hex(),
}  # fmt: skip
GOING = {"/coordinate/{slug}/{day}/runs/{run_id}/stop", "/v1/campaigns/{slug}/runs/{run_id}/stop"}
SHIFTS = "/coordinate/{slug}/events/{event_id}/shifts"


@dataclass(frozen=True)
class Way:
    """A route of coordinators, and the right that it asks for; None outside of a campaign."""

    method: str
    pattern: str
    right: Right | None

    @property
    def api(self) -> bool:
        return self.pattern.startswith("/v1/")

    @property
    def changes(self) -> bool:
        return self.method not in SAFE_METHODS

    @property
    def is_limited(self) -> bool:
        """Whether it is about something that a regional coordinator may or may not have."""
        named = ("{event_id}", "{lift_id}", "{message_id}", "{request_id}")
        return self.right in OF_SINGLE_EVENTS and any(one in self.pattern for one in named)

    def path(self, ids: dict[str, str]) -> str:
        path = (
            self.pattern.replace("{run_id}", ids["going_run_id"]) if self.pattern in GOING else self.pattern
        )
        path = path.replace("/callers/{person_id}", f"/callers/{ids['caller_id']}")
        for name, value in {**VALUES, **{f"{{{key}}}": value for key, value in ids.items()}}.items():
            path = path.replace(name, value)
        assert "{" not in path, path
        return path


@pytest.fixture(scope="module")
def made(server: embedded.EmbeddedServer, password_hash: str) -> Iterator[Whole]:
    """The whole campaign, in a database that is copied for each press."""
    engine = make_engine(embedded.create_database(server, WHOLE, template=TEMPLATE))
    with open_session(engine) as db:
        found = fill(db, make_scene(db, password_hash))
    engine.dispose()
    yield found
    embedded.drop_database(server, WHOLE)


@pytest.fixture(scope="module")
def app(server: embedded.EmbeddedServer, made: Whole) -> Iterator[FastAPI]:
    """On a copy that nobody changes."""
    url = embedded.create_database(server, "whole_as_it_is", template=WHOLE)
    engine = make_engine(url)
    yield create_app(Settings(database_url=url, test_phone_numbers=True, metrics_token="m" * 40), engine)
    engine.dispose()
    embedded.drop_database(server, "whole_as_it_is")


def ways(app: FastAPI) -> list[Way]:
    """Every route of coordinators."""
    found = []
    for route in iter_route_contexts(app.routes):
        if coordinator in callers(route):
            right = next(iter(needed(route)), None)
            methods = set(route.methods or ()) - {"HEAD"}
            found += [Way(method, str(route.path), right) for method in methods]
    assert len(found) > 50
    return sorted(found, key=lambda way: (way.pattern, way.method))


def ask(client: TestClient, way: Way, ids: dict[str, str], more: dict[str, Any] | None = None) -> Any:
    fields = {**FIELDS.get(way.pattern, {}), **(more or {})}
    if way.method != "POST":
        return client.request(way.method, way.path(ids), params={"day": str(world.DAY)} if way.api else None)
    if way.api:
        return client.post(way.path(ids), json=fields or None)
    return client.post(way.path(ids), data={"csrf": token_of(client), **fields})


def refused(name: str, way: Way) -> set[int]:
    """How somebody is turned away."""
    if name in ("expired", "disabled", ""):
        return {HTTPStatus.UNAUTHORIZED if way.api else HTTPStatus.SEE_OTHER}
    return {HTTPStatus.NOT_FOUND if name in OTHERS else HTTPStatus.FORBIDDEN}


def test_every_route_of_a_campaign_asks_for_one_right(
    app: FastAPI, record_property: Callable[[str, object], None]
) -> None:
    found = list(ways(app))
    for way in found:
        assert (way.right is not None) == ("{slug}" in way.pattern), way
    assert {way.right for way in found} >= set(Right)
    record_property(
        "figure", f"{len(found)} coordinators' routes × {len((*ROLES, *OTHERS, ''))} kinds of people"
    )


@pytest.mark.parametrize("name", [*ROLES, *OTHERS, ""])
def test_whoever_has_no_right_is_turned_away(app: FastAPI, made: Whole, name: str) -> None:
    """On a database that stays as it is: whatever was not refused would show in what the next ones find."""
    for way in ways(app):
        if name in ROLES and (way.right is None or way.right in RIGHTS[name]):
            continue
        if way.right is None and name in ("outsider", "removed"):
            continue
        answer = ask(client_of(app, name, programs=way.api), way, made.seen_by(name))
        assert answer.status_code in refused(name, way), (name, way, answer.status_code)
        if answer.status_code == HTTPStatus.SEE_OTHER:
            assert answer.headers["location"].startswith("/login")
        assert not any(word in answer.text for word in ("Dora", "Rafi", "Alma", "Aziz", "shouted"))


@pytest.mark.parametrize("name", [*ROLES, *OTHERS, ""])
def test_the_figures_of_the_service_are_for_none_of_them(app: FastAPI, made: Whole, name: str) -> None:
    paths = [str(route.path) for route in iter_route_contexts(app.routes) if watcher in callers(route)]
    assert paths == ["/metrics"]
    for programs in (False, True):
        answer = client_of(app, name, programs=programs).get(*paths)
        assert (answer.status_code, "carpool_" in answer.text) == (HTTPStatus.NOT_FOUND, False)
    assert client_of(app, "").get(*paths, headers={"Authorization": f"Bearer {'m' * 40}"}).is_success


@pytest.mark.parametrize("name", ROLES)
def test_whoever_has_the_right_sees_the_page(app: FastAPI, made: Whole, name: str) -> None:
    for way in ways(app):
        if not way.changes and way.right is not None and way.right in RIGHTS[name]:
            answer = ask(client_of(app, name, programs=way.api), way, made.seen_by(name))
            at_once = (HTTPStatus.OK, HTTPStatus.SEE_OTHER)
            assert answer.status_code in at_once or way.pattern == SHIFTS, (way, answer.status_code)
            if name in ("regional", "helper", "reader"):
                assert "shouted" not in answer.text, way
            if name in ("regional", "helper") and way.right != Right.CALLS:
                assert "Alma" not in answer.text or name == "helper", way


@pytest.mark.parametrize("name", [name for name in ROLES if name != "reader"])
def test_each_press_is_taken_and_leaves_an_entry(
    server: embedded.EmbeddedServer,
    app: FastAPI,
    made: Whole,
    name: str,
    record_property: Callable[[str, object], None],
) -> None:
    """All of them, each on a fresh copy: who, what, when and in which campaign."""
    pressed = 0
    for way in ways(app):
        mine = way.right is None or way.right in RIGHTS[name]
        if not way.changes or not mine or (way.right is None and name != "owner"):
            continue
        with copy_of(server, WHOLE, app) as db:
            before = db.exec(select(AuditEntry.id)).all()
            client = client_of(app, name, programs=way.api)
            answer = ask(client, way, made.seen_by(name), _more(db, way, made))
            assert answer.status_code < HTTPStatus.BAD_REQUEST, (name, way, answer.status_code, answer.text)
            left = db.exec(select(AuditEntry).where(col(AuditEntry.id).not_in(before))).all()
        assert left, way
        assert {entry.coordinator_id for entry in left} == {made.people[name]}, way
        if way.right is not None:
            assert all(entry.campaign_id is not None for entry in left), way
        pressed += 1
    assert pressed >= 5
    record_property("figure", f"{pressed} presses of the {name} left an entry each")


def test_a_regional_coordinator_reaches_nothing_of_other_events(app: FastAPI, made: Whole) -> None:
    tried = 0
    for way in ways(app):
        if way.is_limited and way.right in RIGHTS["regional"]:
            answer = ask(client_of(app, "regional"), way, made.other)
            assert answer.status_code == HTTPStatus.NOT_FOUND, (way, answer.status_code)
            tried += 1
    assert tried >= 6


def test_what_is_named_from_another_campaign_is_not_there(
    server: embedded.EmbeddedServer, app: FastAPI, made: Whole
) -> None:
    """The owner of one campaign puts the ids of another into the addresses of their own."""
    named = [f"{{{name}}}" for name in made.own if name not in ("person_id", "going_run_id")]
    for way in ways(app):
        if way.right is not None and any(one in way.pattern for one in named):
            mine = Way(way.method, way.pattern.replace("{slug}", "somebody-else-s"), way.right)
            with copy_of(server, WHOLE, app):
                fields = FIELDS.get(way.pattern) or {"count": "2", "wanted": "1", "ends_at": "x"}
                client = client_of(app, "outsider", programs=way.api)
                answer = ask(client, mine, made.seen_by("owner"), fields)
            not_there = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
            unchanged = way.pattern.endswith("/number") or way.pattern == SHIFTS
            assert answer.status_code in not_there or unchanged, (way, answer.status_code)
            assert not any(word in answer.text for word in ("Dora", "Rafi", "Alma", "Aziz", "shouted")), way


def _more(db: Session, way: Way, made: Whole) -> dict[str, Any]:
    """What a form sends that depends on what is there."""
    if way.pattern.startswith("/account/codes") and not way.pattern.endswith("begin"):
        owner = db.get_one(Coordinator, made.people["owner"])
        app, _ = set_up(db, owner)
        codes.begin(db, owner)
        db.commit()
        return {"code": App(codes.waiting_secret(owner), app.used).code()}
    if way.pattern == SHIFTS:
        db.exec(whole.without_lifts())
        return {"count": "2", "wanted": "5", "ends_at": whole.lengthen(db, made.own["event_id"])}
    if way.pattern.endswith("/{run_id}/change"):
        return {"do": "out", "who": made.own["sign_up_id"], "seen": "9", "keep": "yes"}
    if way.pattern.endswith(("/undo", "/redo")):
        return {"edit": made.own[f"{way.pattern[-4:]}_id"]}
    if way.pattern.endswith("/improve"):
        matching.fail(db, UUID(made.own["going_run_id"]), "Stopped for this test.")
        db.commit()
    _have(db, way.pattern.rpartition("/")[2], made)
    if way.pattern.endswith("/apart"):
        return {"who": made.other["person_id"]}
    return {}


def _have(db: Session, press: str, made: Whole) -> None:
    """What some presses need to be of any use."""
    if press in ("stop-messages", "send-stopped", "resume", "try-again"):
        whole.keep_back(db, made.slug, press)
    if press == "take-back":
        whole.as_just_published(db, made.own["run_id"])
