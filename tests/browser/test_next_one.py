"""Agreeing to hear of the next one, and stopping it, in a real browser."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select

from api.services import next_one
from api.store.tables import NextOne
from tests.api import world
from tests.api.pages.scene import Scene, link_of
from tests.browser.test_coordinators import log_in
from tests.browser.visitor import NARROW, WIDE, visitor


@pytest.mark.parametrize("width,scripts", [(NARROW, False), (NARROW, True), (WIDE, True)])
def test_the_next_one(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int, scripts: bool
) -> None:
    request = world.add_request(db, scene.campaign, confirmed=False)
    db.commit()
    token = link_of(db, request)
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go(f"/l/{token}")
        someone.press("Open my page")
        assert "may write to me about the next campaign" in someone.text
        someone.look("my-next-one")
        someone.press("Yes, I agree")
        assert "You have agreed" in someone.text
        someone.look("my-next-one-agreed")
    row = db.exec(select(NextOne)).one()
    with visitor(chromium, site, width, scripts=scripts) as staff:
        log_in(staff)
        staff.go(f"{scene.desk}")
        staff.press("Who wants to hear of the next one")
        staff.look("coordinate-next-one")
        staff.press("Download the list")
        staff.look("coordinate-next-one-error")
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go(f"/no-more/{next_one.token_of(row.id)}")
        someone.look("no-more")
        someone.press("Stop these messages")
        someone.look("no-more-done")
        assert "You are off the list" in someone.text
    db.expire_all()
    assert db.exec(select(NextOne)).all() == []
