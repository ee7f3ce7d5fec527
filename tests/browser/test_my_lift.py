"""The private page in a real browser: friends, the note on never with whom, the map of the way, and a lift called off."""

from datetime import time, timedelta

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select, update

from api.pages.rendering import has_map
from api.services import deadlines, local, my_page, outbox, publishing
from api.services.local import at
from api.store.tables import Lift, Offer, Person, Request
from tests.api import world
from tests.api.pages.scene import PASSWORD, Scene, link_of, match
from tests.browser.visitor import NARROW, WIDE, Visitor, visitor

AFTER = at(world.DAY - timedelta(days=1), time(20, 30))
WINDOWS = [(NARROW, False), (NARROW, True), (WIDE, True)]
People = dict[str, Offer | Request]


@pytest.fixture
def people(db: Session, scene: Scene) -> People:
    """Dora drives; Rafi and Cleo would ride."""
    return {
        "driver": world.add_offer(db, scene.campaign, confirmed=False, max_detour_minutes=45),
        "rider": world.add_request(db, scene.campaign, confirmed=False),
        "friend": world.add_request(
            db,
            scene.campaign,
            confirmed=False,
            name="Cleo Clark",
            max_travel_minutes=180,
            postcode="LS11 5AA",
        ),
    }


@pytest.fixture
def links(db: Session, people: People) -> dict[str, str]:
    return {who: link_of(db, sign_up) for who, sign_up in people.items()}


def publish(db: Session, scene: Scene) -> None:
    """The lifts of everybody, whoever has opened their link."""
    db.exec(update(Person).values(confirmed_at=local.now()))
    publishing.publish(db, scene.campaign, match(db, scene).id, scene.coordinator)
    db.commit()


def listen(someone: Visitor) -> list[str]:
    """The addresses that this browser asks for from now on."""
    asked: list[str] = []
    someone.page.on("request", lambda request: asked.append(request.url))
    return asked


def get_in(someone: Visitor, link: str) -> None:
    someone.go(f"/l/{link}")
    someone.press("Open my page")


@pytest.mark.parametrize(("width", "scripts"), WINDOWS)
def test_two_friends_and_a_word(
    chromium: Browser, site: str, links: dict[str, str], width: int, scripts: bool
) -> None:
    with (
        visitor(chromium, site, width, scripts=scripts) as one,
        visitor(chromium, site, width, scripts=scripts) as other,
    ):
        get_in(one, links["rider"])
        one.press("Travel with a friend")
        one.look("friends")
        one.press("Make a word")
        one.look("friends-word")
        word = one.page.locator(".word").inner_text()
        get_in(other, links["friend"])
        other.press("Travel with a friend")
        other.fill(word="no such word")
        other.press("Travel together")
        other.look("friends-error")
        assert other.page.input_value("#word") == "no such word"
        other.fill(word=word.lower())
        other.press("Travel together")
        other.look("friends-together")
        assert "You and Rafi" in other.text
        other.press("Back to your page")
        other.look("my-with-friend")
        other.press("Travel with a friend")
        other.press("Travel without them")
        assert "You and Rafi" not in other.text


@pytest.mark.parametrize(("width", "scripts"), WINDOWS)
def test_never_with_somebody(
    chromium: Browser, site: str, scene: Scene, links: dict[str, str], width: int, scripts: bool
) -> None:
    with visitor(chromium, site, width, scripts=scripts) as rider:
        get_in(rider, links["rider"])
        rider.press("Somebody I must not travel with")
        rider.look("never-with")
        rider.press("Tell the coordinators")
        rider.look("never-with-error")
        rider.fill(said="Cleo Clark from Beeston, or a driver called Dora")
        rider.press("Tell the coordinators")
        rider.look("never-with-noted")
    with visitor(chromium, site, width, scripts=scripts) as desk:
        log_in(desk)
        desk.go(f"{scene.desk}/{world.DAY}")
        desk.look("day-note")
        desk.press("Read the note")
        desk.look("note")
        desk.press("Never in one car")
        desk.look("note-error")
        desk.fill(wanted="nobody")
        desk.press("Look")
        desk.look("note-nobody")
        desk.press("Close the note")
        assert "must not travel" not in desk.text


