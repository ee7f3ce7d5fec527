"""Letters in a real mail window's engine: they ask nobody for anything, fit a telephone, and bar nobody."""

import pytest
from playwright.sync_api import Browser

from api.messages.letters import KINDS
from tests.api.messages.scene import to_driver, to_rider
from tests.browser.visitor import AXE, NARROW, RULES, VIOLATIONS, WIDE

READERS = (to_driver, to_rider)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_letter(chromium: Browser, width: int) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core was not fetched")
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page, asked, wrong = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    for letter, name in ((to(kind), f"{kind} {to.__name__}") for kind in sorted(KINDS) for to in READERS):
        page.set_content(letter.html)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            wrong.append(f"{name} is {wide} pixels wide")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        wrong += [f"{name}: {one}" for one in page.evaluate(VIOLATIONS, RULES)]
    context.close()
    assert (asked, wrong) == ([], [])
