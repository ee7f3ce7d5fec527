"""Keys for coordinators in a real browser: they go, search and step, never while somebody types, and can be turned off."""

from playwright.sync_api import Browser
from sqlmodel import Session

from tests.api import world
from tests.api.pages.scene import PASSWORD, Scene
from tests.browser.conftest import ARTEFACTS
from tests.browser.visitor import NARROW, Visitor, visitor


def enter(someone: Visitor, path: str) -> None:
    someone.go(path)
    someone.fill(email="priya@example.org", password=PASSWORD)
    someone.press("Log in")


def keys(someone: Visitor, *pressed: str) -> None:
    for key in pressed:
        someone.page.keyboard.press(key)
    someone.page.wait_for_load_state()


def focused_row(someone: Visitor) -> str:
    return str(someone.page.evaluate("document.activeElement.closest('tr, li')?.innerText ?? ''"))


def test_keys_go_search_and_step(chromium: Browser, site: str, scene: Scene, db: Session) -> None:
    for name in ("Ada", "Bea", "Cy"):
        world.add_request(db, scene.campaign, name=name)
    db.commit()
    day = f"{scene.desk}/{world.DAY}"
    with visitor(chromium, site, 1440) as someone:
        enter(someone, day)
        keys(someone, "g", "p")
        someone.page.wait_for_url(f"**{day}/people")
        keys(someone, "j", "j")
        assert "Bea" in focused_row(someone)
        keys(someone, "k")
        assert "Ada" in focused_row(someone)
        keys(someone, "/")
        before = someone.page.url
        someone.page.keyboard.type("g m?/jk")
        assert someone.page.evaluate("document.activeElement.value") == "g m?/jk"
        assert someone.page.url == before and not someone.page.locator("dialog").is_visible()
        someone.page.locator("h1").click()
        keys(someone, "g", "f")
        someone.page.wait_for_url(f"**{day}/exports")
        keys(someone, "j")
        assert someone.page.evaluate("document.activeElement.matches('li, tr')")
        keys(someone, "Enter")
        someone.page.wait_for_url(f"**{day}/exports/offers")
        keys(someone, "g", "c")
        someone.page.wait_for_url("**/coordinate")
        keys(someone, "g", "z", "Control+j")
        assert someone.page.url.endswith("/coordinate")


def test_the_list_of_keys_opens_closes_and_turns_them_off(chromium: Browser, site: str, scene: Scene) -> None:
    for width in (NARROW, 768, 1440):
        with visitor(chromium, site, width) as someone:
            enter(someone, f"{scene.desk}/{world.DAY}")
            dialog = someone.page.locator("dialog")
            assert not dialog.is_visible()
            keys(someone, "?")
            assert "To the next row" in dialog.inner_text() and "Files and paper" in dialog.inner_text()
            someone.look("shortcuts")
            someone.page.screenshot(path=ARTEFACTS / f"shortcuts-{width}.png")
            keys(someone, "g", "c")  # The list is open: nothing else happens.
            assert dialog.is_visible()
            someone.page.get_by_label("These keys are on").uncheck()
            keys(someone, "Escape", "?")
            assert not dialog.is_visible()
            someone.page.reload()
            keys(someone, "?", "g", "c")
            assert not dialog.is_visible() and str(world.DAY) in someone.page.url
            someone.page.get_by_role("button", name="Keyboard shortcuts").click()
            assert not someone.page.get_by_label("These keys are on").is_checked()
            someone.page.get_by_label("These keys are on").check()
            someone.page.get_by_role("button", name="Close").click()
            keys(someone, "?")
            assert dialog.is_visible()


def test_without_scripts_there_is_nothing_of_it(chromium: Browser, site: str, scene: Scene) -> None:
    with visitor(chromium, site, 768, scripts=False) as someone:
        enter(someone, f"{scene.desk}/{world.DAY}")
        keys(someone, "?")
        assert "Keyboard shortcuts" not in someone.text


def test_volunteers_have_no_such_keys(chromium: Browser, site: str, scene: Scene) -> None:
    with visitor(chromium, site, 768) as someone:
        someone.go(f"{scene.base}")
        assert someone.page.locator("dialog").count() == 0
        assert "shortcuts.js" not in someone.page.content()
