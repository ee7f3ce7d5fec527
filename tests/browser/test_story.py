"""The main job from end to end in a real browser: phones for the volunteers, a desk for the coordinator."""

import re

from playwright.sync_api import Browser

from tests.browser.visitor import NARROW, WIDE, Visitor, visitor
from tests.mail import text_of
from tests.patience import PATIENCE_SECONDS
from tests.story.cast import (
    CAMPAIGN,
    COORDINATOR,
    DAY,
    EVENT,
    EVERYBODY,
    LEAVER,
    RIDERS,
    Driver,
    Rider,
    driver_of,
)
from tests.story.stage import PASSWORD, Stage, stage

__all__ = ["stage"]

SLUG = "polling-day-in-the-north"
DESK = f"/coordinate/{SLUG}"


def test_from_the_form_to_the_lift_and_its_cancellation(chromium: Browser, stage: Stage) -> None:
    with visitor(chromium, stage.url, WIDE) as coordinator:
        set_up(coordinator)
        for person in EVERYBODY:
            with visitor(chromium, stage.url, NARROW, scripts=False) as phone:
                sign_up(phone, person)
                open_link(phone, stage, person, 1)
                assert "We are looking for your lift" in phone.text
        match_and_publish(coordinator)
    for person in EVERYBODY:
        for width in (NARROW, WIDE):
            with visitor(chromium, stage.url, width) as someone:
                open_link(someone, stage, person, 2)
                someone.look(f"story-lift-{person.name.lower()}")
                reads_the_right_lift(someone.text, person)
    with visitor(chromium, stage.url, NARROW) as leaver:
        cancel(leaver, stage)
    for rider in RIDERS:
        if driver_of(rider) is LEAVER:
            with visitor(chromium, stage.url, NARROW) as phone:
                is_told(phone, stage, rider)
    # Two to everybody, one to who cancelled, and two to each who rode there: that it is off, and what became of the search.
    assert len(stage.mailbox.mails) == 2 * len(EVERYBODY) + 1 + 2 * len(LEAVER.takes)


def set_up(coordinator: Visitor) -> None:
    coordinator.go("/login")
    coordinator.fill(email=COORDINATOR, password=PASSWORD)
    coordinator.press("Log in")
    coordinator.go("/coordinate/new")
    coordinator.fill(**CAMPAIGN)
    coordinator.press("Create the campaign")
    coordinator.fill(under_pct="5")
    coordinator.press("Add them")
    coordinator.press("Add an event")
    coordinator.fill(**{name: value for name, value in EVENT.items() if name not in ("kind", "constituency")})
    coordinator.page.select_option("#constituency", EVENT["constituency"])
    coordinator.press("Add the event")
    coordinator.look("story-campaign")


def sign_up(phone: Visitor, person: Driver | Rider) -> None:
    phone.go(f"/c/{SLUG}/{person.what}/where")
    phone.fill(postcode=person.postcode)
    phone.press("Continue")
    if isinstance(person, Rider):
        phone.page.get_by_text("At your door").click()
        phone.tick("home")
        phone.fill(pickup=person.pickup)
        phone.press("Continue")
    phone.press("Continue")
    phone.press("Continue")
    if isinstance(person, Driver):
        seats = phone.page.get_by_role("group", name="How many more people")
        seats.get_by_label(str(person.seats), exact=True).check()
    phone.press("Continue")
    if isinstance(person, Driver):
        phone.fill(car=person.car, plate="KDX")
    phone.press("Continue")
    phone.fill(name=person.name, email=person.email)
    phone.press("Continue")
    phone.tick("consent")
    phone.press("Send my")
    assert "check your e-mail" in phone.text


def open_link(someone: Visitor, stage: Stage, person: Driver | Rider, number: int) -> None:
    """Open the link of somebody's message of that number. Afterwards it is in no address and no history."""
    link = stage.link_in(stage.mail_to(person.email, number))
    someone.page.goto(link)
    someone.press("Open my page")
    assert someone.page.url == f"{stage.url}/my"
    assert link.rpartition("/")[2] not in someone.page.content()


def match_and_publish(coordinator: Visitor) -> None:
    """The page itself shows how far the run is; the coordinator only watches."""
    coordinator.go(f"{DESK}/{DAY}/match")
    coordinator.page.select_option("#seconds", index=0)
    coordinator.page.get_by_role("button", name="Match").click()
    coordinator.page.get_by_text("A plan is ready").first.wait_for(timeout=1000 * PATIENCE_SECONDS)
    assert "It brings 8 people" in coordinator.text
    coordinator.look("story-plan")
    coordinator.press("Publish this plan")
    coordinator.look("story-publish")
    coordinator.press("Publish and send 8 messages")
    assert "This plan is published" in coordinator.text


def reads_the_right_lift(page: str, person: Driver | Rider) -> None:
    if isinstance(person, Driver):
        assert "You have people to take" in page
        assert {rider.name for rider in RIDERS if f"Pick up {rider.name}" in page} == set(person.takes)
    else:
        driver = driver_of(person)
        assert f"{driver.name} picks you up" in page
        for known in (driver.car, person.pickup, person.postcode):
            assert known in page


def cancel(leaver: Visitor, stage: Stage) -> None:
    open_link(leaver, stage, LEAVER, 2)
    leaver.press("Cancel my offer")
    leaver.look("story-cancel")
    leaver.press("Yes, cancel")
    assert "You have cancelled" in leaver.text
    leaver.look("story-cancelled")


def is_told(phone: Visitor, stage: Stage, rider: Rider) -> None:
    letter = text_of(stage.mail_to(rider.email, 3))
    assert re.search(rf"your driver {LEAVER.name} cannot come", letter)
    assert "so far there is none for you" in " ".join(text_of(stage.mail_to(rider.email, 4)).split())
    open_link(phone, stage, rider, 3)
    assert "No lift for you so far" in phone.text
    phone.look("story-no-lift")
