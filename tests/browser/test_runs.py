"""A coordinator watches a run: by events with scripts, by the page that loads itself again without."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from api.services import matching
from tests.api import world
from tests.api.pages.scene import PASSWORD, Scene, match
from tests.browser.test_coordinators import work
from tests.browser.visitor import NARROW, WIDE, Visitor, visitor

TABLET, DESK = 768, 1440
CURVE = ((0.2, 0.0, 60.0), (0.9, 20.4, 42.0), (2.4, 31.0, 37.5), (5.0, 33.2, 35.1), (9.5, 33.9, 34.4))


def log_in(someone: Visitor) -> None:
    someone.go("/login")
    someone.fill(email="priya@example.org", password=PASSWORD)
    someone.press("Log in")


def a_day(db: Session, scene: Scene) -> None:
    for number in range(4):
        world.add_offer(db, scene.campaign, name=f"Dora{number}", seats=2)
        world.add_request(db, scene.campaign, name=f"Rafi{number}")
    db.commit()


@pytest.mark.parametrize("width", [NARROW, TABLET, DESK])
def test_a_run_is_watched_by_events(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int
) -> None:
    a_day(db, scene)
    with visitor(chromium, site, width) as someone:
        log_in(someone)
        someone.go(f"{scene.desk}/{world.DAY}/match")
        someone.picture("match-form")
        someone.page.get_by_label("Spare the drivers").check()
        someone.page.get_by_role("button", name="Match").click()
        someone.page.get_by_text("Waiting to begin").wait_for()
        run = matching.latest(db, scene.campaign, world.DAY)
        assert run is not None and run.minutes_per_volunteer == 60
        matching.begin(db, run.id)
        db.commit()
        someone.page.evaluate("window.same = true")
        for seconds, score, bound in CURVE:
            told = {"seconds": seconds, "score": score, "bound": bound, "gap": (bound - score) / bound}
            matching.note_progress(db, run.id, told)
            db.commit()
            someone.page.get_by_text(f"of at most {bound:.1f} points").wait_for()
            if score:
                someone.page.get_by_text("The same as a table").focus()
        assert someone.focused == "", "the focus stayed where it was while the figures changed"
        assert someone.page.evaluate("document.activeElement.tagName") == "SUMMARY"
        assert someone.page.evaluate("window.same"), "the page was not loaded again meanwhile"
        said = str(someone.page.locator("[data-run-status]").text_content())
        assert said == "How much better a plan could be is not known yet.", "not every second is read out"
        someone.look("run-watched")
        someone.picture("run-watched")
        work(db, scene)
        someone.page.get_by_text("A plan is ready").first.wait_for()
        assert someone.page.evaluate("window.same === undefined"), "the whole page is there when it is over"
        someone.look("run-over")
        someone.picture("run-over")


def test_a_run_is_watched_without_scripts(chromium: Browser, site: str, scene: Scene, db: Session) -> None:
    a_day(db, scene)
    with visitor(chromium, site, WIDE, scripts=False) as someone:
        log_in(someone)
        someone.go(f"{scene.desk}/{world.DAY}/match")
        someone.page.get_by_role("button", name="Match").click()
        run = matching.latest(db, scene.campaign, world.DAY)
        assert run is not None
        matching.begin(db, run.id)
        for seconds, score, bound in ((0.5, 15.0, 30.0), (1.0, 20.0, 25.0)):
            matching.note_progress(db, run.id, {"seconds": seconds, "score": score, "bound": bound})
        db.commit()
        someone.page.get_by_text("of at most 25.0 points").wait_for()
        assert someone.page.locator("svg .plan-line").count() == 2


@pytest.mark.parametrize("width", [NARROW, TABLET, DESK])
def test_runs_are_looked_through_and_compared(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int
) -> None:
    a_day(db, scene)
    world.add_request(db, scene.campaign, name="Faye", postcode="TR18 2AB")
    first = match(db, scene)
    for name, postcode in (("Dilys", "LS12 1AA"), ("Deepa", "WF4 1AA")):
        world.add_offer(db, scene.campaign, name=name, postcode=postcode, seats=3)
        world.add_request(db, scene.campaign, name=f"{name}’s friend", postcode=postcode, party=2)
    second = match(db, scene)
    with visitor(chromium, site, width) as someone:
        log_in(someone)
        someone.go(f"{scene.desk}/{world.DAY}/match")
        someone.look("runs")
        someone.picture("runs")
        someone.page.get_by_text("Match again, perhaps").click()
        someone.look("runs-again")
        someone.press("Look at the plan")
        someone.look("run-plan")
        someone.picture("run-plan")
        someone.fill(q="dilys")
        someone.press("Find")
        assert "Dilys" in someone.text
        someone.go(f"{scene.desk}/{world.DAY}/runs/{second.id}/left")
        someone.look("run-left")
        someone.picture("run-left")
        someone.go(f"{scene.desk}/{world.DAY}/match")
        someone.press("Compare")
        someone.look("compare")
        someone.picture("compare")
        assert f"a={first.id}&b={second.id}" in someone.page.url
        assert "something changes" in someone.text
        someone.go(f"{scene.desk}/{world.DAY}/compare")
        someone.look("compare-choose")
