"""Pages of runs: each its own, all in a list, two side by side."""

from uuid import UUID

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.services import foreseen, matching, plans, publishing
from api.services.views import RunView
from tests.api import world
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Scene, match

DAY = f"/{world.DAY}"


def look(desk: TestClient, scene: Scene, page: str) -> Page:
    return read(desk.get(f"{scene.desk}{DAY}{page}"))


@pytest.fixture
def second(db: Session, scene: Scene, planned: RunView) -> RunView:
    """A run after the first one, with one more driver and rider."""
    world.add_offer(db, scene.campaign, name="Dai Driver", postcode="WF1 2BB")
    world.add_request(db, scene.campaign, name="Rita Rider")
    return match(db, scene)


def test_all_runs_are_kept_and_listed_newest_first(
    desk: TestClient, scene: Scene, db: Session, planned: RunView, second: RunView
) -> None:
    failed = matching.start(db, scene.campaign, world.DAY, scene.coordinator)
    matching.fail(db, failed.id, "The solver was killed, perhaps because memory ran short.")
    db.commit()
    page = look(desk, scene, "/match")
    runs = [one["href"].rpartition("/")[2] for one in page.all("a", class_="name") if "/runs/" in one["href"]]
    assert runs == [str(failed.id), str(second.id), str(planned.id)]
    assert "did not work" in page.text and "plan ready" in page.text
    assert "10 seconds at most, a person is worth 16 hours 40 minutes of driving" in page.text
    text = look(desk, scene, f"/runs/{failed.id}").text
    assert "The run did not work" in text and "was killed, perhaps because memory ran short" in text
    assert "Who drives whom" not in text


def test_looking_at_a_plan_does_not_ask_what_publishing_would_do(
    desk: TestClient, scene: Scene, planned: RunView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("this takes seconds where many people sign up")

    for module, name in (
        (publishing, "preview"),
        (publishing, "unfit"),
        (foreseen, "foresee"),
        (plans, "plan"),
    ):
        monkeypatch.setattr(module, name, refuse)
    monkeypatch.setattr(matching, "instance_and_plan", refuse)
    for path in ("/match", f"/runs/{planned.id}", f"/runs/{planned.id}/left"):
        assert desk.get(f"{scene.desk}{DAY}{path}").status_code == 200


def test_a_plan_can_be_searched_and_narrowed_to_an_event(
    desk: TestClient, scene: Scene, planned: RunView, second: RunView
) -> None:
    here = f"/runs/{second.id}"
    assert "Dai" in look(desk, scene, f"{here}?q=dai").text
    page = look(desk, scene, f"{here}?q=Zoe")
    assert "No car with “Zoe” in it" in page.text and page.value("q") == "Zoe"
    assert "Nobody travels here" in look(desk, scene, f"{here}?event={UUID(int=7)}").text
    left = look(desk, scene, f"{here}/left?reason=no_event_in_reach&q=faye")
    assert "Faye , TR18" in left.text and left.hidden()["reason"] == "no_event_in_reach"


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=99999999999999999999", "page=x", "event=x", "q=%00", "q=%27"]
)
def test_nonsense_in_the_address_is_harmless(
    desk: TestClient, scene: Scene, planned: RunView, query: str
) -> None:
    for path in (f"/runs/{planned.id}", f"/runs/{planned.id}/left", "/compare"):
        assert desk.get(f"{scene.desk}{DAY}{path}?{query}").status_code == 200


def test_two_runs_side_by_side(desk: TestClient, scene: Scene, planned: RunView, second: RunView) -> None:
    page = look(desk, scene, f"/compare?a={planned.id}&b={second.id}")
    assert "People 2 4 +2" in page.text or "People 2 3 +1" in page.text
    assert "Gain a lift" in page.text and "Dai , WF1" in page.text
    assert "not among those who were matched" in page.text
    back = look(desk, scene, f"/compare?a={second.id}&b={planned.id}&kind=loses")
    assert "Lose their lift" in back.text and "no lift any more" in back.text
    same = look(desk, scene, f"/compare?a={second.id}&b={second.id}")
    assert "Choose two different runs" in same.text


def test_one_run_cannot_be_compared(desk: TestClient, scene: Scene, planned: RunView) -> None:
    text = look(desk, scene, f"/compare?a={planned.id}&b={UUID(int=3)}").text
    assert "Two runs with a plan are needed to compare." in text


def test_runs_of_another_campaign_or_day_are_not_there(
    desk: TestClient, scene: Scene, db: Session, planned: RunView, press: Press
) -> None:
    other = world.add_campaign(db, scene.coordinator, "Another")
    db.commit()
    for page in ("", "/left", "/events", "/publish"):
        assert desk.get(f"/coordinate/{other.slug}{DAY}/runs/{planned.id}{page}").status_code == 404
        assert desk.get(f"{scene.desk}/{scene.next_day.day}/runs/{planned.id}{page}").status_code == 404
    text = read(desk.get(f"/coordinate/{other.slug}{DAY}/compare?a={planned.id}&b={planned.id}")).text
    assert "Two runs with a plan are needed" in text
