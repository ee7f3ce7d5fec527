"""Changing answers, long events and callers in a real browser, narrow and wide."""

from datetime import time

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from tests.api import world
from tests.api.pages.scene import PASSWORD, Scene, link_of, publish
from tests.browser.visitor import NARROW, WIDE, Visitor, visitor


@pytest.fixture(params=[NARROW, WIDE], ids=["phone", "desk"])
def width(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


def test_changing_answers_takes_two_taps_and_says_what_it_means(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int
) -> None:
    world.add_offer(db, scene.campaign)
    rider = world.add_request(db, scene.campaign, confirmed=False)
    link = link_of(db, rider)
    with visitor(chromium, site, width) as someone:
        someone.go(f"/l/{link}")
        someone.press("Open my page")
        someone.press("Change my answers")
        someone.look("change-without-lift")
        publish(db, scene)
        someone.go("/my")
        someone.press("Change my answers")
        someone.look("change-lift-stays")
        someone.page.get_by_role("link", name="Change people in your group").click()
        someone.page.get_by_role("group", name="How many people").get_by_label("5", exact=True).check()
        someone.look("change-people")
        someone.press("Save")
        someone.look("change-breaks-lift")
        someone.press("Save, and give up this lift")
        someone.look("my-after-change")
        assert "No lift for you so far" in someone.text


def log_in(someone: Visitor) -> None:
    someone.go("/login")
    someone.fill(email="priya@example.org", password=PASSWORD)
    someone.press("Log in")


def test_a_coordinator_makes_shifts_and_signs_up_a_caller(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int
) -> None:
    world.add_event(
        db, scene.campaign, scene.coordinator, title="Polling day", starts=time(8), ends=time(20), toilet=True
    )
    world.add_offer(db, scene.campaign)
    world.add_request(db, scene.campaign, name="Mia", postcode="TR18 2AB", may_ask=True)
    db.commit()
    with visitor(chromium, site, width) as desk:
        log_in(desk)
        desk.go(f"{scene.desk}/events/new")
        desk.look("event-new-access")
        desk.go(scene.desk)
        desk.press("Make shifts")
        desk.look("shifts")
        desk.press("Make these shifts")
        desk.look("campaign-with-shifts")
        assert "08:00 to 14:00" in desk.text
        desk.press("Sign up a caller")
        caller(desk)
        publish(db, scene)
        desk.go(f"{scene.desk}/{world.DAY}")
        desk.look("day-with-calls")
        desk.press("Vera, ")
        desk.look("caller-page")
        desk.press("Change the answers")
        desk.look("caller-change")
        desk.press("Leave everything as it was")
        desk.go(f"{scene.desk}/{world.DAY}")
        desk.press("Show their numbers")
        desk.look("calls")
        desk.press("I told them")
        assert "Vera: Your lift" not in desk.text
        desk.press("Vera, ")
        desk.press("Cancel for Vera")
        desk.look("day-after-cancelling-for-a-caller")
        assert "Vera: You have cancelled" in desk.text


def caller(desk: Visitor) -> None:
    desk.look("caller-1-where")
    desk.fill(postcode="WF1 1AA")
    desk.press("Continue")
    desk.page.get_by_text("At your door").click()
    desk.tick("home")
    desk.press("Continue")
    desk.page.get_by_label(f"{world.DAY:%A}").check()
    desk.press("Continue")
    for _ in range(3):
        desk.press("Continue")
    desk.fill(name="Vera", phone="0113 496 2345")
    desk.look("caller-6-contact")
    desk.press("Continue")
    desk.tick("consent")
    desk.look("caller-7-check")
    desk.press("Sign them up")
    desk.look("caller-8-done")
