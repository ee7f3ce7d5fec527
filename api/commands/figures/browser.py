"""The same pages in a real browser, where there is one: it sees every request, whoever makes it."""

import shutil
from collections.abc import Iterable
from urllib.parse import urlsplit

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def asked_elsewhere(site: str, paths: Iterable[str], cookie: tuple[str, str]) -> list[str] | None:
    """The addresses on other hosts that the pages asked for; None where no browser can be had."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if found is None:
        return None
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        context = browser.new_context()
        context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": site}])
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for path in paths:
            page.goto(f"{site}{path}", wait_until="networkidle")
        browser.close()
    own = urlsplit(site).netloc
    return sorted(
        {url for url in asked if urlsplit(url).netloc not in (own, "") and not url.startswith("data:")}
    )
