"""Key × route, generated from the routes: a private page opens to its own link alone, and to nobody else's key.

The subjects are a driver and a rider whose lift is published. Whoever else comes, with whatever key, neither reads a word
of theirs nor changes a row of theirs, on any private page by any method, their ids in every field.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient

from api.auth import callers, with_private_page
from api.edge import cookies
from api.pages.journeys import What
from api.services import outbox
from api.services.local import now
from api.store.tables import Lift, LiftStop, Message, Offer, Person, PrivateLink, PrivateSession, Request
from tests.api import door, world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import read
from tests.api.pages.scene import Pair, Scene, link_of, pair, password_hash, scene
from tests.api.pages.test_lifts import get_in

__all__ = ["pair", "password_hash", "scene"]
Enter = Callable[[FastAPI, Session, Scene, Pair], TestClient]
OUT, OWN = "sent to the door", "on a page of their own"
SECRETS = (
    "Dora", "Rafi", "Fiesta", "XYZ", "by the library", "07700 900123", "07700 900456", "WF1 1AA", "WF2 8AA",
)  # fmt: skip
"""What the subjects told us, and nobody else said."""


def nobody(app: FastAPI, _db: Session, _scene: Scene, _pair: Pair) -> TestClient:
    return browser(app)


def with_a_made_up_key(app: FastAPI, _db: Session, _scene: Scene, pair: Pair) -> TestClient:
    client = browser(app)
    client.cookies.set(cookies.PRIVATE.name, str(pair[1].id))
    return client


def coordinator(app: FastAPI, _db: Session, _scene: Scene, _pair: Pair) -> TestClient:
    return log_in(browser(app), "priya@example.org")


def host(app: FastAPI, db: Session, scene: Scene, _pair: Pair) -> TestClient:
    door.begin(db, scene.morning.id)
    return door.get_in(app, db, door.add_host(db, scene))


def somebody_else(app: FastAPI, db: Session, scene: Scene, _pair: Pair) -> TestClient:
    return get_in(app, db, _other(db, scene.campaign))


def a_driver_unconfirmed_before(app: FastAPI, db: Session, scene: Scene, _pair: Pair) -> TestClient:
    """Their first visit is what confirms them."""
    return get_in(app, db, world.add_offer(db, scene.campaign, confirmed=False, **OTHER_CAR))


def of_another_campaign(app: FastAPI, db: Session, scene: Scene, _pair: Pair) -> TestClient:
    campaign = world.add_campaign(db, scene.coordinator, "Another")
    world.add_event(db, campaign, scene.coordinator)
    return get_in(app, db, _other(db, campaign))


def expired(app: FastAPI, db: Session, scene: Scene, pair: Pair) -> TestClient:
    """The rider's own key, once it has run out."""
    client = by_newest_link(app, db, pair[1])
    db.exec(update(PrivateSession).values(expires_at=now() - timedelta(seconds=1)))
    db.commit()
    return client


def after_leaving(app: FastAPI, db: Session, scene: Scene, pair: Pair) -> TestClient:
    """The rider's own key, as somebody kept it who used the device before they left it."""
    client = by_newest_link(app, db, pair[1])
    kept = client.cookies[cookies.PRIVATE.name]
    client.post("/my/leave", data={"csrf": _token(client)})
    client.cookies.set(cookies.PRIVATE.name, kept)
    return client


def erased(app: FastAPI, db: Session, scene: Scene, _pair: Pair) -> TestClient:
    """The key of somebody who erased what they had told."""
    client = get_in(app, db, _other(db, scene.campaign))
    kept = client.cookies[cookies.PRIVATE.name]
    assert client.post("/my/erase", data={"csrf": _token(client)}).headers["location"] == "/erased"
    client.cookies.set(cookies.PRIVATE.name, kept)
    return client


KEYS: dict[Enter, str] = {
    nobody: OUT, with_a_made_up_key: OUT, coordinator: OUT, host: OUT, expired: OUT, after_leaving: OUT, erased: OUT,
    somebody_else: OWN, a_driver_unconfirmed_before: OWN, of_another_campaign: OWN,
}  # fmt: skip

OTHER: dict[str, Any] = {
    "name": "Olga Other", "email": "olga@example.org", "phone": "07700 900999", "postcode": "HX1 1AA", "pickup": "the mill",
}  # fmt: skip

OTHER_CAR: dict[str, Any] = {
    "name": "Olga Other", "email": "olga@example.org", "phone": "", "postcode": "HX1 1AA", "car": "red Mini", "plate": "OOO",
}  # fmt: skip


def _other(db: Session, campaign: Any) -> Request:
    request = world.add_request(db, campaign, confirmed=False, **OTHER)
    db.commit()
    return request


def by_newest_link(app: FastAPI, db: Session, sign_up: Offer | Request) -> TestClient:
    """In by the link of the message about the lift."""
    (message,) = world.messages_of(db, sign_up, "matched")
    envelope = outbox.claim(db, message.id)
    assert envelope is not None
    db.commit()
    client = browser(app)
    client.get(f"/l/{envelope.link_token}")
    client.post("/open", data=read(client.get("/open")).hidden())
    return client


