"""What messages say, for whoever answers for them: every kind, in every form, with nobody real in it."""

import re

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.messages.letters import KINDS, WITHOUT_LINK
from api.messages.staff_letters import SUBJECTS
from api.pages.coordinators.wording import NOTICE_KINDS
from api.services import previews
from api.store.tables import Message, PrivateLink
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene


def test_every_message_is_a_press_away(desk: TestClient, scene: Scene) -> None:
    assert "What our messages say" in read(desk.get(scene.desk)).text
    page = read(desk.get(f"{scene.desk}/messages"))
    linked = {own["href"].rpartition("/")[2] for own in page.all("a") if "/messages/" in own.get("href", "")}
    assert linked == set(KINDS) | set(SUBJECTS)
    assert set(NOTICE_KINDS) == set(SUBJECTS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_is_shown_as_mail_and_as_text_to_each_who_gets_it(
    desk: TestClient, scene: Scene, kind: str
) -> None:
    page = read(desk.get(f"{scene.desk}/messages/{kind}"))
    roles = [previews.ONLY_TO[kind]] if kind in previews.ONLY_TO else ["offer", "request"]
    assert ("What a driver reads" in page.text) == ("offer" in roles)
    assert ("What a rider reads" in page.text) == ("request" in roles)
    assert page.text.count("As a text message") == page.text.count("As an e-mail") == len(roles)
    # In a text, in the mail's link and beside it, and in plain text.
    shown = page.text.count(f"/l/{previews.TOKEN}")
    assert shown == 0 if kind in WITHOUT_LINK else shown >= 3 * len(roles)
    assert "The Testers" in page.text and re.search(r"\d+ characters: (one message|2 messages)", page.text)


def test_the_notice_to_coordinators_has_no_text_message(desk: TestClient, scene: Scene) -> None:
    page = read(desk.get(f"{scene.desk}/messages/report"))
    assert "did not feel safe" in page.text and "As a text message" not in page.text


def test_looking_changes_nothing_and_shows_nobody(desk: TestClient, scene: Scene, db: Session) -> None:
    offer = world.add_offer(db, scene.campaign)
    world.add_request(db, scene.campaign)
    db.commit()
    before = len(db.exec(select(Message)).all()), len(db.exec(select(PrivateLink)).all())
    email = world.person_of(db, offer).email
    for kind in (*KINDS, *SUBJECTS):
        text = desk.get(f"{scene.desk}/messages/{kind}").text
        for real in ("Dora", "Rafi", "07700", email):
            assert real not in text
    db.rollback()
    assert (len(db.exec(select(Message)).all()), len(db.exec(select(PrivateLink)).all())) == before


def test_a_message_that_there_is_not(desk: TestClient, scene: Scene) -> None:
    for kind in ("weather", "lift", "base"):
        assert desk.get(f"{scene.desk}/messages/{kind}").status_code == 404


def test_what_a_campaign_is_called_does_no_harm(desk: TestClient, scene: Scene, db: Session) -> None:
    scene.campaign.organiser = "<script>alert(1)</script>"
    scene.campaign.imprint = '"><img src=x onerror=alert(1)>'
    db.add(scene.campaign)
    db.commit()
    for kind in KINDS:
        markup = desk.get(f"{scene.desk}/messages/{kind}").text
        assert "<script>alert" not in markup and "<img src=x" not in markup


def test_other_campaigns_coordinators_see_nothing(
    app: FastAPI, scene: Scene, db: Session, password_hash: str
) -> None:
    other = world.add_coordinator(db)
    db.add(other.sqlmodel_update({"password_hash": password_hash}))
    db.commit()
    stranger = log_in(browser(app), other.email)
    for path in ("", "/matched", "/report"):
        assert stranger.get(f"{scene.desk}/messages{path}").status_code == 404
