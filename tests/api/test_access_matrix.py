"""Role × route × object, generated from the routes: what a host's key opens, and what opens a host's page."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from sqlmodel import Session, select, update
from starlette.testclient import TestClient

from api.auth import callers, coordinator, with_event, with_private_page
from api.services import hosting
from api.services.campaign_forms import HostForm
from api.services.local import now
from api.store.tables import Arrival, HostSession
from tests.api import world
from tests.api.conftest import browser
from tests.api.door import Door, add_host, begin, door, get_in, lift_of
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import read
from tests.api.pages.scene import password_hash, scene
from tests.api.pages.test_lifts import get_in as volunteer_in

__all__ = ["door", "password_hash", "scene"]
Enter = Callable[[FastAPI, Session, Door], TestClient]
STEP = "expected:arrived"


def nobody(app: FastAPI, _db: Session, _door: Door) -> TestClient:
    return browser(app)


def volunteer(app: FastAPI, db: Session, door: Door) -> TestClient:
    request = world.add_request(db, door.scene.campaign, confirmed=False)
    db.commit()
    return volunteer_in(app, db, request)


def staff(app: FastAPI, _db: Session, _door: Door) -> TestClient:
    return log_in(browser(app), "priya@example.org")


def host(app: FastAPI, db: Session, door: Door) -> TestClient:
    return get_in(app, db, door.host)


def removed(app: FastAPI, db: Session, door: Door) -> TestClient:
    client = get_in(app, db, door.host)
    hosting.revoke(db, door.scene.campaign, door.scene.coordinator, door.event_id, door.host.id)
    db.commit()
    return client


def with_a_new_link(app: FastAPI, db: Session, door: Door) -> TestClient:
    """The old device of somebody to whom another link was sent."""
    client = get_in(app, db, door.host)
    hosting.send_new_link(db, door.scene.campaign, door.scene.coordinator, door.event_id, door.host.id)
    db.commit()
    return client


def expired(app: FastAPI, db: Session, door: Door) -> TestClient:
    client = get_in(app, db, door.host)
    db.exec(update(HostSession).values(expires_at=now() - timedelta(seconds=1)))
    db.commit()
    return client


def early(app: FastAPI, db: Session, door: Door) -> TestClient:
    begin(db, door.event_id, hours_ago=-13)
    return get_in(app, db, door.host)


def over(app: FastAPI, db: Session, door: Door) -> TestClient:
    begin(db, door.event_id, hours_ago=16)
    return get_in(app, db, door.host)


def of_another_event(app: FastAPI, db: Session, door: Door) -> TestClient:
    other = add_host(db, door.scene, door.scene.afternoon.id)
    begin(db, door.scene.afternoon.id)
    return get_in(app, db, other)


def of_another_campaign(app: FastAPI, db: Session, door: Door) -> TestClient:
    campaign = world.add_campaign(db, door.scene.coordinator, "Another")
    event = world.add_event(db, campaign, door.scene.coordinator)
    begin(db, event.id)
    form = HostForm(host_name="Hugo", host_email="hana@example.org")
    return get_in(app, db, hosting.add(db, campaign, door.scene.coordinator, event.id, form))


OUT, CLOSED, GONE = "out", "closed", "not there"
ROLES: dict[Enter, str] = {
    nobody: OUT, volunteer: OUT, staff: OUT, removed: OUT, with_a_new_link: OUT, expired: OUT,
    early: CLOSED, over: CLOSED, of_another_event: GONE, of_another_campaign: GONE,
}  # fmt: skip


def routes(app: FastAPI, marker: object) -> list[tuple[str, str]]:
    """Method and address pattern of every route that has the marker."""
    found: list[RouteContext] = [x for x in iter_route_contexts(app.routes) if marker in callers(x)]
    return sorted((method, str(x.path)) for x in found for method in (x.methods or ()) if method != "HEAD")


def addresses(app: FastAPI, db: Session, door: Door) -> list[tuple[str, str]]:
    """Every address of a host's pages, with the people and cars of the event in it."""
    people = [("driver", door.dora.id), ("rider", door.rafi.id)]
    car = str(lift_of(db, door.dora).id)
    found = []
    for method, pattern in routes(app, with_event):
        for kind, sign_up in people if "{kind}" in pattern else people[:1]:
            path = pattern.replace("{kind}", kind).replace("{sign_up_id}", str(sign_up))
            found.append((method, path.replace("{lift_id}", car)))
    assert len(found) == 5 and not any("{" in path for _, path in found), found
    return found


