"""A coordinator's day with 500 people in a real browser: a table brought in, matched, changed by hand, published, repaired.

The service, its worker and the mail server are real. So that the day goes on today, its rows are moved in between.
"""

import csv
import io
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, FilePayload, FloatRect
from sqlmodel import Session, text

from api.edge import cookies
from api.services import demo_people
from api.services.local import now, today
from api.services.outbox import hash_token
from api.store.tables import PrivateSession
from carpool import Driver, Rider
from carpool.generate import generate
from tests.api.services.repair.day import on_the_day
from tests.benchmarks.console.people import districts
from tests.browser.conftest import ARTEFACTS
from tests.browser.test_story import set_up
from tests.browser.visitor import NARROW, WIDE, Visitor, visitor
from tests.patience import PATIENCE_SECONDS, until
from tests.story.cast import DAY
from tests.story.stage import Stage, stage_of

FIRST_NAMES = demo_people.FIRST_NAMES.split()
SLUG = "polling-day-in-the-north"
DESK = f"/coordinate/{SLUG}"
PEOPLE, CANCEL, BREAK_DOWN = 500, 10, 2
WIDTHS = (768, 1440)
HIGHEST = 6000
"""Pictures end here: a browser draws no page of any height."""
SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
LONG_MS = 1000 * PATIENCE_SECONDS
FULL = """
SELECT offer.person_id, lift.id FROM lift JOIN offer ON offer.id = lift.offer_id
  JOIN lift_stop ON lift_stop.lift_id = lift.id AND lift_stop.state = 'published'
WHERE lift.state = 'published' GROUP BY offer.person_id, lift.id ORDER BY count(*) DESC, lift.id LIMIT :many
"""
"""The drivers of the fullest cars."""
GOING = "SELECT count(*) FROM repair WHERE state IN ('queued', 'running')"
DONE = "SELECT count(*) FROM repair WHERE state NOT IN ('queued', 'running')"
SILENT = """
SELECT count(*) FROM lift_stop JOIN request ON request.id = lift_stop.request_id
WHERE lift_stop.state = 'cancelled' AND request.state = 'active' AND lift_stop.lift_id = ANY(:lifts)
  AND NOT EXISTS (SELECT 1 FROM message WHERE message.person_id = request.person_id AND message.kind = 'driver_cancelled'
    AND message.subject_id = lift_stop.lift_id)
"""
"""Riders who lost their car and of whom no message knows."""


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    """What is published is told at once."""
    with stage_of(database_url, publish_wait_seconds="0", log_level="warning") as found:
        yield found


def test_a_day_with_500_people(chromium: Browser, stage: Stage, db: Session) -> None:
    with visitor(chromium, stage.url, WIDE) as coordinator:
        set_up(coordinator)
        bring_in(coordinator)
        match(coordinator)
        adjust(coordinator)
        publish(coordinator)
        drivers = take(db, CANCEL)
        for person, _ in drivers:
            cancels(chromium, stage, db, person)
        repaired(db, [lift for _, lift in drivers])
        see(coordinator, "board", f"{DESK}/{DAY}/board")
        on_the_day(db, timedelta(minutes=-1))
        broken = take(db, BREAK_DOWN)
        for person, _ in broken:
            breaks_down(chromium, stage, db, person)
        repaired(db, [lift for _, lift in broken])
        see(coordinator, "board-of-the-day", f"{DESK}/{today()}/board")
        approve(coordinator)
        for name, path in (
            ("glance", ""), ("people", "/people"), ("match", "/match"), ("messages", "/messages"), ("part", "/part"),
        ):  # fmt: skip
            see(coordinator, name, f"{DESK}/{today()}{path}")
        arrive(chromium, stage, coordinator, db)
        see(coordinator, "record", f"{DESK}/record")
        see(coordinator, "campaign", DESK)


def approve(coordinator: Visitor) -> None:
    """Take what is proposed. Where nobody untouched is moved there is nothing to ask: it is published by itself."""
    button = coordinator.page.get_by_role("button", name="Approve and tell them")
    if button.count():
        button.first.click()
        coordinator.page.wait_for_load_state()
        assert "went wrong" not in coordinator.text


def see(someone: Visitor, name: str, path: str) -> None:
    """Load a page and keep pictures of it."""
    someone.go(path)
    someone.page.wait_for_load_state()
    picture(someone, name)


def picture(someone: Visitor, name: str) -> None:
    for width in WIDTHS:
        someone.page.set_viewport_size({"width": width, "height": 900})
        wide, high = someone.page.evaluate(SIZE)
        clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": min(high, HIGHEST)}
        someone.page.screenshot(path=ARTEFACTS / f"long-day-{name}-{width}.png", full_page=True, clip=clip)
        assert wide <= width, f"{name} is {wide} pixels wide in a window of {width}"
    someone.page.set_viewport_size({"width": WIDE, "height": 900})


def bring_in(coordinator: Visitor) -> None:
    """A table of 500 people, as somebody exported it."""
    see(coordinator, "import", f"{DESK}/import")
    table: FilePayload = {"name": "people.csv", "mimeType": "text/csv", "buffer": people()}
    coordinator.page.set_input_files("#file", files=[table])
    coordinator.press("Read the file")
    coordinator.press("Check the rows")
    coordinator.page.locator("#vouched_by").wait_for(timeout=LONG_MS)
    coordinator.fill(vouched_by="Sam Jones")
    coordinator.page.get_by_label("They filled in a form").check()
    coordinator.page.locator("input[name=agreed]").check()
    coordinator.press(f"Add {PEOPLE} people")
    coordinator.page.get_by_text(f"{PEOPLE} people are added").wait_for(timeout=LONG_MS)


