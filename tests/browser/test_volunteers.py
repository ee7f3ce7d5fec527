"""A volunteer in a real browser: on a phone without scripts, at a desk, by keyboard alone, and at 400 % zoom."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, update

from api.services import publishing
from api.services.local import now
from api.store.queries import public_places
from api.store.tables import Lift, Offer, Request
from tests.api import world
from tests.api.pages.scene import Scene, link_of, match
from tests.browser.test_sign_up import places_around, window
from tests.browser.visitor import NARROW, WIDE, Visitor, visitor

__all__ = ["window"]


def test_the_public_pages(chromium: Browser, site: str, scene: Scene, window: tuple[int, bool]) -> None:
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go("/")
        someone.look("front")
        someone.fill(postcode="ZZ9 9ZZ")
        someone.press("Find key seats")
        someone.look("front-error")
        assert someone.page.input_value("#postcode") == "ZZ9 9ZZ"
        assert someone.focused == "summary-of-errors"
        someone.fill(postcode="ls6 9zz")
        someone.press("Find key seats")
        someone.look("near")
        for path, name in (
            ("/near?postcode=ZE1+0AA", "near-nothing"), (scene.base, "campaign"), ("/privacy", "privacy"),
            ("/nothing", "not-there"), ("/open", "open-without-link"),
        ):  # fmt: skip
            someone.go(path)
            someone.look(name)


def test_the_private_page(
    chromium: Browser, site: str, scene: Scene, db: Session, window: tuple[int, bool]
) -> None:
    width, scripts = window
    far = {"name": "Faye", "postcode": "TR18 2AB"}
    people: dict[str, Offer | Request] = {
        "driver": world.add_offer(db, scene.campaign, confirmed=False),
        "rider": world.add_request(db, scene.campaign, confirmed=False, party=2),
        "left": world.add_request(db, scene.campaign, confirmed=False, **far),
    }
    links = {who: link_of(db, sign_up) for who, sign_up in people.items()}
    for who, link in links.items():
        with visitor(chromium, site, width, scripts=scripts) as someone:
            someone.go(f"/l/{link}")
            someone.look("open")
            someone.press("Open my page")
            someone.look(f"my-{who}-waiting")
            assert link not in someone.page.content() + someone.page.url
    publishing.publish(db, scene.campaign, match(db, scene).id, scene.coordinator)
    db.commit()
    for who, link in links.items():
        with visitor(chromium, site, width, scripts=scripts) as someone:
            someone.go(f"/l/{link}")
            someone.press("Open my page")
            someone.look(f"my-{who}")
            if who != "left":
                someone.press("I don’t feel safe")
                someone.look(f"unsafe-{who}")
                someone.press("Go back")
            someone.press("Cancel my")
            someone.look(f"cancel-{who}")
            if who == "rider":
                someone.press("Yes, cancel")
                someone.look("my-cancelled")
                assert "You have cancelled" in someone.text
    start = now() + timedelta(hours=1)
    db.exec(update(Lift).values(departs_at=start, arrives_at=start + timedelta(minutes=40)))
    db.commit()
    with visitor(chromium, site, width, scripts=scripts) as someone:
        on_the_day(someone, links["driver"])


def on_the_day(someone: Visitor, link: str) -> None:
    """A driver is late, then has everything erased; the old link opens nothing, and a new one is asked for."""
    someone.go(f"/l/{link}")
    someone.press("Open my page")
    someone.press("20 min")
    someone.look("my-driver-late")
    assert "You said about 20 minutes." in someone.text
    someone.press("Erase it now")
    someone.look("erase")
    someone.press("Yes, erase it all")
    someone.look("erased")
    someone.go("/open")
    someone.look("link-again")
    someone.fill(email="dora@example.org")
    someone.press("Send it")
    someone.look("link-sent")


def test_a_request_by_keyboard_alone(chromium: Browser, site: str, scene: Scene, db: Session) -> None:
    """Tab, space and the enter key; the first stop of every page is the way past its top."""
    public_places.replace(db, "own:test", places_around("LS6", "Headingley"))
    db.commit()
    with visitor(chromium, site, WIDE) as someone:
        keys = someone.page.keyboard
        someone.go(f"{scene.base}/ask/where")
        keys.press("Tab")
        assert someone.focused == "skip"
        keys.press("Enter")
        for answer in ("LS6 2AB", "", " ", "", "", "", "Ada\t\tada@example.org"):
            to_first_field(someone)
            for field in answer.split("\t"):
                keys.type(field)
                keys.press("Tab")
            someone.page.locator("main form button").focus()
            with someone.page.expect_navigation():
                keys.press("Enter")
        assert someone.page.url.endswith("/check")


def to_first_field(someone: Visitor) -> None:
    for _ in range(20):
        if someone.page.evaluate("document.activeElement.matches('main input')"):
            return
        someone.page.keyboard.press("Tab")
    raise AssertionError("no field can be reached")


def test_the_error_summary_has_the_focus_with_and_without_scripts(
    chromium: Browser, site: str, scene: Scene
) -> None:
    for scripts in (True, False):
        with visitor(chromium, site, NARROW, scripts=scripts) as someone:
            someone.go(f"{scene.base}/offer/where")
            someone.press("Continue")
            assert someone.focused == "summary-of-errors"


def test_pressing_twice_sends_once(chromium: Browser, site: str, scene: Scene) -> None:
    with visitor(chromium, site, WIDE) as someone:
        someone.go(f"{scene.base}/offer/where")
        someone.fill(postcode="LS6 2AB")
        someone.page.locator("main form button").dblclick()
        someone.page.wait_for_url("**/when")


def test_in_the_dark(chromium: Browser, site: str, scene: Scene) -> None:
    with visitor(chromium, site, WIDE, dark=True) as someone:
        for path, name in (("/", "front-dark"), ("/near?postcode=LS6+2AB", "near-dark")):
            someone.go(path)
            someone.look(name)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_which_of_several_towns_is_a_press(chromium: Browser, site: str, scene: Scene, width: int) -> None:
    with visitor(chromium, site, width) as someone:
        someone.go("/")
        someone.fill(postcode="Newport")
        someone.press("Find key seats")
        someone.look("front-which-town")
        someone.press("Newport, PO30")
        someone.look("near-chosen-town")
        assert "from the middle of Newport, PO30" in someone.text
        someone.go(f"{scene.base}/near?postcode=bangor")
        someone.look("campaign-which-town")
        someone.go("/near?postcode=skipton")
        someone.look("near-skipton")
