"""Who is at a call: one coordinator rings, the others are told; what came of it; and that it runs out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.services import ringing
from api.services.local import local, now
from api.store.session import open_session
from api.store.tables import AuditEntry, Coordinator, Membership, Message, Ringing
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Scene

DAY = world.DAY.isoformat()
TOO_LONG = timedelta(minutes=16)


@pytest.fixture
def other(app: FastAPI, scene: Scene, db: Session) -> TestClient:
    """The browser of Ann, who is a coordinator of the same campaign."""
    priya = db.get_one(Coordinator, scene.coordinator.id)
    ann = Coordinator(email="ann@example.org", name="Ann Lee", password_hash=priya.password_hash)
    db.add(ann)
    db.flush()
    db.add(Membership(campaign_id=scene.campaign.id, coordinator_id=ann.id, role="coordinator"))
    db.commit()
    return log_in(browser(app), "ann@example.org")


@pytest.fixture
def failed(scene: Scene, db: Session) -> list[Message]:
    """Two messages that did not arrive; the one to Nell is the newer one."""
    for name in ("Olga", "Nell"):
        world.add_offer(db, scene.campaign, confirmed=False, name=name)
    found = list(db.exec(select(Message).order_by(col(Message.created_at))).all())
    for number, message in enumerate(found):
        message.state, message.created_at = "failed", now() - timedelta(hours=2 - number)
    db.commit()
    return found


def listed(client: TestClient, scene: Scene) -> Page:
    return read(client.get(f"{scene.desk}/{DAY}/messages"))


def press(client: TestClient, scene: Scene, message: Message, how: str = "") -> Response:
    """Ring, or say what came of it."""
    path = f"messages/{message.id}/{'rung' if how else 'ring'}"
    answer: Response = client.post(
        f"{scene.desk}/{DAY}/{path}", data=listed(client, scene).hidden() | {"how": how}
    )
    return answer


def names(page: Page) -> list[str]:
    return [word for word in page.text.split() if word in ("Olga", "Nell")]


def entries(db: Session) -> list[str]:
    """What was recorded of numbers and calls, but not what was refused."""
    db.expire_all()
    found = db.exec(select(AuditEntry.what).order_by(col(AuditEntry.id))).all()
    return [what for what in found if what.startswith(("rung", "number"))]


def test_the_second_is_told_who_rings_and_since_when(
    desk: TestClient, other: TestClient, scene: Scene, db: Session, failed: list[Message]
) -> None:
    page = read(press(desk, scene, failed[0]))
    assert "Ring Olga" in page.text and "Our message came back" in page.text
    assert [own["href"] for own in page.all("a") if own.get("href", "").startswith("tel:")]
    assert entries(db) == ["number looked at"]
    since = local(db.exec(select(Ringing)).one().since or now())
    answer = press(other, scene, failed[0])
    assert answer.status_code == HTTPStatus.CONFLICT
    assert f"Priya Shah is ringing them since {since:%H:%M}" in read(answer).text
    assert "tel:" not in answer.text and entries(db) == ["number looked at"]
    shown = listed(other, scene)
    assert f"Priya Shah is ringing since {since:%H:%M}" in shown.text
    rings = [own["action"] for own in shown.all("form") if own["action"].endswith("/ring")]
    assert rings == [f"{scene.desk}/{DAY}/messages/{failed[1].id}/ring"], "nobody rings Nell"
    assert "Go on ringing" in listed(desk, scene).text


def test_it_runs_out_and_the_first_is_told(
    desk: TestClient, other: TestClient, scene: Scene, db: Session, failed: list[Message]
) -> None:
    press(desk, scene, failed[0])
    row = db.exec(select(Ringing)).one()
    row.since = now() - TOO_LONG
    db.commit()
    assert "is ringing since" not in listed(other, scene).text
    assert press(other, scene, failed[0]).status_code == HTTPStatus.OK
    answer = press(desk, scene, failed[0], "no_answer")
    assert answer.status_code == HTTPStatus.CONFLICT and "Ann Lee is ringing them since" in read(answer).text
    db.expire_all()
    assert db.exec(select(Ringing)).one().since is not None, "Ann still rings"


def test_told_marks_the_message_and_says_by_whom(
    desk: TestClient, other: TestClient, scene: Scene, db: Session, failed: list[Message]
) -> None:
    press(desk, scene, failed[0])
    answer = press(desk, scene, failed[0], "told")
    assert answer.headers["location"] == f"{scene.desk}/{DAY}/messages?state=ring"
    db.expire_all()
    told = db.get_one(Message, failed[0].id)
    assert (told.state, told.told_by, told.told_how) == ("sent", scene.coordinator.id, "call")
    assert "Priya Shah rang them" in listed(other, scene).text
    assert press(other, scene, failed[0], "told").status_code == HTTPStatus.CONFLICT
    assert press(other, scene, failed[0]).status_code == HTTPStatus.CONFLICT
    assert entries(db) == ["number looked at", "rung"]


def test_no_answer_goes_to_the_end_with_the_time(
    desk: TestClient, other: TestClient, scene: Scene, db: Session, failed: list[Message]
) -> None:
    assert names(listed(desk, scene)) == ["Nell", "Olga"]
    press(desk, scene, failed[1])
    press(desk, scene, failed[1], "no_answer")
    page = listed(other, scene)
    assert names(page) == ["Olga", "Nell"] and "no answer" in page.text and "is ringing" not in page.text
    assert press(desk, scene, failed[1], "no_answer").status_code == HTTPStatus.CONFLICT, "a second press"
    db.expire_all()
    assert db.exec(select(Ringing)).one().tries == 1
    assert db.get_one(Message, failed[1].id).state == "failed"
    assert press(other, scene, failed[1]).status_code == HTTPStatus.OK, "free again"
    assert entries(db) == ["number looked at", "rung without an answer", "number looked at"]


def test_a_wrong_number_says_so_on_the_list_and_to_who_rings_next(
    desk: TestClient, other: TestClient, scene: Scene, db: Session, failed: list[Message]
) -> None:
    press(desk, scene, failed[0])
    press(desk, scene, failed[0], "wrong_number")
    assert "wrong number" in listed(other, scene).text
    assert "wrong number" in read(press(other, scene, failed[0])).text
    assert "rung at a wrong number" in entries(db)


def test_the_list_of_numbers_leaves_out_whom_somebody_else_rings(
    desk: TestClient, other: TestClient, scene: Scene, db: Session, failed: list[Message]
) -> None:
    for message in failed:
        message.state = "call"
    db.commit()
    press(desk, scene, failed[0])
    numbers = f"{scene.desk}/{DAY}/calls"
    page = read(other.post(numbers, data=listed(other, scene).hidden()))
    assert "Olga" not in page.text and "another coordinator is ringing that person now" in page.text


def test_of_two_who_begin_at_one_moment_one_rings(
    engine: Engine, scene: Scene, db: Session, other: TestClient, failed: list[Message]
) -> None:
    """The second waits for the first one's transaction, and then finds the row taken."""
    person = failed[0].person_id
    assert person is not None
    everybody = [one.id for one in db.exec(select(Coordinator).order_by(Coordinator.name)).all()]

    def begin(one: Session, who: int) -> set[object]:
        return set(ringing.take(one, {person}, one.get_one(Coordinator, everybody[who])))

    with open_session(engine) as first, open_session(engine) as second, ThreadPoolExecutor(1) as pool:
        assert begin(first, 0) == {person}
        waiting = pool.submit(begin, second, 1)
        first.commit()
        assert waiting.result(timeout=60) == set()
        second.commit()


def test_words_that_nobody_offers_change_nothing(
    desk: TestClient, scene: Scene, db: Session, failed: list[Message]
) -> None:
    press(desk, scene, failed[0])
    assert press(desk, scene, failed[0], "drop").status_code == HTTPStatus.NOT_FOUND
    db.expire_all()
    assert db.exec(select(Ringing)).one().since is not None