def _token(client: TestClient) -> str:
    return read(client.get("/login")).hidden()["csrf"]


def addresses(app: FastAPI) -> list[tuple[str, str]]:
    """Method and address of every private route, each step of every form among them."""
    found = set()
    steps = [f"{what}/{step}" for what in What for step in ("where", "when", "people", "comfort", "contact")]
    for route in iter_route_contexts(app.routes):
        if with_private_page not in callers(route):
            continue
        pattern, whole = str(route.path), "{what}/{step}"
        paths = [pattern.replace(whole, one) for one in steps] if whole in pattern else [pattern]
        paths = [path.replace("{what}", what) for path in paths for what in What]
        found |= {(method, path) for path in paths for method in route.methods or () if method != "HEAD"}
    assert len(found) > 40 and not any("{" in path for _, path in found), found
    # What ends the key comes last.
    return sorted(found, key=lambda one: (one[1] in ("/my/erase", "/my/leave", "/my/day"), one))


def rows_of(db: Session, pair: Pair) -> list[dict[str, Any]]:
    """All that we hold of the two: themselves, what they sent in, their lift, their messages and links."""
    db.expire_all()
    people = [row.person_id for row in pair]
    found: list[Any] = [db.get(type(row), row.id) for row in pair]
    for table, column in (
        (Person, Person.id),
        (Message, Message.person_id),
        (PrivateLink, PrivateLink.person_id),
    ):
        found += db.exec(select(table).where(col(column).in_(people))).all()
    found += db.exec(select(Lift).where(Lift.offer_id == pair[0].id)).all()
    found += db.exec(select(LiftStop).where(LiftStop.request_id == pair[1].id)).all()
    assert len(found) >= 8
    return sorted((row.model_dump() for row in found), key=str)


def fields(client: TestClient, pair: Pair) -> dict[str, Any]:
    """A form with the subjects' ids wherever one could stand."""
    driver, rider = (str(one.id) for one in pair)
    names = (
        "who",
        "id",
        "person",
        "person_id",
        "request",
        "offer",
        "rider",
        "word",
        "lift",
        "key",
        "reference",
    )
    return {
        "csrf": _token(client),
        **{name: [driver, rider] for name in names},
        "minutes": "10",
        "said": "x",
        "consent": "on",
    }


@pytest.mark.parametrize("enter", KEYS, ids=lambda enter: enter.__name__)
def test_a_private_page_refuses_every_other_persons_key(
    app: FastAPI,
    db: Session,
    scene: Scene,
    pair: Pair,
    enter: Enter,
    record_property: Callable[[str, object], None],
) -> None:
    record_property(
        "figure", f"{len(list(addresses(app)))} private addresses as {enter.__name__.replace('_', ' ')}"
    )
    client = enter(app, db, scene, pair)
    before, sent = rows_of(db, pair), fields(client, pair)
    for method, path in addresses(app):
        answer = client.post(path, data=sent) if method == "POST" else client.get(path)
        where = answer.headers.get("location", "")
        if KEYS[enter] == OUT:
            assert (answer.status_code, where) == (303, "/open"), (method, path, answer.status_code)
        assert answer.status_code < 500
        told = [secret for secret in SECRETS if secret in answer.text]
        assert not told, (enter.__name__, method, path, told)
        assert rows_of(db, pair) == before, (enter.__name__, method, path)


def test_their_own_keys_open_them(app: FastAPI, db: Session, pair: Pair) -> None:
    """Else the matrix would prove nothing."""
    driver, rider = (by_newest_link(app, db, one) for one in pair)
    assert "Rafi" in driver.get("/my").text and "Dora" in rider.get("/my").text
    for client in (driver, rider):
        before = rows_of(db, pair)
        client.post("/my/cancel", data={"csrf": _token(client)})
        assert rows_of(db, pair) != before


def test_a_link_opens_nothing_once_it_is_over(app: FastAPI, db: Session, scene: Scene, pair: Pair) -> None:
    """One answer for a link that never was, one that has run out, one that was revoked and one of somebody erased."""
    answers = set()
    for spoil in ("made up", "run out", "revoked", "erased"):
        other = world.add_request(
            db, scene.campaign, confirmed=False, **OTHER | {"email": f"{spoil[:3]}@example.org"}
        )
        token = "made-up-token-of-some-length" if spoil == "made up" else link_of(db, other)
        link = update(PrivateLink).where(col(PrivateLink.person_id) == other.person_id)
        if spoil == "run out":
            db.exec(link.values(expires_at=now() - timedelta(seconds=1)))
        elif spoil == "revoked":
            db.exec(link.values(revoked_at=now()))
        elif spoil == "erased":
            client = browser(app)
            client.get(f"/l/{token}")
            client.post("/open", data=read(client.get("/open")).hidden())
            client.post("/my/erase", data={"csrf": _token(client)})
        db.commit()
        client = browser(app)
        client.get(f"/l/{token}")
        answer = client.post("/open", data=read(client.get("/open")).hidden())
        assert client.get("/my").headers["location"] == "/open"
        answers.add((answer.status_code, read(answer).text))
    assert len(answers) == 1 and next(iter(answers))[0] == 404