def log_in(desk: Visitor) -> None:
    desk.go("/login")
    desk.fill(email="priya@example.org", password=PASSWORD)
    desk.press("Log in")


@pytest.mark.parametrize(("width", "scripts"), WINDOWS)
def test_nothing_is_heard_of_a_driver(
    chromium: Browser,
    site: str,
    db: Session,
    scene: Scene,
    links: dict[str, str],
    width: int,
    scripts: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with visitor(chromium, site, width, scripts=scripts) as driver:
        get_in(driver, links["driver"])
        publish(db, scene)
        for module in (deadlines, my_page):
            monkeypatch.setattr(module, "now", lambda: AFTER)
        with visitor(chromium, site, width, scripts=scripts) as desk:
            log_in(desk)
            desk.go(f"{scene.desk}/{world.DAY}")
            desk.look("day-ring")
            desk.press("Show the number")
            desk.look("ring")
        driver.go("/my")
        driver.look("my-driver-awaited")
        lift = db.exec(select(Lift)).one()
        monkeypatch.setattr(deadlines, "now", lambda: local.local(lift.departs_at) - timedelta(hours=3))
        monkeypatch.setattr(deadlines, "today", lambda: world.DAY)
        assert deadlines.call_off_due(db) == 1
        db.commit()
        driver.go("/my")
        driver.look("my-driver-unheard")
        driver.press("I can come after all")
        assert "called off" not in driver.text


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_map_shows_the_stops_that_its_reader_may_see(
    chromium: Browser, site: str, db: Session, scene: Scene, links: dict[str, str], width: int
) -> None:
    if not has_map():
        pytest.skip("the front end's libraries were not fetched")
    for who, stops in (("driver", 3), ("rider", 2)):
        with visitor(chromium, site, width) as someone:
            asked = listen(someone)
            get_in(someone, links[who])
            if who == "driver":
                publish(db, scene)
                someone.go("/my")
            assert not [url for url in asked if "leaflet" in url or "coast" in url or "map.js" in url]
            someone.page.get_by_role("button", name="Show map").click()
            someone.page.get_by_role("button", name="Market Square").wait_for()
            someone.look(f"my-{who}-map")
            times = someone.page.locator(".map-time").all_inner_texts()
            assert len(times) == stops and times == sorted(times)
            first = someone.page.locator(".map-time").first
            first.focus()
            someone.page.keyboard.press("Enter")
            assert times[0] in someone.page.evaluate("document.activeElement.textContent")


def test_without_scripts_the_list_is_all_there_is(
    chromium: Browser, site: str, db: Session, scene: Scene, links: dict[str, str]
) -> None:
    with visitor(chromium, site, NARROW, scripts=False) as someone:
        get_in(someone, links["driver"])
        publish(db, scene)
        someone.go("/my")
        assert not someone.page.get_by_role("button", name="Show map").count()
        assert someone.page.locator(".stop[data-lat]").count() == 3


@pytest.mark.parametrize(("width", "scripts"), WINDOWS)
def test_a_new_contact_is_typed_and_confirmed(
    chromium: Browser,
    site: str,
    db: Session,
    people: People,
    links: dict[str, str],
    width: int,
    scripts: bool,
) -> None:
    with visitor(chromium, site, width, scripts=scripts) as someone:
        get_in(someone, links["rider"])
        someone.press("Change my name or contact")
        someone.look("contact")
        someone.fill(email="rafi@")
        someone.press("Save")
        someone.look("contact-wrong")
        someone.fill(email="rafi.new@example.org")
        someone.press("Save")
        someone.look("contact-code")
        someone.fill(code="12")
        someone.press("Confirm")
        someone.look("contact-code-wrong")
        message = world.messages_of(db, people["rider"], "new_contact")[0]
        envelope = outbox.claim(db, message.id)
        db.commit()
        someone.go("/my")
        someone.look("my-with-code-to-type")
        someone.press("Type the code")
        assert envelope is not None
        someone.fill(code=envelope.code)
        someone.press("Confirm")
        assert "rafi.new@example.org" in someone.text and "Type the code" not in someone.text
