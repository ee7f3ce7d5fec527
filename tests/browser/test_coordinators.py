"""A coordinator in a real browser: a campaign, its key constituencies and events, a run that is watched, publishing."""

import json

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from api.services import matching, outbox
from carpool import solve
from carpool.files import instance_from_json, plan_to_json
from tests.api import world
from tests.api.pages.scene import PASSWORD, Scene
from tests.browser.visitor import NARROW, WIDE, Visitor, visitor


@pytest.fixture(params=[(NARROW, False), (WIDE, True)], ids=["phone", "desk"])
def window(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """How wide the window is, and whether scripts run."""
    found: tuple[int, bool] = request.param
    return found


def log_in(someone: Visitor) -> None:
    someone.go("/coordinate")
    someone.look("login")
    someone.fill(email="priya@example.org", password="wrong")
    someone.press("Log in")
    someone.look("login-error")
    someone.fill(password=PASSWORD)
    someone.press("Log in")
    someone.look("coordinate")


def test_setting_up_a_campaign(chromium: Browser, site: str, scene: Scene, window: tuple[int, bool]) -> None:
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        log_in(someone)
        someone.press("New campaign")
        someone.press("Create the campaign")
        someone.look("coordinate-new")
        someone.fill(name="Filey by-election", organiser="Friends", contact_email="filey@example.org")
        someone.press("Create the campaign")
        someone.press("Add them")
        someone.look("coordinate-campaign-new")
        assert "key constituencies" in someone.text
        someone.press("Add an event")
        someone.press("Add the event")
        someone.look("coordinate-event")
        someone.go(scene.desk)
        someone.look("coordinate-campaign")
        someone.go(f"{scene.desk}/events/{scene.morning.id}/cancel")
        someone.look("coordinate-cancel-event")


def test_a_day_from_match_to_publish(
    chromium: Browser, site: str, scene: Scene, db: Session, window: tuple[int, bool]
) -> None:
    width, scripts = window
    for number in range(4):
        world.add_offer(db, scene.campaign, name=f"Dora{number}", seats=2)
        world.add_request(db, scene.campaign, name=f"Rafi{number}")
    world.add_request(db, scene.campaign, name="Faye", postcode="TR18 2AB")
    lost = world.add_offer(db, scene.campaign, confirmed=False, name="Mo")
    (message,) = world.messages_of(db, lost, "confirm")
    outbox.claim(db, message.id)
    outbox.failed(db, message.id, "550 no such mailbox", final=True)
    db.commit()
    with visitor(chromium, site, width, scripts=scripts) as someone:
        log_in(someone)
        someone.go(f"{scene.desk}/{world.DAY}")
        someone.look("day")
        someone.press("Match")
        someone.look("match")
        someone.page.get_by_role("button", name="Match").click()
        someone.look("day-queued")
        work(db, scene)
        # Without a press: the page looks again by itself, by the script or by the browser.
        someone.page.get_by_text("A plan is ready").first.wait_for()
        someone.look("day-done")
        someone.press("Publish this plan")
        someone.look("publish")
        someone.press("Publish and send")
        someone.look("day-published")
        assert "This plan is published" in someone.text


def work(db: Session, scene: Scene) -> None:
    """What the worker does with the run that was started."""
    run = matching.latest(db, scene.campaign, world.DAY)
    assert run is not None
    text = matching.begin(db, run.id)
    assert text is not None
    plan = solve(instance_from_json(json.loads(text)), seconds=None, rounds=20)
    matching.finish(db, run.id, plan_to_json(plan))
    db.commit()