def people() -> bytes:
    """Names, addresses, and where they live: around Leeds, as the generator has it."""
    instance = generate(PEOPLE, around="LS6", within=40)
    everybody: list[Driver | Rider] = [*instance.drivers, *instance.riders]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(("Name", "E-mail", "Postcode", "Can you drive?", "Day"))
    for number, (one, district) in enumerate(zip(everybody, districts(everybody), strict=True)):
        drives = f"yes, {one.seats}" if isinstance(one, Driver) else "no"
        row = (
            f"Jo Bloggs{number}",
            f"jo{number}@lifts.org.uk",
            f"{district} {1 + number % 9}AB",
            drives,
            DAY,
        )
        writer.writerow(row)
    return written.getvalue().encode()


def match(coordinator: Visitor) -> None:
    coordinator.go(f"{DESK}/{DAY}/match")
    coordinator.page.select_option("#seconds", index=0)
    coordinator.page.get_by_role("button", name="Match").click()
    coordinator.page.get_by_text("A plan is ready").first.wait_for(timeout=LONG_MS)


def adjust(coordinator: Visitor) -> None:
    """Take a driver out by hand, see first what it does, and undo and redo it."""
    page = coordinator.page
    page.get_by_role("link", name="Look at the plan").first.click()
    page.locator("td a.name").first.click()
    page.wait_for_url("**/hands/*", timeout=LONG_MS)
    page.get_by_role("button", name="What it does").last.click()
    page.get_by_role("button", name="Do it").wait_for(timeout=LONG_MS)
    assert "is taken out" in coordinator.text
    picture(coordinator, "by-hand")
    coordinator.press("Do it")
    coordinator.press("Undo")
    coordinator.press("Do it again")
    page.get_by_text("Last change").wait_for(timeout=LONG_MS)


def publish(coordinator: Visitor) -> None:
    coordinator.go(f"{DESK}/{DAY}/match")
    coordinator.press("Publish this plan")
    coordinator.page.get_by_role("button", name="Publish and send").click()
    coordinator.page.get_by_text("This plan is published").wait_for(timeout=LONG_MS)


def take(db: Session, many: int) -> list[tuple[UUID, UUID]]:
    """The drivers of the fullest cars, and their lifts."""
    db.rollback()
    found: Any = db.connection().execute(text(FULL), {"many": many}).all()
    assert len(found) == many
    return [(person, lift) for person, lift in found]


def own_page(someone: Visitor, db: Session, person: UUID) -> None:
    """As somebody who has opened the link in a message before."""
    token = secrets.token_urlsafe(32)
    db.add(
        PrivateSession(token_hash=hash_token(token), person_id=person, expires_at=now() + timedelta(days=1))
    )
    db.commit()
    cookie = {"name": cookies.PRIVATE.name, "value": token, "url": someone.site}
    someone.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary does
    someone.go("/my")


def cancels(chromium: Browser, stage: Stage, db: Session, person: UUID) -> None:
    with visitor(chromium, stage.url, NARROW, scripts=False) as driver:
        own_page(driver, db, person)
        driver.go("/my/cancel")
        driver.press("Yes, cancel")
        assert "You have cancelled" in driver.text


def breaks_down(chromium: Browser, stage: Stage, db: Session, person: UUID) -> None:
    with visitor(chromium, stage.url, NARROW, scripts=False) as driver:
        own_page(driver, db, person)
        driver.press("My car cannot go on")
        driver.page.locator("form[action='/my/broken-down'] button").click()
        assert "You have cancelled" in driver.text, stage.service.output[-3000:]


def repaired(db: Session, lifts: list[UUID]) -> None:
    """The worker has looked for other lifts, and nobody who lost a car was left in silence."""

    def is_over() -> bool:
        db.rollback()
        return bool(count(db, DONE)) and not count(db, GOING)

    until(is_over, "the repairs")
    assert count(db, SILENT, lifts=lifts) == 0


def count(db: Session, statement: str, **values: Any) -> int:
    found: int = db.connection().execute(text(statement), values).scalar_one()
    return found


def arrive(chromium: Browser, stage: Stage, coordinator: Visitor, db: Session) -> None:
    """The coordinator adds a host, who gets in by the mail's link and ticks a whole car off."""
    event = (
        db.connection()
        .execute(text("SELECT event_id FROM lift WHERE state = 'published' LIMIT 1"))
        .scalar_one()
    )
    coordinator.go(f"{DESK}/events/{event}")
    coordinator.fill(host_name="Hugo Host", host_email="hugo@lifts.org.uk")
    coordinator.press("Add and send the link")
    mail = stage.mail_to("hugo@lifts.org.uk", 1).get_body(("plain",))
    assert mail is not None
    [link] = {word for word in mail.get_content().split() if word.startswith(f"{stage.url}/h/")}
    with visitor(chromium, stage.url, NARROW, scripts=False) as host:
        host.page.goto(link)
        host.press("Open the page")
        with host.page.expect_navigation():
            host.page.get_by_role("button", name="All of them are here").first.click()
        host.page.screenshot(path=ARTEFACTS / "long-day-host-360.png")
    see(coordinator, "event", f"{DESK}/events/{event}")
    db.rollback()
    assert count(db, "SELECT count(*) FROM arrival WHERE state = 'arrived'") > 1
