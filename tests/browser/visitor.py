"""Somebody with a browser, who looks at every page that they come by and keeps a picture of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route

from tests.browser.conftest import ARTEFACTS, PROJECT

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"

NARROW, WIDE = 360, 1280
HIGH = 800
SMALLEST_TARGET = 44
# A page of ours that says what is wrong has a status that says so too; the console repeats the status.
ANSWERS_WITH_A_STATUS = tuple(f"status of {status}" for status in (401, 403, 404, 409, 422, 429, 503))

TOO_SMALL = """least => [...document.querySelectorAll(
  'main .button, main input:not([type=hidden]):not(.pill input):not(.choice input), main select, .choice, .pill, .back, .brand'
)].filter(one => { const box = one.getBoundingClientRect(); return box.width && Math.min(box.width, box.height) < least; })
  .map(one => one.outerHTML.slice(0, 80))"""


RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
VIOLATIONS = """rules => axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]})
  .then(found => found.violations.map(
    one => `${one.id}: ` + one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(" | ")))"""


class Visitor:
    """One browser window at a site. `complaints` gathers whatever is wrong on the way."""

    def __init__(self, page: Page, site: str, width: int, scripts: bool) -> None:
        self.page = page
        self.site = site
        self.width = width
        self.scripts = scripts
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._watch)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")

    def look(self, name: str) -> None:
        """Keep a picture, and see that nothing sticks out sideways and everything can be hit with a thumb.

        In narrow windows also that axe-core finds nothing against WCAG 2.2 AA, where `make setup` could fetch it and
        scripts run, without which it cannot.
        """
        self.page.wait_for_load_state()
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > self.width:
            self.complaints.append(f"{name} is {wide} pixels wide in a window of {self.width}")
        self.complaints += [f"{name}: small {one}" for one in self.page.evaluate(TOO_SMALL, SMALLEST_TARGET)]
        if self.scripts and self.width <= NARROW and AXE.is_file():
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            self.complaints += [f"{name}: {one}" for one in self.page.evaluate(VIOLATIONS, RULES)]
        if self.width in (NARROW, WIDE):
            self.page.screenshot(path=ARTEFACTS / f"{name}-{self.width}.png", full_page=True)

    def picture(self, name: str) -> None:
        """Keep a picture at whatever width the window has."""
        self.page.screenshot(path=ARTEFACTS / f"{name}-{self.width}.png", full_page=True)

    def press(self, name: str) -> None:
        """Press the button or link of this name on the page itself."""
        main = self.page.locator("main")
        main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()
        self.page.wait_for_load_state()

    def fill(self, **answers: str) -> None:
        for field, answer in answers.items():
            self.page.fill(f"#{field}", answer)

    def tick(self, *fields: str) -> None:
        for field in fields:
            self.page.check(f"#{field}")

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    @property
    def focused(self) -> str:
        """What has the focus, by id or class."""
        words: Any = self.page.evaluate("document.activeElement.id || document.activeElement.className")
        return str(words)

    def _listen(self, message: ConsoleMessage) -> None:
        expected = any(status in message.text for status in ANSWERS_WITH_A_STATUS)
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", None):
            self.complaints.append(f"asked another host: {request.url}")


def _without_scripts(route: Route) -> None:
    """An empty script in the place of each."""
    if route.request.resource_type == "script":
        route.fulfill(status=200, content_type="text/javascript", body="")
    else:
        route.continue_()


@contextmanager
def visitor(
    browser: Browser, site: str, width: int, *, scripts: bool = True, dark: bool = False, bare: bool = False
) -> Iterator[Visitor]:
    """A fresh browser without any cookie; fails at the end if there was anything to complain about.

    `bare`: none of the site's scripts arrives, so that axe-core looks at the page as it is without them.
    """
    context = browser.new_context(
        viewport={"width": width, "height": HIGH},
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    if bare:
        context.route("**/*", _without_scripts)
    someone = Visitor(context.new_page(), site, width, scripts)
    try:
        yield someone
    finally:
        context.close()
    assert not someone.complaints, someone.complaints
