"""A coordinator's day: figures, match, progress, plan, publish, messages; two at once are told of each other."""

from fastapi import FastAPI
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.messages.letters import KINDS
from api.pages.coordinators import wording
from api.services import matching, outbox, publishing
from api.services.views import RunView
from api.store.tables import Lift, Message, Run
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Scene

DAY = f"/{world.DAY}"


def look(desk: TestClient, scene: Scene, page: str = "") -> Page:
    """A page of the day, the day at a glance if none is named."""
    return read(desk.get(f"{scene.desk}{DAY}{page}"))


def test_a_day_shows_its_figures(desk: TestClient, scene: Scene, db: Session) -> None:
    world.add_offer(db, scene.campaign, seats=3)
    world.add_offer(db, scene.campaign, confirmed=False)
    db.commit()
    text = look(desk, scene).text
    assert "drivers confirmed, of 2 1" in text and "free seats 3" in text
    assert "people wanted, events: 2 40" in text


def test_a_day_without_events_cannot_be_matched(desk: TestClient, scene: Scene) -> None:
    page = read(desk.get(f"{scene.desk}/2001-01-01/match"))
    assert "There is no event on this day." in page.text and not page.all("select", name="seconds")
    assert desk.get(f"{scene.desk}/yesterday").status_code == 404


def test_a_run_is_started_watched_and_stopped(
    desk: TestClient, press: Press, scene: Scene, db: Session
) -> None:
    assert press(f"{DAY}/match", seconds="30").headers["location"] == f"{scene.desk}{DAY}/match"
    run = db.exec(select(Run)).one()
    assert (run.state, run.seconds) == ("queued", 30)
    page = look(desk, scene, "/match")
    assert "Waiting to begin" in page.text and not page.all("select", name="seconds")
    assert page.all("meta", content="2")
    matching.begin(db, run.id)
    matching.note_progress(db, run.id, {"phase": "search", "score": 2.0, "bound": 2.1, "gap": 0.0476})
    db.commit()
    assert (
        "No plan can score more than 5.0 % better than the best plan so far."
        in look(desk, scene, "/match").text
    )
    press(f"{DAY}/runs/{run.id}/stop")
    assert "Stopping" in look(desk, scene, "/match").text


def test_a_second_run_waits_for_the_first(press: Press, db: Session) -> None:
    press(f"{DAY}/match", seconds="30")
    answer = press(f"{DAY}/match", seconds="30")
    assert answer.status_code == 409
    assert "going already" in read(answer).text
    assert len(db.exec(select(Run)).all()) == 1


def test_seconds_that_are_none_are_refused(press: Press, db: Session) -> None:
    for typed in ("", "soon", "-1", "999999"):
        assert press(f"{DAY}/match", seconds=typed).status_code == 422
    assert db.exec(select(Run)).all() == []


def test_a_finished_run_shows_its_plan_and_who_is_left(
    desk: TestClient, scene: Scene, planned: RunView
) -> None:
    text = look(desk, scene, "/match").text
    assert "It brings 2 people" in text and "Proven best possible" in text
    text = look(desk, scene, f"/runs/{planned.id}").text
    assert "Dora" in text and "Rafi (WF2" in text
    text += look(desk, scene, f"/runs/{planned.id}/left").text
    assert "Faye , TR18" in text and "No event in reach 1" in text
    assert "@example.org" not in text and "07700" not in text
    assert "WF2 8AA" not in text


def test_the_day_at_a_glance_says_how_far_the_matching_is(
    desk: TestClient, press: Press, scene: Scene, db: Session
) -> None:
    assert "Nobody has been matched yet." in look(desk, scene).text
    press(f"{DAY}/match", seconds="30")
    assert "A run is going." in look(desk, scene).text
    run = db.exec(select(Run)).one()
    matching.fail(db, run.id, "The solver ran out of memory.")
    db.commit()
    assert "The last run did not work." in look(desk, scene).text


def test_each_page_of_a_day_says_where_one_is(desk: TestClient, scene: Scene) -> None:
    for path, words in (
        ("", "At a glance"),
        ("/match", "Match"),
        ("/people", "People"),
        ("/messages", "Messages"),
    ):
        page = look(desk, scene, path)
        (here,) = page.all("a", **{"aria-current": "page"})
        assert here["href"] == f"{scene.desk}{DAY}{path}"
        assert words in page.text


