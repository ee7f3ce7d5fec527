"""The sign-up pages in a real browser: on a phone without scripts, on one with axe-core, at a desk, and at 400 % zoom."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from api.store.queries import public_places
from carpool.geo.constituency import postcode_districts
from tests.api import world
from tests.api.pages.scene import Scene
from tests.browser.visitor import NARROW, WIDE, Visitor, visitor

ZOOMED = 320
"""How wide 1280 pixels are at 400 %."""


@pytest.fixture(params=[(NARROW, False), (WIDE, True), (ZOOMED, True)], ids=["phone", "desk", "zoomed"])
def window(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """How wide the window is, and whether scripts run."""
    found: tuple[int, bool] = request.param
    return found


def places_around(district: str, town: str) -> list[public_places.Row]:
    """A library, a station and a bus stop, the last a long walk away."""
    middle = postcode_districts()[district]
    spots = (
        ("Library", "library", 0.002),
        ("Kirkgate Station", "railway station", 0.006),
        ("Hill Top", "bus stop", 0.017),
    )
    return [(f"{town} {name}", kind, middle.lat + north, middle.lon) for name, kind, north in spots]


@pytest.fixture
def places(db: Session, scene: Scene) -> None:
    """Public places in Wakefield, and an event that says what is there."""
    public_places.replace(db, "own:test", places_around("WF1", "Wakefield"))
    access = {"step_free": True, "toilet": True, "seated": True}
    world.add_event(db, scene.campaign, scene.coordinator, title="Envelopes", kind="other", **access)
    db.commit()


@pytest.mark.parametrize("what", ["offer", "ask", "either"])
@pytest.mark.usefixtures("places")
def test_signing_up(chromium: Browser, site: str, scene: Scene, window: tuple[int, bool], what: str) -> None:
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        sign_up(someone, scene, what)


@pytest.mark.usefixtures("places")
def test_the_sign_up_pages_have_no_barriers(chromium: Browser, site: str, scene: Scene) -> None:
    """As on the phone, with scripts, which axe-core needs."""
    with visitor(chromium, site, NARROW) as someone:
        sign_up(someone, scene, "either")


def sign_up(someone: Visitor, scene: Scene, what: str) -> None:
    """From the search to the reference, with every mistake there is a page for."""
    someone.go("/near?postcode=LS6+2AB")
    someone.press("Ask for a lift" if what == "ask" else "Offer a lift")
    assert someone.page.input_value("#postcode") == "LS6 2AB"
    someone.look(f"{what}-1-where")
    if what == "either":
        someone.go(f"{scene.base}/either/where")
    where(someone, what)
    someone.look(f"{what}-2-when")
    if what == "either":
        someone.page.get_by_label(f"{scene.next_day.day:%A}").check()
        someone.page.get_by_role("group", name="On how many").get_by_label("1", exact=True).check()
    someone.press("Continue")
    someone.look(f"{what}-3-role")
    someone.press("Continue")
    people(someone, what)
    someone.look(f"{what}-5-comfort")
    if what != "ask":
        someone.fill(car="blue Ford Fiesta", plate="KDX")
    someone.press("Continue")
    contact(someone, what)
    someone.look(f"{what}-7-check")
    someone.press("Send my")
    someone.look(f"{what}-7-check-error")
    assert someone.focused == "summary-of-errors" or not someone.scripts
    someone.tick("consent")
    someone.press("Send my")
    someone.look(f"{what}-8-sent")
    assert "check your e-mail" in someone.text


def where(someone: Visitor, what: str) -> None:
    someone.fill(postcode="LS6")
    someone.press("Continue")
    someone.look(f"{what}-1-where-error")
    someone.fill(postcode="WF1 1AA")
    someone.press("Continue")
    if what == "offer":
        return
    someone.look(f"{what}-1-where-places")
    for box in someone.page.locator("input[name=places]").all():
        box.uncheck()
    someone.press("Continue")
    someone.look(f"{what}-1-where-places-error")
    someone.page.get_by_label("Wakefield Library").check()
    someone.page.get_by_text("At your door").click()
    someone.look(f"{what}-1-where-door")
    someone.press("Continue")


def people(someone: Visitor, what: str) -> None:
    someone.look(f"{what}-4-people")
    if what != "ask":
        someone.page.get_by_role("group", name="How many more people").get_by_label("3", exact=True).check()
    someone.fill(ready_at="08:30", home_by="07:00")
    someone.page.get_by_text("Must you be somewhere else").click()
    someone.fill(elsewhere="LS6 2AB", elsewhere_by="")
    someone.press("Continue")
    someone.look(f"{what}-4-people-error")
    someone.fill(home_by="21:00", elsewhere_by="18:00")
    someone.press("Continue")


def contact(someone: Visitor, what: str) -> None:
    someone.look(f"{what}-6-contact")
    someone.fill(name="Ada", email="ada@", phone="077")
    someone.press("Continue")
    someone.look(f"{what}-6-contact-error")
    assert someone.page.input_value("#email") == "ada@"
    someone.fill(email=f"{what}@example.org", phone="0113 496 2345")
    someone.press("Continue")
