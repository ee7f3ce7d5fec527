"""How often a password and a code may be tried, by whom, and that a known device is nobody else's to lock out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api import limits
from api.services import login
from api.store.tables import Coordinator, KnownDevice, LoginSession, now
from tests.api.app_codes import App, set_up
from tests.api.conftest import ORIGIN
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene, password_hash, scene

__all__ = ["password_hash", "scene"]
EMAIL = "priya@example.org"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
Visit = Callable[[str], TestClient]


@pytest.fixture
def visit(app: FastAPI, scene: Scene) -> Visit:
    """A browser at an address of the network."""

    def at(address: str) -> TestClient:
        headers = {"Origin": ORIGIN, "User-Agent": FIREFOX}
        return TestClient(app, ORIGIN, headers=headers, client=(address, 1), follow_redirects=False)

    return at


def knock(client: TestClient, password: str = PASSWORD, *, email: str = EMAIL, **more: str) -> Any:
    fields = read(client.get("/login")).hidden()
    return client.post("/login", data=fields | {"email": email, "password": password, **more})


def wrong(client: TestClient, times: int, **more: str) -> list[int]:
    return [int(knock(client, "wrong", **more).status_code) for _ in range(times)]


def from_everywhere(visit: Visit, times: int, email: str = EMAIL) -> None:
    """Wrong tries from as many addresses as it takes."""
    for number in range(times):
        assert wrong(visit(f"198.51.100.{number // 5}"), 1, email=email) == [401]


def test_five_wrong_tries_lock_the_account_for_that_address_for_a_quarter_of_an_hour(
    visit: Visit, engine: Engine
) -> None:
    here = visit("203.0.113.1")
    assert wrong(here, 6) == [401] * 5 + [429]
    locked = knock(here)
    assert locked.status_code == 429 and 0 < int(locked.headers["Retry-After"]) <= 15 * 60
    assert knock(visit("203.0.113.2")).status_code == 303
    with engine.begin() as connection:
        connection.execute(text("UPDATE attempt SET at = at - interval '15 minutes'"))
    assert knock(here).status_code == 303


def test_a_known_device_is_not_locked_out_by_others_of_its_network(visit: Visit) -> None:
    """An office behind one address: somebody guesses, and she who works there gets in."""
    mine = visit("203.0.113.1")
    assert knock(mine).status_code == 303
    others = visit("203.0.113.1")
    assert wrong(others, 6) == [401] * 5 + [429]
    assert knock(mine).status_code == 303
    for number in range(limits.LOGINS.most):
        if knock(others, "wrong", email=f"nobody{number}@example.org").status_code == 429:
            break
    assert knock(others, email="other@example.org").status_code == 429
    assert knock(mine).status_code == 303


def test_a_known_device_is_not_asked_for_more_after_tries_from_anywhere(visit: Visit) -> None:
    mine = visit("203.0.113.1")
    knock(mine)
    from_everywhere(visit, limits.ANYWHERE.most)
    assert knock(visit("203.0.113.9")).status_code == 401
    assert knock(mine).status_code == 303


def test_a_known_device_is_locked_by_its_own_tries(visit: Visit) -> None:
    mine = visit("203.0.113.1")
    knock(mine)
    assert wrong(mine, 6) == [401] * 5 + [429]


@pytest.mark.parametrize("what", ["another account", "too long ago", "made up", "logged out everywhere"])
def test_a_device_is_known_for_its_own_account_and_thirty_days(
    visit: Visit, db: Session, scene: Scene, what: str
) -> None:
    mine, email = visit("203.0.113.1"), EMAIL
    knock(mine)
    device = db.exec(select(KnownDevice)).one()
    assert timedelta(days=29, hours=23) < device.expires_at - now() <= login.DEVICE_LASTS
    if what == "another account":
        email = "other@example.org"
        login.add_coordinator(db, email, "Other", PASSWORD)
    elif what == "too long ago":
        device.expires_at = now()
        db.add(device)
    elif what == "made up":
        mine.cookies.set("device", "x" * 43)
    else:
        login.set_password(db, scene.coordinator, PASSWORD)
    db.commit()
    assert wrong(visit("203.0.113.1"), 6, email=email) == [401] * 5 + [429]
    assert knock(mine, email=email).status_code == 429


def test_after_fifty_tries_from_anywhere_the_code_comes_before_the_password(
    visit: Visit, db: Session, scene: Scene
) -> None:
    app, _ = set_up(db, scene.coordinator)
    from_everywhere(visit, limits.ANYWHERE.most)
    new = visit("203.0.113.1")
    page = read(knock(new))
    assert "many wrong tries" in page.text and page.all("input", name="code")
    assert knock(new, code=app.wrong()).status_code == 401
    # With a wrong code the right password is not told from a wrong one.
    assert "not right" in read(knock(new, "wrong", code=app.wrong())).text
    inside = knock(new, code=app.code())
    assert (inside.status_code, inside.headers["location"]) == (303, "/coordinate")
    assert new.get("/coordinate").status_code == 200


def test_without_an_app_only_known_devices_get_in_meanwhile(visit: Visit) -> None:
    mine = visit("203.0.113.1")
    knock(mine)
    from_everywhere(visit, limits.ANYWHERE.most)
    new = visit("203.0.113.2")
    assert [knock(new, code=code).status_code for code in ("", "123456")] == [401, 401]
    assert knock(mine).status_code == 303


def test_nobodys_account_is_asked_for_codes_as_somebodys(visit: Visit) -> None:
    email = "nobody@example.org"
    from_everywhere(visit, limits.ANYWHERE.most, email)
    new = visit("203.0.113.2")
    assert "many wrong tries" in read(knock(new, email=email)).text
    assert knock(new, email=email, code="123456").status_code == 401


def test_who_gets_in_takes_back_their_own_try_alone(visit: Visit, db: Session) -> None:
    """Else an attacker could begin anew after each log-in of their victim."""
    from_everywhere(visit, limits.ANYWHERE.most - 1)
    assert knock(visit("203.0.113.1")).status_code == 303
    assert wrong(visit("203.0.113.2"), 1) == [401]
    assert knock(visit("203.0.113.3")).status_code == 401


def with_codes(visit: Visit, db: Session, scene: Scene) -> tuple[TestClient, App, list[str]]:
    """Somebody whose password was right and whose code is still to come."""
    app, recovery = set_up(db, scene.coordinator)
    client = visit("203.0.113.1")
    answer = knock(client, next=scene.desk)
    assert answer.headers["location"] == f"/login/code?next={scene.desk}"
    return client, app, recovery


def type_code(client: TestClient, code: str) -> Any:
    page = read(client.get("/login/code", params={"next": "/coordinate/polling-day"}))
    return client.post("/login/code", data=page.hidden() | {"code": code})


def test_the_password_alone_opens_nothing(visit: Visit, db: Session, scene: Scene) -> None:
    client, app, _ = with_codes(visit, db, scene)
    assert client.get(scene.desk).status_code == 303
    step = client.cookies["login-step"]
    client.cookies.set("login", step)
    assert client.get(scene.desk).status_code == 303
    del client.cookies["login"]
    assert type_code(client, app.code()).headers["location"] == scene.desk
    assert client.get(scene.desk).status_code == 200
    assert "login-step" not in client.cookies


def test_a_recovery_code_does_too(visit: Visit, db: Session, scene: Scene) -> None:
    client, _, recovery = with_codes(visit, db, scene)
    assert type_code(client, recovery[3]).status_code == 303
    assert client.get(scene.desk).status_code == 200


def test_five_wrong_codes_are_enough(visit: Visit, db: Session, scene: Scene) -> None:
    client, app, _ = with_codes(visit, db, scene)
    assert [type_code(client, app.wrong()).status_code for _ in range(6)] == [401] * 5 + [429]
    assert type_code(client, app.code()).status_code == 429


def test_whoever_has_the_password_cannot_guess_codes_from_everywhere(
    visit: Visit, db: Session, scene: Scene
) -> None:
    mine, app, recovery = with_codes(visit, db, scene)
    type_code(mine, app.code())
    for number in range(limits.CODES_ANYWHERE.most):
        thief = visit(f"198.51.100.{number // 5}")
        knock(thief)
        assert type_code(thief, app.wrong()).status_code == 401
    thief = visit("198.51.100.99")
    knock(thief)
    assert type_code(thief, recovery[0]).status_code == 429
    # And she who always works here gets in.
    knock(mine)
    assert type_code(mine, recovery[1]).status_code == 303


def test_the_first_step_is_good_for_ten_minutes(visit: Visit, db: Session, scene: Scene) -> None:
    client, app, _ = with_codes(visit, db, scene)
    (step,) = db.exec(select(LoginSession).where(LoginSession.kind == "code")).all()
    assert step.expires_at - now() <= timedelta(minutes=10)
    step.expires_at = now()
    db.commit()
    assert type_code(client, app.code()).headers["location"].startswith("/login?next=")
    assert visit("203.0.113.5").get("/login/code").headers["location"] == "/login"


def test_programs_send_the_code_along(visit: Visit, db: Session, scene: Scene) -> None:
    app, _ = set_up(db, scene.coordinator)
    client = visit("203.0.113.1")
    body = {"email": EMAIL, "password": PASSWORD}
    refused = client.post("/v1/tokens", json=body)
    assert (refused.status_code, refused.json()["error"]["field"]) == (401, "code")
    assert client.post("/v1/tokens", json=body | {"code": app.wrong()}).status_code == 401
    assert client.post("/v1/tokens", json=body | {"code": app.code()}).status_code == 201


def test_who_is_disabled_does_not_get_past_the_code(visit: Visit, db: Session, scene: Scene) -> None:
    client, app, _ = with_codes(visit, db, scene)
    person = db.get_one(Coordinator, scene.coordinator.id)
    person.disabled_at = now()
    db.commit()
    assert type_code(client, app.code()).headers["location"].startswith("/login?")