def test_publishing_says_first_what_will_happen(
    desk: TestClient, press: Press, scene: Scene, db: Session, planned: RunView
) -> None:
    page = read(desk.get(f"{scene.desk}{DAY}/runs/{planned.id}/publish"))
    assert "lifts will stand 1" in page.text and "Publish and send 3 messages" in page.text
    assert db.exec(select(Lift)).all() == []
    press(f"{DAY}/runs/{planned.id}/publish")
    assert len(db.exec(select(Lift)).all()) == 1
    page = look(desk, scene, "/match")
    assert "This plan is published" in page.text and "By Priya Shah" in page.text
    assert desk.get(f"{scene.desk}{DAY}/runs/{planned.id}/publish").status_code == 303


def test_whoever_publishes_second_is_told_who_was_first(
    app: FastAPI, press: Press, scene: Scene, db: Session, planned: RunView
) -> None:
    publishing.publish(db, scene.campaign, planned.id, scene.coordinator)
    db.commit()
    answer = press(f"{DAY}/runs/{planned.id}/publish")
    assert answer.status_code == 409
    assert "Priya Shah" in read(answer).text
    assert len(db.exec(select(Lift)).all()) == 1
    assert log_in(browser(app), "priya@example.org").get(f"{scene.desk}{DAY}").status_code == 200


def test_a_run_of_another_campaign_is_not_there(
    press: Press, desk: TestClient, scene: Scene, db: Session, planned: RunView
) -> None:
    other = world.add_campaign(db, scene.coordinator, "Another")
    db.commit()
    base = f"/coordinate/{other.slug}{DAY}/runs/{planned.id}"
    token = read(desk.get(scene.desk)).hidden()["csrf"]
    assert desk.get(f"{base}/publish").status_code == 404
    for action in ("publish", "stop"):
        assert desk.post(f"{base}/{action}", data={"csrf": token}).status_code == 404
    assert db.exec(select(Lift)).all() == []


def test_a_run_that_failed_says_why(desk: TestClient, scene: Scene, db: Session) -> None:
    run = matching.start(db, scene.campaign, world.DAY, scene.coordinator)
    matching.fail(db, run.id, "The solver ran out of memory.")
    db.commit()
    text = look(desk, scene, "/match").text
    assert "The run did not work" in text and "ran out of memory" in text and "Match again" in text


def test_failed_messages_come_first(desk: TestClient, scene: Scene, db: Session) -> None:
    world.add_offer(db, scene.campaign)
    world.add_offer(db, scene.campaign, confirmed=False, name="Mo Missing")
    message = db.exec(select(Message).where(Message.state == "created")).one()
    outbox.claim(db, message.id)
    outbox.failed(db, message.id, "550 no such mailbox", final=True)
    db.commit()
    text = look(desk, scene, "/messages").text
    assert "One message did not arrive" in text
    assert text.index("Mo Missing") < text.index("Other messages, the newest first")
    assert "550 no such mailbox" in text and "Please confirm your address" in text


def test_texts_that_a_limit_keeps_back_or_that_may_have_arrived_are_in_plain_sight(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    for name in ("Helen Held", "Una Unsure"):
        world.add_offer(db, scene.campaign, confirmed=False, name=name, reach="text", email="")
    one, two = db.exec(select(Message).order_by(col(Message.created_at))).all()
    db.add(one.sqlmodel_update({"state": "held", "error": "The limit is reached."}))
    db.add(two.sqlmodel_update({"state": "unsure", "error": "It broke off."}))
    db.commit()
    text = look(desk, scene, "/messages").text
    assert "One message waits: a daily limit is reached" in text and "One message did not arrive" in text
    assert "kept back by a limit The limit is reached." in text and "may have arrived It broke off." in text
    assert text.count("by text") == 2 and "please ring" in text


def test_every_kind_of_message_has_a_name_for_coordinators() -> None:
    assert set(wording.MESSAGE_KINDS) == set(KINDS)
