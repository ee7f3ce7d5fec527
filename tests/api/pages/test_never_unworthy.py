"""No volunteer ever reads "not worth the drive": not in any text, and not by way of the engine's reasons."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from fastapi import FastAPI
from sqlmodel import Session, select

from api import language
from api.language import texts
from api.messages.house import House
from api.messages.letters import write
from api.services import outbox, publishing
from api.store.tables import Message, Run
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, match
from tests.api.pages.test_lifts import get_in

UNWORTHY = re.compile(r"\bworth|\bcosts?\b|\bbring(s)? too little|\bnobody wants\b", re.IGNORECASE)
UNWORTHY_IN_WELSH = re.compile(r"yn werth|werth (ei|y) |\bcostio\b", re.IGNORECASE)
HOUSE = House("https://lifts.test.org.uk", "The Testers", "operator@test.org.uk")
CANARY = "alone that would cost more than it adds"


def test_no_text_of_volunteers_says_that_somebody_is_not_worth_it() -> None:
    """All pages and messages of volunteers and hosts, in both languages."""
    with (language.CATALOGUES / "cy.po").open("rb") as file:
        welsh = read_po(file, locale="cy")
    assert len(texts.found()) > 500
    assert _said(texts.found(), "id", UNWORTHY) == []
    assert _said(welsh, "string", UNWORTHY_IN_WELSH) == []
    assert UNWORTHY.search("The drive would cost more than it brings") and UNWORTHY.search(
        "not worth the drive"
    )


def _said(catalogue: Catalog, part: str, banned: re.Pattern[str]) -> list[str]:
    found = []
    for message in catalogue:
        said = getattr(message, part)
        found += [one for one in ([said] if isinstance(said, str) else said) if one and banned.search(one)]
    return found


@pytest.mark.parametrize("offers", [True, False])
def test_whom_the_engine_leaves_as_not_worth_it_never_hears_so(
    app: FastAPI, db: Session, scene: Scene, offers: bool
) -> None:
    world.add_offer(db, scene.campaign)
    world.add_request(db, scene.campaign)
    add = world.add_offer if offers else world.add_request
    left = add(db, scene.campaign, confirmed=False, name="Lena Left", postcode="TR18 2AB")
    browser = get_in(app, db, left)
    run = db.get_one(Run, match(db, scene).id)
    assert run.plan is not None
    plan = dict(run.plan)
    plan["unmatched"] = [
        {"id": str(left.id), "reason": "not_worth_the_drive", "text": CANARY, "fix": CANARY}
        if one["id"] == str(left.id)
        else one
        for one in plan["unmatched"]
    ]
    assert CANARY in str(plan)
    run.plan = plan
    db.add(run)
    db.commit()
    publishing.publish(db, scene.campaign, run.id, scene.coordinator)
    db.commit()
    pages = [read(browser.get("/my")).text, browser.get("/my/data.json").text]
    letters = [
        f"{letter.subject} {letter.text} {letter.html} {letter.short}"
        for message in db.exec(select(Message).where(Message.person_id == left.person_id)).all()
        if (envelope := outbox.claim(db, message.id)) is not None
        for letter in [write(envelope, HOUSE)]
    ]
    assert letters
    for said in (*pages, *letters):
        assert CANARY not in said and "not_worth" not in said and not UNWORTHY.search(said)
