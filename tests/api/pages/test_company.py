"""Travel with a friend, and never with somebody: on the private page and on the coordinator's page of the day."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select, text
from starlette.testclient import TestClient

from api import limits
from api.services import matching, people
from api.services.friends import NOT_KNOWN
from api.services.login import add_coordinator
from api.store.tables import AuditEntry, Avoidance, Friend, FriendWord, Offer, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Scene
from tests.api.pages.test_lifts import get_in, my

Two = tuple[TestClient, TestClient]
SAID = "Dora Driver,\r\nmy neighbour <b>in</b> Wakefield"


@pytest.fixture
def offer(db: Session, scene: Scene) -> Offer:
    return world.add_offer(db, scene.campaign, confirmed=False)


@pytest.fixture
def request_(db: Session, scene: Scene) -> Request:
    return world.add_request(db, scene.campaign, confirmed=False)


@pytest.fixture
def both(app: FastAPI, db: Session, offer: Offer, request_: Request) -> Two:
    return get_in(app, db, offer), get_in(app, db, request_)


def send(client: TestClient, address: str, **fields: Any) -> Any:
    token = read(client.get("/my")).hidden()["csrf"]
    return client.post(address, data={"csrf": token, **fields})


def word_on(page: Page) -> str:
    return page.text.partition("Your word ")[2].split()[0]


def test_a_word_given_and_typed_makes_friends_and_a_button_parts_them(
    db: Session, scene: Scene, both: Two
) -> None:
    driver, rider = both
    assert "/my/friends" in [own.get("href") for own in my(driver).all("a")]
    word = word_on(read(send(driver, "/my/friends/word")))
    assert word not in driver.get("/my/friends").text
    assert send(rider, "/my/friends/join", word=word).headers["location"] == "/my/friends"
    assert "You and Dora" in read(rider.get("/my/friends")).text
    assert "You travel together with Rafi." in my(driver).text
    assert len(matching.build_instance(db, scene.campaign, world.DAY).together) == 1
    db.rollback()
    for _ in range(2):
        assert send(rider, "/my/friends/leave").headers["location"] == "/my/friends"
    assert "You travel together" not in my(driver).text + my(rider).text
    assert matching.build_instance(db, scene.campaign, world.DAY).together == ()


def test_a_wrong_word_and_that_of_somebody_who_is_gone_look_the_same(
    db: Session, both: Two, offer: Offer
) -> None:
    driver, rider = both
    word = word_on(read(send(driver, "/my/friends/word")))
    people.erase(db, world.person_of(db, offer))
    db.commit()
    answers = []
    for typed in (word, "BCDFG-HJKMN"):
        answer = send(rider, "/my/friends/join", word=typed)
        page = read(answer)
        assert answer.status_code == 422 and NOT_KNOWN in page.text and page.value("word") == typed
        answers.append(re.sub(r'name="csrf" value="[^"]+"', "", answer.text.replace(typed, "")))
    assert answers[0] == answers[1]
    assert db.exec(select(Friend)).all() == [] and db.exec(select(FriendWord)).all() == []


def test_words_cannot_be_tried_without_end(both: Two) -> None:
    answers = [send(both[1], "/my/friends/join", word="x").status_code for _ in range(21)]
    assert answers == [422] * limits.FRIENDS.most + [429]


def test_loading_the_pages_changes_nothing_and_who_has_cancelled_shares_no_car(
    db: Session, both: Two, offer: Offer
) -> None:
    driver, rider = both
    for address in ("/my/friends", "/my/never-with", "/my/never-with/noted"):
        assert read(driver.get(address))
        assert browser(driver.app).get(address).headers["location"] == "/open"  # type: ignore[arg-type]
    assert db.exec(select(FriendWord)).all() == [] and db.exec(select(Avoidance)).all() == []
    word = word_on(read(send(driver, "/my/friends/word")))
    send(driver, "/my/cancel")
    assert "no car to share" in read(driver.get("/my/friends")).text
    assert send(driver, "/my/friends/word").headers["location"] == "/my"
    assert send(driver, "/my/friends/join", word=word).headers["location"] == "/my"
    assert send(rider, "/my/friends/join", word=word).status_code == 422


def note(client: TestClient, said: str) -> Any:
    return send(client, "/my/never-with", said=said)


def test_the_answer_to_a_note_is_the_same_whatever_the_name(db: Session, both: Two) -> None:
    _, rider = both
    answers = set()
    for said in (SAID, "Nobody Whoever"):
        answer = note(rider, said)
        page = rider.get(answer.headers["location"]).text
        answers.add((answer.status_code, answer.headers["location"], page))
    assert len(answers) == 1
    assert "Dora" not in my(rider).text and "neighbour" not in my(rider).text
    empty = note(rider, " \n ")
    assert empty.status_code == 422 and "Write who it is" in read(empty).text
    assert len(db.exec(select(Avoidance)).all()) == 2


def test_notes_cannot_be_written_without_end(both: Two) -> None:
    answers = [note(both[1], "x").status_code for _ in range(12)]
    assert answers[:10] == [303] * 10 and set(answers[10:]) == {429}


def day_of(desk: TestClient, scene: Scene) -> Page:
    return read(desk.get(f"{scene.desk}/{world.DAY}"))


def press(desk: TestClient, scene: Scene, address: str, **fields: Any) -> Any:
    return desk.post(address, data={"csrf": day_of(desk, scene).hidden()["csrf"], **fields})


def audited(db: Session) -> list[str]:
    db.rollback()
    return [entry.what for entry in db.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()]


def test_a_coordinator_reads_a_note_by_a_press_and_keeps_two_people_apart(
    db: Session, scene: Scene, both: Two, offer: Offer, request_: Request, desk: TestClient
) -> None:
    note(both[1], SAID)
    page = day_of(desk, scene)
    assert "One person must not travel with somebody" in page.text and "neighbour" not in page.text
    (form,) = [own for own in page.all("form") if "/notes/" in own["action"]]
    before = len(audited(db))
    for looks in (1, 2):
        answer = press(desk, scene, form["action"])
        assert answer.status_code == 200
        assert audited(db)[before:] == ["never-with note read"] * looks
    page = read(answer)
    assert "my neighbour <b>in</b> Wakefield" in page.text and not page.all("b")
    assert "Dora Driver" in page.text and page.all("input", name="who", value=str(offer.person_id))
    assert "@example.org" not in page.text and "07700" not in page.text
    nobody = press(desk, scene, f"{form['action']}/apart")
    assert nobody.status_code == 422 and "Choose whom it means" in read(nobody).text
    done = press(desk, scene, f"{form['action']}/apart", who=str(offer.person_id))
    assert done.headers["location"] == f"{scene.desk}/{world.DAY}"
    assert audited(db)[-1] == "people kept apart"
    (pair,) = matching.build_instance(db, scene.campaign, world.DAY).apart
    assert set(pair) == {str(offer.id), str(request_.id)}
    assert "must not travel" not in day_of(desk, scene).text
    (kept,) = db.exec(select(Avoidance)).all()
    assert kept.said == "" and kept.closed_at is not None
    assert press(desk, scene, form["action"]).status_code == 409


def test_somebody_whom_the_note_does_not_name_is_looked_for(
    db: Session, scene: Scene, both: Two, offer: Offer, desk: TestClient
) -> None:
    note(both[1], "the woman with the blue car")
    (form,) = [own for own in day_of(desk, scene).all("form") if "/notes/" in own["action"]]
    assert "Nobody of this day has a name that stands in it." in read(press(desk, scene, form["action"])).text
    email = world.person_of(db, offer).email
    for wanted in ("driver", offer.reference.lower(), email.upper()):
        page = read(press(desk, scene, form["action"], wanted=wanted))
        assert [own["value"] for own in page.all("input", name="who")] == [str(offer.person_id)], wanted
    # Nobody is kept apart from themselves.
    own_name = read(press(desk, scene, form["action"], wanted="Rafi"))
    assert "Nobody of this day fits." in own_name.text
    press(desk, scene, f"{form['action']}/close")
    assert "must not travel" not in day_of(desk, scene).text
    assert matching.build_instance(db, scene.campaign, world.DAY).apart == ()
    assert audited(db)[-1] == "never-with note closed"


def test_a_note_of_another_campaign_is_not_there(
    app: FastAPI, db: Session, scene: Scene, both: Two, offer: Offer, desk: TestClient
) -> None:
    note(both[1], SAID)
    (form,) = [own for own in day_of(desk, scene).all("form") if "/notes/" in own["action"]]
    other = world.add_campaign(db, scene.coordinator, "Another")
    db.commit()
    elsewhere = form["action"].replace(scene.campaign.slug, other.slug, 1)
    for action in ("", "/apart", "/close"):
        answer = press(desk, scene, elsewhere + action, who=str(offer.person_id))
        assert answer.status_code == 409 and "neighbour" not in answer.text
        assert browser(app).post(form["action"] + action).status_code in (303, 403)
    add_coordinator(db, "stranger@example.org", "A Stranger", "a long enough password")
    db.commit()
    stranger = log_in(browser(app), "stranger@example.org")
    token = read(stranger.get("/coordinate")).hidden()["csrf"]
    assert stranger.post(form["action"], data={"csrf": token}).status_code == 404


def test_erasing_takes_words_groups_and_notes_along_and_nobodys_page_breaks(
    db: Session, scene: Scene, both: Two, offer: Offer, request_: Request, desk: TestClient
) -> None:
    driver, rider = both
    word = word_on(read(send(rider, "/my/friends/word")))
    send(driver, "/my/friends/join", word=word)
    note(rider, "Zebedee Quagmire")
    person_id = str(request_.person_id)
    send(rider, "/my/erase")
    db.rollback()
    assert db.exec(select(FriendWord)).all() == [] and db.exec(select(Avoidance)).all() == []
    assert [one.person_id for one in db.exec(select(Friend)).all()] == [offer.person_id]
    found = (
        db.connection().execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
    )
    for table in found.all():
        rows = db.connection().execute(text(f'SELECT t::text FROM "{table}" t')).scalars().all()  # noqa: S608
        for trace in ("Quagmire", *(() if table == "erased" else (person_id,))):
            assert not any(trace in row for row in rows), (table, trace)
    assert "You travel together" not in my(driver).text and read(driver.get("/my/friends"))
    assert "must not travel" not in day_of(desk, scene).text
    assert send(driver, "/my/friends/leave").status_code == 303
