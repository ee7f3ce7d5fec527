"""The same pages in a real browser: when somebody can use them, how the map pans, what axe-core finds, and pictures."""

import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.benchmarks.console.pages import Measured
from tests.benchmarks.console.report import Figure, most, not_built
from tests.benchmarks.console.visitor import Client
from tests.browser.conftest import ARGUMENTS, CHROMIUMS
from tests.browser.visitor import AXE, RULES, VIOLATIONS

USABLE_MS, MAP_MS = 2000, 3000
TABLET, DESK, PHONE = 768, 1440, 360
HIGH = 900
HIGHEST = 6000
"""Pictures end here: a browser draws no page of any height."""
ON_PHONES = re.compile(r"board|ring|calls|repair|approv|proposal")
PATIENCE_MS = 180_000
SLOW_FRAME_MS, MOST_SLOW_PERCENT = 50, 5
STEPS = 60
NOT_OURS = ("/docs",)
"""The viewer of the programs’ interface is Swagger’s own page: it is timed, and nobody runs a day from it."""
IDLE = "() => new Promise(done => requestIdleCallback(() => done(), {timeout: 60000}))"
"""The page's own work is done: what somebody presses now is answered at once."""
ASKED_FOR = "[data-map] button"
"""A map is loaded when somebody asks for it."""
MAP = ".leaflet-container"
DRAWN = f"() => document.querySelector('{MAP} canvas, {MAP} path, {MAP} .leaflet-interactive')"
RECORD = """() => { const frames = window.framesOfFigures = []; let last = performance.now();
  const step = now => { frames.push(now - last); last = now; window.recordsFigures && requestAnimationFrame(step); };
  window.recordsFigures = true; requestAnimationFrame(step); }"""
RECORDED = "() => { window.recordsFigures = false; return window.framesOfFigures.slice(1); }"


