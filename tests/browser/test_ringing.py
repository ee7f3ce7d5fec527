"""Ringing people one after the other, on a telephone and at a desk: who is at it, the number, and what came of it."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select, update

from api.services import ringing
from api.store.tables import Coordinator, Membership, Message
from tests.api import world
from tests.api.pages.scene import Scene
from tests.browser.test_changes import log_in
from tests.browser.visitor import NARROW, WIDE, visitor


@pytest.mark.parametrize(("width", "scripts"), [(NARROW, True), (NARROW, False), (768, True), (WIDE, True)])
def test_ringing_whoever_may_not_know(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int, scripts: bool
) -> None:
    ann = world.add_coordinator(db, "Ann Allen")
    db.add(Membership(coordinator_id=ann.id, campaign_id=scene.campaign.id, role="coordinator"))
    for name in ("Nell Jones", "Olga Smith", "Pia Brown"):
        world.add_offer(db, scene.campaign, confirmed=False, name=name)
    db.exec(update(Message).values(state="failed", error="550 no such mailbox"))
    other = next(one for one in db.exec(select(Message)).all() if one.person_id)
    ringing.ring(db, scene.campaign, other.id, db.get_one(Coordinator, ann.id))
    db.commit()
    with visitor(chromium, site, width, scripts=scripts) as desk:
        log_in(desk)
        desk.go(f"{scene.desk}/{world.DAY}/messages")
        assert "Ann Allen is ringing since" in desk.text
        desk.look("messages-ringing")
        if width == 768:
            desk.picture("messages-ringing")
        desk.page.get_by_role("button", name="I am ringing").first.focus()
        with desk.page.expect_navigation():
            desk.page.keyboard.press("Enter")
        assert "What came of it?" in desk.text
        desk.look("ring-them")
        if width == 768:
            desk.picture("ring-them")
        desk.press("No answer")
        assert "no answer" in desk.text
        desk.look("messages-rung")
        if width == 768:
            desk.picture("messages-rung")
        desk.press("I am ringing")
        desk.press("I sent the text")
        desk.go(f"{scene.desk}/{world.DAY}/messages?state=sent")
        assert "Priya Shah wrote to them" in desk.text
