"""Before a run its settings in words, and what is said of one while it goes or when its worker is gone."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select, update
from starlette.testclient import TestClient

from api.services import matching
from api.services.local import now
from api.store.tables import Run
from tests.api import world
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Pair, Scene, pair

__all__ = ["pair"]
DAY = f"/{world.DAY}"


def look(desk: TestClient, scene: Scene, page: str = "/match") -> Page:
    return read(desk.get(f"{scene.desk}{DAY}{page}"))


def test_the_campaigns_own_worth_is_chosen_at_first(desk: TestClient, scene: Scene, db: Session) -> None:
    page = look(desk, scene)
    assert page.checked("minutes_per_volunteer") == ["1000"]
    assert "One more person is worth up to 16 hours 40 minutes of driving." in page.text
    assert page.checked("change_penalty") == [], "nothing is published that could stay"
    scene.campaign.minutes_per_volunteer = 300.0
    db.add(scene.campaign)
    db.commit()
    assert look(desk, scene).checked("minutes_per_volunteer") == ["300"]
    scene.campaign.minutes_per_volunteer = 90.0
    db.commit()
    page = look(desk, scene)
    assert page.checked("minutes_per_volunteer") == ["90"]
    assert "As the rules of your campaign say" in page.text


def test_what_is_published_may_be_kept_more_or_less(
    desk: TestClient, press: Press, scene: Scene, db: Session, pair: Pair
) -> None:
    page = look(desk, scene)
    assert page.checked("change_penalty") == ["3"]
    sent = {"seconds": "30", "minutes_per_volunteer": "own", "own_minutes": "1,234.5", "change_penalty": "20"}
    assert press(f"{DAY}/match", **sent).status_code == 303
    run = db.exec(select(Run).where(Run.state == "queued")).one()
    assert (run.seconds, run.minutes_per_volunteer, run.change_penalty) == (30, 1234.5, 20)
    text = look(desk, scene).text
    assert "One more person is worth up to 20 hours 34 minutes of driving." in text
    assert "For each person who is told something else, 20 more people must come." in text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("own_minutes", "", "Type a number of minutes above 0"),
        ("own_minutes", "a lot", "Type a number of minutes above 0"),
        ("own_minutes", "0", "Type a number of minutes above 0"),
        ("own_minutes", "1e999", "Type a number of minutes above 0"),
        ("own_minutes", "nan", "Type a number of minutes above 0"),
        ("seconds", "99999", "Choose from 1 to 3600 seconds"),
        ("change_penalty", "-3", "Choose how much of what is published should stay"),
    ],
)
def test_odd_settings_are_refused_and_nothing_typed_is_lost(
    press: Press, db: Session, pair: Pair, field: str, typed: str, words: str
) -> None:
    sent = {"seconds": "30", "minutes_per_volunteer": "own", "own_minutes": "70", "change_penalty": "3"}
    answer = press(f"{DAY}/match", **(sent | {field: typed}))
    page = read(answer)
    assert answer.status_code == 422 and words in page.text
    assert page.value("own_minutes") == (typed if field == "own_minutes" else "70")
    assert page.checked("minutes_per_volunteer") == ["own"]
    assert db.exec(select(Run).where(Run.state == "queued")).all() == []


def test_a_run_whose_worker_is_gone_says_so_and_who_takes_it_up(
    desk: TestClient, press: Press, scene: Scene, db: Session
) -> None:
    press(f"{DAY}/match", seconds="30")
    run = db.exec(select(Run)).one()
    matching.begin(db, run.id)
    matching.note_progress(db, run.id, {"seconds": 1.0, "score": 2.0, "bound": 2.1, "gap": 0.05})
    db.commit()
    assert "has said nothing" not in look(desk, scene).text
    db.exec(update(Run).values(noted_at=now() - timedelta(seconds=25)))
    db.commit()
    text = look(desk, scene).text
    assert "The worker that is at it has said nothing for 25 seconds." in text
    assert "Nothing is lost, and you need not do anything." in text
    matching.begin(db, run.id)
    db.commit()
    text = look(desk, scene).text
    assert "The worker that was at it is gone. Another has begun again with the same people." in text


def test_a_run_shows_its_curve_without_scripts(
    desk: TestClient, press: Press, scene: Scene, db: Session
) -> None:
    press(f"{DAY}/match", seconds="30")
    run = db.exec(select(Run)).one()
    assert not look(desk, scene).all("svg")
    matching.begin(db, run.id)
    for seconds, score, bound in ((0.1, 0.0, 12.0), (1.0, 8.0, 11.0), (2.0, 10.0, 10.5)):
        told = {"seconds": seconds, "score": score, "bound": bound, "gap": (bound - score) / bound}
        matching.note_progress(db, run.id, told)
    db.commit()
    page = look(desk, scene)
    assert len(page.classes("plan-line")) == len(page.classes("bound-line")) == 2
    assert "10.0 of at most 10.5 points" in page.text
    (narrow, _) = [one for one in page.all("svg") if one.get("role") == "img"]
    assert narrow["aria-label"] == "No plan can score more than 5.0 % better than the best plan so far."
    assert "After Plan At most 1 second 0 12.0" in page.text
