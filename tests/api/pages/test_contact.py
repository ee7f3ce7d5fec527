"""The page that asks how to reach somebody, and what comes of the answer, without a script."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import outbox, plain
from api.settings import Settings
from api.store.tables import Offer, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene
from tests.api.pages.test_signup import ASK, OFFER, go_through, post

BY_TEXT = {"name": "Ada", "reach": "text", "email": "", "phone": "07700 900123"}


@pytest.mark.parametrize(("what", "answers"), [("offer", OFFER), ("ask", ASK)])
def test_a_mobile_number_is_enough(
    client: TestClient, scene: Scene, db: Session, what: str, answers: dict[str, dict[str, str]]
) -> None:
    address = go_through(client, f"{scene.base}/{what}", answers | {"contact": BY_TEXT})
    page = read(client.get(address))
    assert "By text message" in page.text and "we text your mobile" in page.text
    sent = post(client, address, {})
    assert "by text as you chose" in read(client.get(sent.headers["location"])).text
    sign_up = db.exec(select(Offer)).first() or db.exec(select(Request)).first()
    assert sign_up is not None
    person = world.person_of(db, sign_up)
    assert (person.email, person.phone, person.phone_typed) == ("", "+447700900123", "07700 900123")
    (message,) = world.messages_of(db, sign_up, "confirm")
    assert message.channel == "text"


def test_a_landline_for_texts_has_a_kind_answer_and_nothing_typed_is_lost(
    client: TestClient, scene: Scene
) -> None:
    go_through(client, f"{scene.base}/offer", {key: OFFER[key] for key in OFFER if key != "contact"})
    address = f"{scene.base}/offer/contact"
    assert read(client.get(address)).checked("reach") == ["email"]
    answer = post(client, address, BY_TEXT | {"phone": "0113 496 2345"})
    page = read(answer)
    assert answer.status_code == 422 and page.text.count(plain.NO_MOBILE) == 2
    assert (page.value("name"), page.value("phone")) == ("Ada", "0113 496 2345")
    assert page.checked("reach") == ["text"]
    assert post(client, address, BY_TEXT | {"reach": "email", "email": "ada@example.org"}).status_code == 303


def test_where_no_texts_are_sent_nobody_is_asked(
    client: TestClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_through(client, f"{scene.base}/ask", {key: ASK[key] for key in ASK if key != "contact"})
    monkeypatch.setattr(Settings, "sends_texts", property(lambda _: False))
    address = f"{scene.base}/ask/contact"
    page = read(client.get(address))
    assert page.checked("reach") == [] and "text message" not in page.text
    assert plain.NO_TEXTS in post(client, address, BY_TEXT).text


def test_the_link_is_sent_again_by_text_and_the_answer_is_the_same_for_everybody(
    app: FastAPI, db: Session, scene: Scene
) -> None:
    known = world.add_request(db, scene.campaign, reach="text", email="", phone="07700 900123")
    db.commit()
    client, answers = browser(app), []
    for typed in ("07700 900123", "+44 7700 900 123", "07700 900999", "0113 496 2345", "123"):
        answer = client.post("/open/again", data=read(client.get("/open")).hidden() | {"email": typed})
        answers.append((answer.status_code, client.get(answer.headers["location"]).text))
    assert len(set(answers)) == 1 and "900" not in answers[0][1]
    db.rollback()
    (message,) = world.messages_of(db, known, "link")
    envelope = outbox.claim(db, message.id)
    assert envelope is not None and (envelope.channel, envelope.to) == ("text", "+447700900123")
