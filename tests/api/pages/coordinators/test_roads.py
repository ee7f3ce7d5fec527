"""What a coordinator reads of road times: how much is by road, how much is estimated, and why."""

from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import matching
from api.services.views import RunView
from api.settings import Settings
from api.settings import settings as read_settings
from api.store.tables import Run
from tests.api import world
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene
from tests.osrm import Osrm, by_road, roads

__all__ = ["by_road", "roads"]
DAY = f"/{world.DAY}"


def shown(desk: TestClient, scene: Scene, db: Session, told: dict[str, Any] | None) -> str:
    db.exec(select(Run)).one().roads = told
    db.commit()
    return read(desk.get(f"{scene.desk}{DAY}/match")).text


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ((376, 376, 0, ""), "All 376 drives that a plan may need have road times."),
        ((1200, 600, 0, "late"), "600 of 1,200 drives that a plan may need (50 %) have road times. The other 600 are"),
        ((1200, 600, 0, "late"), "because there was no more time to ask. The next run asks for the rest."),
        ((1200, 1199, 0, ""), "(99 %) have road times. The other one is estimated"),
        ((1200, 1, 0, "stopped"), "(less than 1 %) have road times."),
        ((1200, 1, 0, "stopped"), "because you stopped the run before all were asked for."),
        ((10, 5, 0, ""), "because the server of road times does not know the roads there."),
        ((376, 0, 0, "down"), "No road times: all driving times are estimated"),
        ((376, 0, 0, "down"), "Tell the operator, and run again when it is back."),
        ((100, 100, 0, "many"), "The 100 most important drives have road times. All others are estimated"),
        ((376, 376, 2, ""), "For 2 of those with road times there is no way by road, and no car is sent there."),
        ((376, 376, 1, ""), "For one of those with road times there is no way by road"),
    ],
)  # fmt: skip
def test_the_run_says_how_much_is_by_road(
    desk: TestClient, scene: Scene, db: Session, planned: RunView, told: tuple[int, int, int, str], words: str
) -> None:
    names = ("wanted", "known", "no_way", "why")
    assert words in shown(desk, scene, db, dict(zip(names, told, strict=True)))


def test_without_a_server_or_drives_nothing_is_said(
    desk: TestClient, scene: Scene, db: Session, planned: RunView
) -> None:
    nothing = {"wanted": 0, "known": 0, "no_way": 0, "why": ""}
    for told in (None, nothing):
        assert "road times" not in shown(desk, scene, db, told)


def test_while_the_server_is_asked_the_page_says_so(
    desk: TestClient, press: Press, scene: Scene, db: Session
) -> None:
    press(f"{DAY}/match", seconds="30")
    run = db.exec(select(Run)).one()
    matching.begin(db, run.id)
    matching.note_progress(db, run.id, {"phase": "road times", "part": 0.4})
    db.commit()
    page = read(desk.get(f"{scene.desk}{DAY}/match")).text
    assert "Looking up road times" in page and "Stop now" in page
    matching.note_progress(
        db, run.id, {"phase": "search", "seconds": 0.5, "score": 1.0, "bound": 2.0, "gap": 0.5}
    )
    db.commit()
    assert "Searching for the best plan" in read(desk.get(f"{scene.desk}{DAY}/match")).text


def test_the_privacy_page_names_who_is_asked(client: TestClient, by_road: Osrm) -> None:
    page = read(client.get("/privacy")).text
    assert "asks a routing server, 127.0.0.1" in page and "some hundred metres" in page


def test_without_a_server_the_privacy_page_names_none(client: TestClient) -> None:
    assert "routing server" not in read(client.get("/privacy")).text


def test_only_an_address_of_the_web_is_a_server() -> None:
    with pytest.raises(ValueError, match="CARPOOL_OSRM_URL must be the http"):
        Settings(osrm_url="osrm:5000")
    assert Settings(osrm_url="http://osrm:5000").osrm_url and Settings(osrm_url="").osrm_url == ""
    assert read_settings().osrm_url is None
