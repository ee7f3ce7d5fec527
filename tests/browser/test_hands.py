"""A coordinator changes a plan by hand: by keyboard, with and without scripts, on a tablet and at a desk."""

from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select

from api.services.views import RunView
from api.store.tables import Edit, Hold, Offer
from tests.api import world
from tests.api.pages.scene import Scene, match
from tests.browser.test_runs import DESK, TABLET, log_in
from tests.browser.visitor import NARROW, Visitor, visitor


def a_plan(db: Session, scene: Scene) -> RunView:
    """Three cars near each other, seats to spare, and somebody out of reach."""
    for name, postcode in (("Dora", "WF1 1AA"), ("Dev", "WF3 1AA"), ("Dilys", "WF4 1AA")):
        more: dict[str, Any] = {"event_ids": [scene.morning.id], "max_detour_minutes": 60}
        world.add_offer(db, scene.campaign, name=name, postcode=postcode, seats=3, **more)
    for number, postcode in enumerate(("WF1 2AA", "WF3 2AA", "WF4 2AA", "WF2 8AA"), 1):
        world.add_request(
            db, scene.campaign, name=f"Rafi{number}", postcode=postcode, event_ids=[scene.morning.id]
        )
    world.add_request(db, scene.campaign, name="Faye", postcode="TR18 2AB")
    return match(db, scene)


def choose(someone: Visitor) -> None:
    """By keyboard: to the first offered car, and in."""
    someone.page.get_by_role("link", name="What it does").first.focus()
    someone.page.keyboard.press("Enter")
    someone.page.get_by_role("heading", level=2).first.wait_for()


@pytest.mark.parametrize("width", [NARROW, TABLET, DESK])
def test_a_rider_is_moved_by_keyboard(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int
) -> None:
    run = a_plan(db, scene)
    plan = f"{scene.desk}/{world.DAY}/runs/{run.id}"
    with visitor(chromium, site, width) as someone:
        log_in(someone)
        someone.go(plan)
        someone.look("hands-plan")
        someone.page.locator("td a.name").first.click()
        someone.look("hands-car")
        someone.picture("hands-car")
        someone.page.get_by_role("link", name="Change Rafi").first.click()
        someone.look("hands-rider")
        someone.picture("hands-rider")
        choose(someone)
        assert "rides in" in someone.text
        someone.look("hands-effect")
        someone.picture("hands-effect")
        someone.page.get_by_role("button", name="Do it").press("Enter")
        someone.page.get_by_text("Last change").wait_for()
        someone.picture("hands-done")
        someone.page.get_by_role("button", name="Undo").press("Enter")
        someone.page.get_by_text("Undone:").wait_for()
        someone.page.get_by_role("button", name="Do it again").click()
        someone.page.get_by_role("link", name="All changes by hand").click()
        someone.look("hands-all")
        someone.picture("hands-all")
        db.expire_all()
        assert [edit.undone for edit in db.exec(select(Edit)).all()] == [False]
        someone.page.get_by_role("button", name="Improve the rest").click()
        someone.page.get_by_text("Waiting to begin").wait_for()


@pytest.mark.parametrize("width", [TABLET, DESK])
def test_a_limit_is_broken_for_a_reason_without_scripts(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int
) -> None:
    run = a_plan(db, scene)
    for offer in db.exec(select(Offer)).all():
        offer.max_detour_minutes = 0
        db.add(offer)
    db.commit()
    with visitor(chromium, site, width, scripts=False) as someone:
        log_in(someone)
        someone.go(f"{scene.desk}/{world.DAY}/runs/{run.id}")
        someone.page.locator("td a.name").first.click()
        someone.page.get_by_role("link", name="Change Rafi").first.click()
        choose(someone)
        someone.press("Do it")
        assert "Say in a few words why" in someone.text
        someone.look("hands-refused")
        someone.picture("hands-refused")
        someone.fill(reason="They agreed on the phone")
        someone.press("Do it")
        assert "pinned, against a limit" in someone.text
        db.expire_all()
        held = db.exec(select(Hold.force, Hold.reason)).all()
        assert set(held) == {(True, "They agreed on the phone")}
