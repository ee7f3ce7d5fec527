"""A coordinator takes tables out and prints paper in a real browser; a driver's sheet is one page on real paper."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select

from api.store.tables import LoginSession, now
from tests.api import world
from tests.api.pages.scene import PASSWORD, Scene, publish
from tests.browser.conftest import ARTEFACTS
from tests.browser.visitor import NARROW, Visitor, visitor

RIDERS = ("Rafi Rider", "Rosa Read", "Rhys Roberts", "Ruth Rowe", "Ravi Rao")


@pytest.fixture(params=[(NARROW, True), (768, False), (1440, True)], ids=["phone", "tablet", "desk"])
def window(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """How wide the window is, and whether scripts run."""
    found: tuple[int, bool] = request.param
    return found


def look(someone: Visitor, name: str) -> None:
    someone.look(name)
    someone.page.screenshot(path=ARTEFACTS / f"{name}-{someone.width}.png", full_page=True)


def fill(db: Session, scene: Scene) -> None:
    """Three cars, one of them with nobody to pick up."""
    scene.campaign.phone = "020 7946 0123"
    for name in ("Dora Driver", "Dai Davies"):
        world.add_offer(db, scene.campaign, name=name, event_ids=[scene.morning.id])
    for name in RIDERS:
        needs = {"child_seat": name == "Rosa Read"}
        world.add_request(db, scene.campaign, name=name, event_ids=[scene.morning.id], **needs)
    world.add_offer(db, scene.campaign, name="Alone Ashe", postcode="HX1 1AA", child_seats=1)
    db.commit()
    publish(db, scene)


def pages_of(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


def test_files_and_paper(
    chromium: Browser, site: str, scene: Scene, db: Session, window: tuple[int, bool]
) -> None:
    width, scripts = window
    fill(db, scene)
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go(f"{scene.desk}/{world.DAY}")
        someone.fill(email="priya@example.org", password=PASSWORD)
        someone.press("Log in")
        someone.press("Files and paper")
        look(someone, "exports")
        someone.page.get_by_role("link", name="Take out the lifts").click()
        look(someone, "export-question")
        someone.press("Download the lifts")
        look(someone, "export-refused")
        someone.tick("agreed")
        for _ in range(2):  # A file leaves the page as it is, and may be asked for again.
            with someone.page.expect_download() as download:
                someone.page.get_by_role("button", name="Download the lifts").click()
            assert download.value.suggested_filename == f"polling-day-{world.DAY}-lifts.csv"
            assert "Rafi Rider" in Path(download.value.path()).read_text("utf-8-sig")
        someone.go(f"{scene.desk}/{world.DAY}/exports")
        someone.page.get_by_role("link", name="Driver sheets").first.click()
        someone.tick("agreed")
        someone.press("Show the sheets")
        look(someone, "driver-sheets")
        sheets = someone.page.locator("article.paper").count()
        assert sheets >= 2
        pdf = ARTEFACTS / f"driver-sheets-{width}.pdf"
        someone.page.pdf(path=pdf, format="A4", print_background=True)
        assert pages_of(pdf) == sheets
        someone.go(f"{scene.desk}/{world.DAY}/exports")
        someone.page.get_by_role("link", name="Arrival list").first.click()
        someone.tick("agreed")
        someone.press("Show the lists")
        look(someone, "arrival-lists")
        pdf = ARTEFACTS / f"arrival-lists-{width}.pdf"
        someone.page.pdf(path=pdf, format="A4", print_background=True)
        assert pages_of(pdf) == someone.page.locator("article.paper").count()


def test_an_old_log_in_is_asked_again_and_then_gets_the_file(
    chromium: Browser, site: str, scene: Scene, db: Session
) -> None:
    fill(db, scene)
    with visitor(chromium, site, NARROW) as someone:
        someone.go(f"{scene.desk}/{world.DAY}/exports/offers")
        someone.fill(email="priya@example.org", password=PASSWORD)
        someone.press("Log in")
        for session in db.exec(select(LoginSession)).all():
            session.confirmed_at = now().replace(year=2020)
        db.commit()
        someone.tick("agreed")
        someone.press("Download the offers")
        look(someone, "export-again")
        someone.fill(confirm=PASSWORD)
        with someone.page.expect_download() as download:
            someone.page.get_by_role("button", name="Go on").click()
        assert "Dora Driver" in Path(download.value.path()).read_text("utf-8-sig")