def measure(client: Client, pages: Sequence[Measured], shots: Path | None) -> list[Figure]:
    """All figures of the browser, or the line that there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        return [not_built("Coordinators’ pages in a browser", "", "there is no Chromium here")]
    good = [page for page in pages if page.status == 200 and page.whole]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        try:
            figures = list(_usable(browser, client, good))
            if AXE.is_file():
                figures.append(_barriers(browser, client, good, shots))
            else:
                figures.append(not_built("axe-core violations", "0", "axe-core was not fetched"))
            if shots is not None:
                _phones(browser, client, good, shots)
        finally:
            browser.close()
    return figures


def _context(browser: Browser, client: Client, width: int) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": HIGH}, locale="en-GB", timezone_id="Europe/London"
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies(client.cookies())  # type: ignore[arg-type]  # plain dictionaries do
    return context


def _usable(browser: Browser, client: Client, pages: Sequence[Measured]) -> Iterator[Figure]:
    context = _context(browser, client, DESK)
    window = context.new_page()
    plain: list[tuple[float, str]] = []
    with_map: list[tuple[float, str]] = []
    frames: list[tuple[float, float, str]] = []
    for page in pages:
        begun = time.perf_counter()
        window.goto(f"{client.site}{page.path}", wait_until="load", timeout=PATIENCE_MS)
        window.evaluate(IDLE)
        plain.append((1000 * (time.perf_counter() - begun), page.route))
        if window.locator(ASKED_FOR).count():
            with_map.append((1000 * _draw(window), page.route))
            frames.append((*_pan(window), page.route))
    context.close()
    typer.echo(f"{'ms':>7}  usable in Chromium")
    for ms, what in sorted([*plain, *((ms, f"{route} (map)") for ms, route in with_map)], reverse=True):
        typer.echo(f"{ms:7.0f}  {what}")
    typer.echo("")
    ms, route = max(plain)
    over = sum(one > USABLE_MS for one, _ in plain)
    yield most(
        "Slowest coordinator’s page in Chromium, until usable",
        USABLE_MS,
        ms,
        more=f"({route}; {over} over the limit)",
    )
    yield from _map(with_map, frames)


def _draw(window: Page) -> float:
    """Press for the map; seconds until it is there and the page has time again."""
    begun = time.perf_counter()
    window.locator(ASKED_FOR).first.click()
    window.wait_for_function(DRAWN, timeout=PATIENCE_MS)
    window.evaluate(IDLE)
    return time.perf_counter() - begun


def _map(with_map: list[tuple[float, str]], frames: list[tuple[float, float, str]]) -> Iterator[Figure]:
    if not with_map:
        yield not_built("Map in Chromium, from the press until usable", f"≤ {MAP_MS} ms")
        yield not_built("Frames over 50 ms while panning the map", f"≤ {MOST_SLOW_PERCENT} %")
        return
    ms, route = max(with_map)
    yield most("Map in Chromium, from the press until usable", MAP_MS, ms, more=f"({route})")
    share, longest, route = max(frames)
    what = f"Frames over {SLOW_FRAME_MS} ms while panning the map"
    yield most(what, MOST_SLOW_PERCENT, share, "%", f"longest {longest:.0f} ms ({route})")


def _pan(window: Page) -> tuple[float, float]:
    """Drag the map to and fro: the share of slow frames in percent, and the longest frame."""
    area = window.locator(MAP).first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    across, down = box["x"] + box["width"] / 2, box["y"] + min(box["height"], HIGH) / 2
    window.mouse.move(across, down)
    window.mouse.down()
    window.evaluate(RECORD)
    for step in range(STEPS):
        side = step if step < STEPS // 2 else STEPS - step
        window.mouse.move(across + 6 * side, down + 3 * side)
    frames: list[float] = window.evaluate(RECORDED)
    window.mouse.up()
    slow = sum(frame > SLOW_FRAME_MS for frame in frames)
    return 100 * slow / max(1, len(frames)), max(frames, default=0.0)


def _barriers(browser: Browser, client: Client, pages: Sequence[Measured], shots: Path | None) -> Figure:
    """axe-core on every page at both widths, and a picture of each."""
    complaints: list[str] = []
    for width in (TABLET, DESK):
        context = _context(browser, client, width)
        for page in pages:
            window = context.new_page()
            window.goto(f"{client.site}{page.path}", wait_until="load", timeout=PATIENCE_MS)
            window.evaluate(IDLE)
            if window.locator(ASKED_FOR).count():
                _draw(window)
            if shots is not None:
                _picture(window, shots, page.route, width)
            window.evaluate(AXE.read_text(encoding="utf-8"))
            found = window.evaluate(VIOLATIONS, RULES) if page.route not in NOT_OURS else []
            complaints += [f"{page.route} at {width} px: {one}" for one in found]
            wide = window.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                complaints.append(f"{page.route} is {wide} pixels wide in a window of {width}")
            window.close()
        context.close()
    for one in complaints:
        typer.echo(f"axe: {one}")
    return Figure(
        f"axe-core violations, {len(pages)} pages at {TABLET} and {DESK} px",
        "0",
        str(len(complaints)),
        not complaints,
    )


def _phones(browser: Browser, client: Client, pages: Sequence[Measured], shots: Path) -> None:
    context = _context(browser, client, PHONE)
    for page in pages:
        if ON_PHONES.search(page.route):
            window = context.new_page()
            window.goto(f"{client.site}{page.path}", wait_until="load", timeout=PATIENCE_MS)
            window.evaluate(IDLE)
            _picture(window, shots, page.route, PHONE)
            window.close()
    context.close()


def _picture(window: Page, shots: Path, route: str, width: int) -> None:
    shots.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", route.lower()).strip("-")
    high = min(int(window.evaluate("document.documentElement.scrollHeight")), HIGHEST)
    try:
        window.screenshot(
            path=shots / f"{name}-{width}.png", full_page=True,
            clip={"x": 0, "y": 0, "width": width, "height": high},
        )  # fmt: skip
    except Error as error:
        typer.echo(f"no picture of {route}: {error.message.splitlines()[0]}")
