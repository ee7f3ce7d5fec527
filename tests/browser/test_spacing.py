"""Public pages as people set them who cannot read them as they are: at 320 pixels, as at four times the size, with wide
spacing, and in the few colours that a system forces on every page (WCAG 2.2, 1.4.10 and 1.4.12)."""

from playwright.sync_api import Browser
from sqlmodel import Session

from api.commands.figures.addresses import addresses
from api.edge import cookies
from api.services import yardstick

REFLOW = 320
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }"""
CUT_OFF = """() => [...document.querySelectorAll("main a, main button, main label, main h1, main h2, main p, main dd, main li")]
  .filter(one => one.clientWidth && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX == "hidden")
  .map(one => one.outerHTML.slice(0, 80))"""


def test_nothing_is_cut_off_or_sticks_out(chromium: Browser, site: str, db: Session) -> None:
    scene = yardstick.create(db, "a long enough password", events=40)
    db.commit()
    # Our own rules forbid styles from elsewhere; those of readers are none of the page's business.
    context = chromium.new_context(
        viewport={"width": REFLOW, "height": 640}, bypass_csp=True, forced_colors="active"
    )
    page, wrong = context.new_page(), list[str]()
    for path in (path for some in addresses(scene).values() for path in some):
        cookie = {"name": cookies.DRAFT.name, "value": scene.token_at(path), "url": site}
        context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary does
        page.goto(f"{site}{path}")
        page.add_style_tag(content=SPACED)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > REFLOW:
            wrong.append(f"{path} is {wide} pixels wide")
        wrong += [f"{path}: {one}" for one in page.evaluate(CUT_OFF)]
    context.close()
    assert wrong == []
