"""Publishing asks once more who it is, and then goes on to what was wanted."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from sqlmodel import Session, select
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from api import auth
from api.auth import CONFIRMED, Staff, needs, undeclared
from api.pages.filled import Posted
from api.services import login
from api.services.rights import Right
from api.services.views import RunView
from api.store.tables import LoginSession, Run, now
from tests.api import world
from tests.api.app_codes import make_stale, set_up
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene

DAY = world.DAY


def state(db: Session, run: RunView) -> str:
    db.expire_all()
    return db.get_one(Run, run.id).state


def test_who_has_just_logged_in_publishes_at_once(press: Press, db: Session, planned: RunView) -> None:
    make_stale(db, login.FRESH - timedelta(seconds=30))
    assert press(f"/{DAY}/runs/{planned.id}/publish").status_code == 303
    assert state(db, planned) == "published"


def test_who_logged_in_a_while_ago_types_the_password_and_it_goes_on(
    desk: TestClient, press: Press, db: Session, planned: RunView
) -> None:
    make_stale(db)
    address = f"/{DAY}/runs/{planned.id}/publish"
    asked = press(address)
    page = read(asked)
    assert asked.status_code == 403 and "Type your password" in page.text and state(db, planned) == "done"
    (form,) = [form for form in page.all("form") if form["action"].endswith("/publish")]
    wrong = desk.post(form["action"], data=page.hidden() | {"confirm": "wrong"})
    assert wrong.status_code == 403 and "not your password" in read(wrong).text
    assert state(db, planned) == "done"
    done = desk.post(form["action"], data=page.hidden() | {"confirm": PASSWORD})
    assert done.status_code == 303 and state(db, planned) == "published"
    (mine,) = db.exec(select(LoginSession)).all()
    assert now() - mine.confirmed_at < timedelta(minutes=1)


def test_with_codes_it_is_the_code(press: Press, db: Session, scene: Scene, planned: RunView) -> None:
    app, _ = set_up(db, scene.coordinator)
    make_stale(db)
    address = f"/{DAY}/runs/{planned.id}/publish"
    assert press(address, confirm=PASSWORD).status_code == 403
    assert press(address, confirm=app.wrong()).status_code == 403
    assert state(db, planned) == "done"
    assert press(address, confirm=app.code()).status_code == 303
    assert state(db, planned) == "published"


def test_guessing_it_soon_ends(press: Press, db: Session, planned: RunView) -> None:
    make_stale(db)
    address = f"/{DAY}/runs/{planned.id}/publish"
    tries = [press(address, confirm=f"wrong {number}").status_code for number in range(6)]
    assert tries == [403] * 5 + [429]
    assert press(address, confirm=PASSWORD).status_code == 429 and state(db, planned) == "done"


def test_looking_is_not_asked_for_it(desk: TestClient, scene: Scene, db: Session, planned: RunView) -> None:
    make_stale(db)
    assert desk.get(f"{scene.desk}/{DAY}/runs/{planned.id}/publish").status_code == 200


def test_programs_log_in_anew(desk: TestClient, scene: Scene, db: Session, planned: RunView) -> None:
    credentials = {"email": "priya@example.org", "password": PASSWORD}
    path = f"/v1/campaigns/{scene.campaign.slug}/runs/{planned.id}/publish"

    def publish() -> Any:
        token = desk.post("/v1/tokens", json=credentials).json()["token"]
        if stale:
            make_stale(db)
        return desk.post(path, headers={"Authorization": f"Bearer {token}"})

    stale = True
    refused = publish()
    assert refused.status_code == 403 and "Log in once more" in refused.json()["error"]["message"]
    stale = False
    assert publish().status_code == 200


@pytest.fixture
def export(app: FastAPI) -> str:
    """A route as exports will have it: a form with fields of its own."""
    router = APIRouter(prefix="/coordinate/{slug}/export-probe")

    @router.post("", dependencies=[needs(Right.EXPORT), CONFIRMED])
    def export(form: Posted, _: Staff) -> PlainTextResponse:
        return PlainTextResponse("|".join(str(value) for value in form.getlist("what")))

    app.include_router(router)
    return "/export-probe"


def test_nothing_that_was_typed_is_lost(desk: TestClient, press: Press, db: Session, export: str) -> None:
    make_stale(db)
    what = ["drivers & riders", '"><script>']
    asked = press(export, what=what)
    page = read(asked)
    assert [field["value"] for field in page.all("input", name="what")] == what
    fields = {"what": what, "csrf": page.hidden()["csrf"], "confirm": PASSWORD}
    done = desk.post(str(asked.url), data=fields)
    assert done.text == "|".join(what)


def test_the_service_does_not_start_with_an_export_that_asks_nobody(app: FastAPI) -> None:
    router = APIRouter(prefix="/coordinate/{slug}/careless")
    router.post("", dependencies=[needs(Right.EXPORT)])(lambda coordinator: None)
    assert undeclared(app) == []

    @router.post("/too", dependencies=[needs(Right.EXPORT)])
    def careless(_: Staff) -> None: ...

    @router.get("/look", dependencies=[needs(Right.EXPORT)])
    def look(_: Staff) -> None: ...

    @router.post("/no-right")
    def no_right(_: Staff) -> None: ...

    app.include_router(router)
    found = undeclared(app)
    assert "POST /coordinate/{slug}/careless/too" in found
    assert "POST /coordinate/{slug}/careless/no-right" in found
    assert "GET /coordinate/{slug}/careless/look" not in found
    assert auth.CONFIRM == "confirm"
