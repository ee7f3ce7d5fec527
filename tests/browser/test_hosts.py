"""A host at the door in a real browser, with scripts and without: in by the link, ticking off, who needs a way home, paper."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from api.services import lifts
from api.services.local import now
from tests.api import world
from tests.api.door import Door, begin, door, lift_of, link_of
from tests.browser.conftest import ARTEFACTS
from tests.browser.test_coordinators import log_in
from tests.browser.visitor import NARROW, WIDE, visitor

__all__ = ["door"]


@pytest.fixture(params=[(NARROW, False), (WIDE, True)], ids=["phone", "desk"])
def window(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """How wide the window is, and whether scripts run."""
    found: tuple[int, bool] = request.param
    return found


def test_a_host_ticks_people_off(
    chromium: Browser, site: str, door: Door, db: Session, window: tuple[int, bool]
) -> None:
    width, scripts = window
    late = lift_of(db, door.dora)
    late.arrives_at, late.late_minutes = now() + timedelta(minutes=20), 30
    db.add(late)
    door.scene.campaign.phone = "020 7946 0123"
    db.add(door.scene.campaign)
    db.commit()
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go("/host")
        someone.look("host-no-link")
        someone.go(f"/h/{link_of(db, door.host)}")
        someone.look("host-open")
        someone.press("Open the page")
        someone.look("host")
        assert "people here, of 5 who come by car" in someone.text
        someone.press("Here Rita C.")
        someone.press("Undo Rita C.")
        someone.press("All of them are here Dev D.")
        someone.press("Did not come Dora D.")
        someone.look("host-ticked")
        assert (
            "They need a way home" in someone.text and "Dora D., who was to drive them back" in someone.text
        )
        if scripts:
            someone.page.emulate_media(media="print")
            someone.page.screenshot(path=ARTEFACTS / "host-paper.png", full_page=True)
            someone.page.pdf(path=ARTEFACTS / "host-paper.pdf", format="A4")


def test_a_host_who_is_early_and_one_who_is_late(
    chromium: Browser, site: str, door: Door, db: Session, window: tuple[int, bool]
) -> None:
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go(f"/h/{link_of(db, door.host)}")
        someone.press("Open the page")
        begin(db, door.event_id, hours_ago=-13)
        someone.go("/host")
        someone.look("host-early")
        assert "Your page is not open yet" in someone.text and "Dora" not in someone.text
        begin(db, door.event_id, hours_ago=16)
        someone.go("/host")
        someone.look("host-over")
        assert "Thank you for being the host" in someone.text and "Dora" not in someone.text


def test_a_coordinator_adds_a_host(
    chromium: Browser, site: str, door: Door, db: Session, window: tuple[int, bool]
) -> None:
    width, scripts = window
    lifts.cancel(db, door.dora, world.person_of(db, door.dora))
    db.commit()
    desk = f"{door.scene.desk}/events/{door.event_id}"
    with visitor(chromium, site, width, scripts=scripts) as someone:
        log_in(someone)
        someone.go(desk)
        someone.press("Add and send the link")
        someone.look("coordinate-event-page-error")
        someone.fill(host_name="Hugo Host", host_email="hugo@example.org")
        someone.press("Add and send the link")
        someone.look("coordinate-event-page")
        assert "Hugo Host" in someone.text and "Rafi R." in someone.text
        someone.go(f"{door.scene.desk}/{world.DAY}")
        someone.look("day-arrivals")
        assert "Need a way home" in someone.text
