"""The page before a plan is published: who is told what, at every width, and what somebody sees while it is being done."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from api.services import publishing
from tests.api import world
from tests.api.pages.scene import Scene, match
from tests.browser.test_runs import DESK, TABLET, a_day, log_in
from tests.browser.visitor import NARROW, visitor

NEVER_ANSWERED = """() => { window.sent = 0; addEventListener("submit", event => {
  if (!event.defaultPrevented) window.sent += 1; event.preventDefault(); }); }"""


@pytest.mark.parametrize("width", [NARROW, TABLET, DESK])
def test_who_is_told_what_is_looked_through_before_publishing(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int
) -> None:
    a_day(db, scene)
    publishing.publish(db, scene.campaign, match(db, scene).id, scene.coordinator)
    world.add_request(db, scene.campaign, name="Rose Private")
    world.add_request(db, scene.campaign, name="Faye Faraway", postcode="TR18 2AB")
    run = match(db, scene)
    db.commit()
    with visitor(chromium, site, width) as someone:
        log_in(someone)
        someone.go(f"{scene.desk}/{world.DAY}/runs/{run.id}/publish")
        someone.look("publish")
        someone.picture("publish")
        someone.press("Event by event")
        someone.look("publish-events")
        someone.picture("publish-events")
        someone.press("Morning canvass")
        assert "Show all events" in someone.page.inner_text("main")
        someone.press("Get a lift: 1")
        assert "Rose" in someone.page.inner_text("main") and "Faye" not in someone.page.inner_text("main")
        someone.look("publish-of-an-event")


def test_while_it_is_being_done_the_page_says_so(
    chromium: Browser, site: str, scene: Scene, db: Session
) -> None:
    a_day(db, scene)
    run = match(db, scene)
    with visitor(chromium, site, TABLET) as someone:
        log_in(someone)
        someone.go(f"{scene.desk}/{world.DAY}/runs/{run.id}/publish")
        someone.page.evaluate(NEVER_ANSWERED)
        button = someone.page.get_by_role("button", name="Publish and send")
        button.click()
        someone.page.get_by_role("status").get_by_text("please stay on this page").wait_for()
        assert button.get_attribute("aria-busy") == "true"
        someone.picture("publishing")
        button.click()
        assert someone.page.evaluate("window.sent") == 1, "a second press sends nothing"
