"""A constituency, an event, a sheet and the map in a real browser: on a phone, at a desk, zoomed, and without scripts."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from api.pages.rendering import has_map
from api.services import campaigns
from tests.api.pages.scene import Scene
from tests.browser.visitor import AXE, NARROW, WIDE, Visitor, visitor

ZOOMED = 320
KILOBYTES = 60


@pytest.fixture(params=[(NARROW, False), (WIDE, True), (ZOOMED, True)], ids=["phone", "desk", "zoomed"])
def window(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """How wide the window is, and whether scripts run."""
    found: tuple[int, bool] = request.param
    return found


def test_from_a_town_to_an_event_and_its_sheet(
    chromium: Browser, site: str, scene: Scene, window: tuple[int, bool]
) -> None:
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go("/")
        someone.fill(postcode="Leeds")
        someone.press("Find key seats")
        someone.look("near-town")
        someone.press("Leeds North West")
        someone.look("place")
        someone.fill(postcode="Newcastle")
        someone.press("Tell me")
        someone.look("place-error")
        someone.fill(postcode="york")
        someone.press("Tell me")
        someone.look("place-away")
        someone.press("Morning canvass")
        someone.look("event")
        someone.press("Sheet to print")
        someone.look("sheet")
        someone.go(f"{scene.base}/home")
        someone.look("from-home")


def test_an_event_that_is_off(chromium: Browser, site: str, scene: Scene, db: Session) -> None:
    campaigns.cancel_event(db, scene.campaign, scene.coordinator, scene.afternoon.id)
    db.commit()
    for width in (NARROW, WIDE):
        with visitor(chromium, site, width) as someone:
            someone.go(f"{scene.base}/events/{scene.afternoon.id}")
            someone.look("event-cancelled")


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_map_comes_when_it_is_asked_for_and_leads_to_the_list(
    chromium: Browser, site: str, scene: Scene, width: int
) -> None:
    if not has_map():
        pytest.skip("the front end's libraries were not fetched")
    with visitor(chromium, site, width) as someone:
        asked: list[str] = []
        someone.page.on("request", lambda request: asked.append(request.url))
        someone.go("/near?postcode=LS6+2AB")
        assert not [url for url in asked if "leaflet" in url or "coast" in url or "map.js" in url]
        someone.page.get_by_role("button", name="Show map").click()
        mark = someone.page.get_by_role("button", name="Leeds North West")
        mark.wait_for()
        someone.look("near-map")
        assert {"1", "2"} == set(someone.page.locator(".map-mark").all_inner_texts())
        mark.focus()
        someone.page.keyboard.press("Enter")
        assert someone.page.evaluate("document.activeElement.textContent") == "Leeds North West"


def test_a_map_that_does_not_come_is_said(chromium: Browser, site: str, scene: Scene) -> None:
    if not has_map():
        pytest.skip("the front end's libraries were not fetched")
    with visitor(chromium, site, NARROW) as someone:
        someone.page.route("**/coast.json", lambda route: route.fulfill(status=404))
        someone.go("/near?postcode=LS6+2AB")
        someone.page.get_by_role("button", name="Show map").click()
        someone.page.get_by_text("The map could not be loaded.").wait_for()


def test_without_scripts_nobody_is_offered_what_needs_them(
    chromium: Browser, site: str, scene: Scene
) -> None:
    with visitor(chromium, site, NARROW, scripts=False) as someone:
        for path in ("/near?postcode=LS6+2AB", f"{scene.base}/events/{scene.morning.id}"):
            someone.go(path)
            assert not someone.page.get_by_role("button", name="Show map").count()
            assert not someone.page.get_by_role("button", name="Share this page").count()


def weight_of(someone: Visitor, path: str) -> int:
    """Bytes of everything that a first visit loads, as a server that compresses sends them."""
    import gzip

    bodies: list[bytes] = []
    someone.page.on("response", lambda response: bodies.append(response.body()))
    someone.go(path)
    someone.page.wait_for_load_state("networkidle")
    return sum(len(gzip.compress(body)) for body in bodies)


def test_every_page_is_light_when_it_is_first_loaded(chromium: Browser, site: str, scene: Scene) -> None:
    for path in (
        "/", "/near?postcode=LS6+2AB", scene.base, f"{scene.base}/places/{scene.morning.constituency}",
        f"{scene.base}/events/{scene.morning.id}", f"{scene.base}/events/{scene.morning.id}/sheet",
    ):  # fmt: skip
        with visitor(chromium, site, NARROW) as someone:
            assert weight_of(someone, path) < KILOBYTES * 1024, path


def test_what_looks_for_barriers_would_find_one(chromium: Browser, site: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core was not fetched")
    with visitor(chromium, site, NARROW) as someone:
        someone.go("/")
        someone.page.evaluate("document.documentElement.removeAttribute('lang')")
        someone.look("front-barrier")
        assert [found for found in someone.complaints if "html-has-lang" in found]
        someone.complaints.clear()
