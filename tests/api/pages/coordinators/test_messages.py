"""The page of a day's messages: figures, whom to ring and why, who answered, filters, and what stands there when empty."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.pages.coordinators import wording, wording_of_messages
from api.services import day_messages, lifts
from api.services.local import now
from api.store.tables import Message
from tests.api import world
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Pair, Scene, pair

__all__ = ["pair"]
DAY = f"/{world.DAY}"
STATES = ("failed", "unsure", "held", "call", "stopped", "created", "sent", "dropped")


def look(desk: TestClient, scene: Scene, query: str = "") -> Page:
    return read(desk.get(f"{scene.desk}{DAY}/messages{query}"))


def fill(db: Session, scene: Scene) -> None:
    """One message in each state, named after it, the newest first in this order."""
    for number, state in enumerate(STATES):
        world.add_offer(db, scene.campaign, confirmed=False, name=f"{state.title()} Jones{number}")
    found = db.exec(select(Message).order_by(col(Message.created_at))).all()
    for number, (message, state) in enumerate(zip(found, STATES, strict=True)):
        message.state, message.created_at = state, now() - timedelta(hours=number)
    db.commit()


def names(page: Page) -> list[str]:
    return list(re.findall(r"(\w+) Jones\d", page.text))


def test_figures_come_first_and_lead_to_what_they_count(desk: TestClient, scene: Scene, db: Session) -> None:
    fill(db, scene)
    page = look(desk, scene)
    for words in wording_of_messages.GROUPS.values():
        assert f"1 {words}" in page.text
    for group, states in day_messages.GROUPS.items():
        (link,) = [own["href"] for own in page.all("a") if own.get("href", "").endswith(f"?state={group}")]
        assert urlsplit(link).path == f"{scene.desk}{DAY}/messages"
        assert {name.lower() for name in names(read(desk.get(link)))} == set(states) & set(STATES)


def test_whoever_may_not_know_comes_first_with_the_reason_and_what_to_say(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    fill(db, scene)
    page = look(desk, scene)
    assert names(page) == [state.title() for state in STATES]
    for words in wording_of_messages.WHY.values():
        assert words in page.text
    assert wording_of_messages.SAY["confirm"] in page.text
    assert names(look(desk, scene, "?state=ring")) == ["Failed", "Unsure", "Held", "Call"]
    assert "@" not in page.text and "07700" not in page.text


def test_the_list_is_narrowed_by_name_and_kind_in_the_address(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    fill(db, scene)
    page = look(desk, scene, "?q=held&kind=confirm")
    assert names(page) == ["Held"] and page.value("q") == "held"
    assert page.all("option", value="confirm")[0].get("selected") is not None
    assert "No message fits all of this." in look(desk, scene, "?q=%25").text
    assert names(look(desk, scene, "?kind=matched")) == []
    assert len(names(look(desk, scene, "?state=lost&kind=a'b&q=%00&page=99"))) == len(STATES)


def test_who_said_yes_no_or_nothing_is_counted(
    desk: TestClient, scene: Scene, db: Session, pair: Pair
) -> None:
    assert "0 said yes 2 have not answered 0 said no or cancelled" in look(desk, scene).text
    lifts.accept(db, world.person_of(db, pair[0]))
    db.commit()
    assert "1 said yes 1 have not answered 0 said no or cancelled" in look(desk, scene).text
    lifts.cancel(db, pair[1], world.person_of(db, pair[1]))
    db.commit()
    page = look(desk, scene)
    assert "1 said yes 0 have not answered 1 said no or cancelled" in page.text
    assert "Rafi" in look(desk, scene, "?kind=cancelled_by_you").text


def test_a_day_without_messages_says_what_will_stand_there(desk: TestClient, scene: Scene) -> None:
    text = look(desk, scene).text
    assert "None yet. People get one when they sign up" in text and "See what each message says" in text


def test_with_nobody_to_ring_it_says_so(desk: TestClient, scene: Scene, db: Session) -> None:
    world.add_offer(db, scene.campaign)
    db.commit()
    assert "There is nobody to ring." in look(desk, scene, "?state=ring").text


def test_each_kind_has_words_to_say() -> None:
    assert set(wording_of_messages.SAY) == set(wording.MESSAGE_KINDS)
    assert set(wording_of_messages.GROUPS) == set(day_messages.GROUPS)


def test_ringing_somebody_is_a_press_and_what_came_of_it_another(
    desk: TestClient, scene: Scene, db: Session, pair: Pair
) -> None:
    message = db.exec(
        select(Message).where(Message.person_id == pair[1].person_id, Message.kind == "matched")
    ).one()
    message.state = "failed"
    db.commit()
    page = look(desk, scene)
    (form,) = [own for own in page.all("form") if own.get("action", "").endswith(f"{message.id}/ring")]
    ring = read(desk.post(form["action"], data=page.hidden()))
    assert "07700 900456" in ring.text and "Dora picks you up" in ring.text
    addresses = [own["href"] for own in ring.all("a")]
    assert any(address.startswith("sms:+447700900456?body=") for address in addresses)
    assert any(address.startswith("https://wa.me/447700900456?text=") for address in addresses)
    done = desk.post(form["action"].replace("/ring", "/rung"), data={**ring.hidden(), "how": "no_answer"})
    assert done.headers["location"] == f"{scene.desk}{DAY}/messages?state=ring"
    assert "no answer" in look(desk, scene, "?state=ring").text
    desk.post(form["action"].replace("/ring", "/rung"), data={**ring.hidden(), "how": "text"})
    assert "Priya Shah wrote to them" in look(desk, scene, "?kind=matched").text
    late = read(desk.post(form["action"], data=page.hidden()))
    assert "They know already" in late.text


def test_what_failed_is_tried_again_once(desk: TestClient, scene: Scene, db: Session) -> None:
    fill(db, scene)
    page = look(desk, scene)
    assert "Send the failed one once more" in page.text
    answer = desk.post(f"{scene.desk}{DAY}/messages/try-again", data=page.hidden())
    assert answer.status_code == 303
    assert "Send the failed one once more" not in look(desk, scene).text
    again = desk.post(f"{scene.desk}{DAY}/messages/try-again", data=page.hidden())
    assert again.status_code == 409 and "nothing to try again" in read(again).text
    db.expire_all()
    states = sorted(one.state for one in db.exec(select(Message)).all())
    assert states.count("created") == 2 and "failed" not in states
