"""The main job from end to end, with nothing pretended: forms, mails, a run, lifts, a cancellation."""

import re
from urllib.parse import quote

from tests.mail import text_of
from tests.patience import until
from tests.story.cast import (
    CAMPAIGN,
    COORDINATOR,
    DAY,
    DRIVERS,
    EVENT,
    EVERYBODY,
    LEAVER,
    RIDERS,
    Driver,
    Rider,
    driver_of,
)
from tests.story.stage import PASSWORD, Stage
from tests.story.visitor import Visitor

SLUG = "polling-day-in-the-north"
DESK = f"/coordinate/{SLUG}"
MOST_STEPS = 10
Visitors = dict[str, Visitor]


def test_from_the_form_to_the_lift_and_its_cancellation(stage: Stage) -> None:
    with Visitor(stage.url) as coordinator:
        set_up(coordinator)
        visitors = {person.name: Visitor(stage.url) for person in EVERYBODY}
        for person in EVERYBODY:
            sign_up(visitors[person.name], person)
            confirm(stage, visitors[person.name], person)
        match_and_publish(coordinator)
        for driver in DRIVERS:
            driver_reads(stage, visitors, driver)
        for rider in RIDERS:
            rider_reads(stage, visitors, rider)
        assert len(stage.mailbox.mails) == 2 * len(EVERYBODY)
        cancel(stage, visitors)
        for visitor in visitors.values():
            visitor.__exit__(None, None, None)
    assert stage.service.end() == 0
    nothing_private_is_logged(stage)


def set_up(coordinator: Visitor) -> None:
    """Log in, make the campaign, take the close constituencies, add the event."""
    coordinator.go("/login")
    coordinator.press("/login", email=COORDINATOR, password=PASSWORD)
    coordinator.go("/coordinate/new")
    coordinator.press("/coordinate/new", **CAMPAIGN)
    assert coordinator.address == DESK
    coordinator.press(f"{DESK}/keys", under_pct="5")
    assert "115 key constituencies" in coordinator.text
    coordinator.go(f"{DESK}/events/new")
    coordinator.press(f"{DESK}/events/new", **EVENT)
    assert EVENT["title"] in coordinator.text


def sign_up(visitor: Visitor, person: Driver | Rider) -> None:
    """Go through the form a page at a time, and send it."""
    visitor.go(f"/c/{SLUG}/{person.what}/where?postcode={quote(person.postcode)}")
    answers = person.fields | {"day": DAY.isoformat()}
    for _ in range(MOST_STEPS):
        if visitor.address.endswith("/check"):
            break
        before = visitor.address
        visitor.press(f"/c/{SLUG}/{person.what}/", **answers)
        assert visitor.address != before, visitor.text
    assert person.postcode in visitor.text
    visitor.press("/check", consent="true")
    assert re.match(f"/c/{SLUG}/sent/[A-Z0-9-]+$", visitor.address)


def confirm(stage: Stage, visitor: Visitor, person: Driver | Rider) -> None:
    """Open the link of the first mail and press the button."""
    mail = stage.mail_to(person.email, 1)
    assert "Please confirm" in mail["Subject"]
    open_link(stage, visitor, person, 1)
    assert "We are looking for your lift" in visitor.text


def open_link(stage: Stage, visitor: Visitor, person: Driver | Rider, number: int) -> None:
    visitor.go(stage.link_in(stage.mail_to(person.email, number)))
    assert visitor.address == "/open"
    visitor.press("/open")
    assert visitor.address == "/my"


def match_and_publish(coordinator: Visitor) -> None:
    day = f"{DESK}/{DAY}"
    coordinator.go(day)
    assert "drivers confirmed, of 3 3" in coordinator.text
    coordinator.go(f"{day}/match")
    coordinator.press(f"{day}/match", seconds="10")

    def is_ready() -> bool:
        coordinator.go(f"{day}/match")
        assert "did not work" not in coordinator.text
        return "A plan is ready" in coordinator.text

    until(is_ready, "the plan")
    assert "It brings 8 people" in coordinator.text
    [publish] = [link for link in coordinator.page.links if link.endswith("/publish")]
    coordinator.go(publish)
    assert "lifts will stand 3" in coordinator.text
    coordinator.press("/publish")
    assert "This plan is published" in coordinator.text


def driver_reads(stage: Stage, visitors: Visitors, driver: Driver) -> None:
    """Mail and page name the riders, in one order, and where to find them."""
    letter = text_of(stage.mail_to(driver.email, 2))
    open_link(stage, visitors[driver.name], driver, 2)
    page = visitors[driver.name].text
    assert "You have people to take" in page
    for rider in RIDERS:
        for text in (letter, page):
            assert (rider.name in text, rider.pickup in text) == ((rider.name in driver.takes,) * 2)
    assert order(letter, driver) == order(page, driver)


def order(text: str, driver: Driver) -> list[str]:
    return sorted(driver.takes, key=text.index)


def rider_reads(stage: Stage, visitors: Visitors, rider: Rider) -> None:
    """Mail and page name the driver, the car and the word to say; no other rider."""
    driver = driver_of(rider)
    letter = text_of(stage.mail_to(rider.email, 2))
    visitor = visitors[rider.name]
    open_link(stage, visitor, rider, 2)
    assert "You have a lift" in visitor.text
    word = re.search(r"The word to say: (\w+)", letter)
    assert word
    for text in (letter, visitor.text):
        for known in (driver.name, driver.car, "KDX", rider.pickup, rider.postcode, word[1]):
            assert known in text
        for other in EVERYBODY:
            assert other.name in (rider.name, driver.name) or other.name not in text
    assert "07700 900123" in visitor.text
    assert "07700" not in letter
    visitors[driver.name].go("/my")
    assert word[1] in visitors[driver.name].text


def cancel(stage: Stage, visitors: Visitors) -> None:
    """One driver cannot come: it is confirmed, the riders are told at once, and nobody else hears of it."""
    before = {person.name: len(stage.mailbox.to(person.email)) for person in EVERYBODY}
    leaver = visitors[LEAVER.name]
    leaver.go("/my/cancel")
    leaver.press("/my/cancel")
    assert "You have cancelled" in leaver.text
    assert "Cancelled" in stage.mail_to(LEAVER.email, 3)["Subject"]
    for rider in RIDERS:
        visitors[rider.name].go("/my")
        if driver_of(rider) is not LEAVER:
            assert "You have a lift" in visitors[rider.name].text
            continue
        mail = stage.mail_to(rider.email, 3)
        assert "is off" in mail["Subject"]
        assert f"your driver {LEAVER.name} cannot come" in text_of(mail)
        assert "No lift for you so far" in visitors[rider.name].text
    after = {person.name: len(stage.mailbox.to(person.email)) for person in EVERYBODY}
    told = {name for name in after if after[name] > before[name]}
    assert told == {LEAVER.name, *LEAVER.takes}
    assert all(after[name] == before[name] + 1 for name in told)


def nothing_private_is_logged(stage: Stage) -> None:
    tokens = {stage.link_in(mail).rpartition("/")[2] for mail in stage.mailbox.mails}
    assert len(tokens) == len(stage.mailbox.mails), "each message has a link of its own"
    for private in (*tokens, "07700", "lifts.org.uk", "KDX", *(person.postcode for person in EVERYBODY)):
        assert private not in stage.service.output