def ask(client: TestClient, method: str, path: str) -> tuple[int, str, str]:
    fields = {"csrf": read(client.get("/host/open")).value("csrf") or token_of(client), "step": STEP}
    answer = client.post(path, data=fields) if method == "POST" else client.get(path)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def token_of(client: TestClient) -> str:
    return read(client.get("/login")).hidden()["csrf"]


@pytest.mark.parametrize("enter", ROLES, ids=lambda enter: enter.__name__)
def test_a_hosts_pages_refuse_everybody_elses_key(
    app: FastAPI, db: Session, door: Door, enter: Enter
) -> None:
    paths = addresses(app, db, door)
    client = enter(app, db, door)
    for method, path in paths:
        status, location, text = ask(client, method, path)
        expected = {
            OUT: status == HTTPStatus.SEE_OTHER and location == "/host/open",
            CLOSED: status == HTTPStatus.FORBIDDEN,
            GONE: status == (HTTPStatus.OK if method == "GET" else HTTPStatus.NOT_FOUND),
        }[ROLES[enter]]
        if path == "/host/leave" and ROLES[enter] != OUT:
            expected = (status, location) == (HTTPStatus.SEE_OTHER, "/")
            client = enter(app, db, door) if enter in (early, over) else client
        assert expected, (enter.__name__, method, path, status, location)
        assert not any(name in text for name in ("Dora", "Rafi", "Fiesta"))
        if path == "/host/leave":
            break
    db.expire_all()
    assert db.exec(select(Arrival)).all() == []


def test_a_hosts_own_key_opens_them(app: FastAPI, db: Session, door: Door) -> None:
    client = host(app, db, door)
    last = ("POST", "/host/leave")
    for method, path in [x for x in addresses(app, db, door) if x != last]:
        status, location, text = ask(client, method, path)
        if method == "GET":
            assert status == HTTPStatus.OK and "Dora D." in text
        else:
            assert status == HTTPStatus.SEE_OTHER and location.startswith("/host#")
    assert ask(client, *last)[:2] == (HTTPStatus.SEE_OTHER, "/")
    assert client.get("/host").headers["location"] == "/host/open"


@pytest.mark.parametrize("marker", [with_private_page, coordinator], ids=lambda one: one.__name__)
def test_a_hosts_key_opens_nobody_elses_page(app: FastAPI, db: Session, door: Door, marker: object) -> None:
    client = host(app, db, door)
    token = token_of(client)
    values = {
        "{slug}": door.scene.campaign.slug, "{event_id}": str(door.event_id), "{day}": str(world.DAY),
        "{host_id}": str(door.host.id),
    }  # fmt: skip
    found = routes(app, marker)
    assert len(found) > 5
    for method, pattern in found:
        path = pattern
        for name, value in values.items():
            path = path.replace(name, value)
        path = path.replace("{run_id}", str(door.host.id)).replace("{report_id}", str(door.host.id))
        answer = client.request(method, path, data={"csrf": token} if method == "POST" else None)
        ways = ("/open", "/login")
        if path.startswith("/v1/"):
            assert answer.status_code == HTTPStatus.UNAUTHORIZED, (method, path, answer.status_code)
        else:
            assert answer.status_code == HTTPStatus.SEE_OTHER, (method, path, answer.status_code)
            assert answer.headers["location"].startswith(ways), (method, path)
