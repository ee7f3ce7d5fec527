"""What a private link leaves behind in the browser: nothing for the next site, nor for whoever sits there next."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import Session

from tests.api import world
from tests.api.pages.scene import Scene, link_of
from tests.browser.visitor import NARROW, Visitor, visitor

FOLLOW = """address => { const a = document.createElement("a"); a.href = address; document.body.append(a); a.click(); }"""
STEPS_BACK = 6


class Elsewhere(ThreadingHTTPServer):
    """Another site, which keeps what each visitor's browser says of where they come from."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.told: list[str | None] = []


class _Page(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        if self.path == "/":
            self.server.told.append(self.headers["Referer"])
        body = b"<h1>Elsewhere</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not to the screen."""


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def token(db: Session, scene: Scene) -> str:
    """Of Dora, who drives."""
    offer = world.add_offer(db, scene.campaign, confirmed=False)
    found = link_of(db, offer)
    db.commit()
    return found


@pytest.fixture
def someone(chromium: Browser, site: str) -> Iterator[Visitor]:
    with visitor(chromium, site, NARROW) as phone:
        yield phone


def leave_for(page: Page, elsewhere: Elsewhere) -> None:
    """By a link on the page, as a browser goes from site to site."""
    with page.expect_navigation():
        page.evaluate(FOLLOW, f"http://127.0.0.1:{elsewhere.server_port}/")


def seen_going_back(page: Page) -> tuple[str, str]:
    """All addresses and all words on the way back through the history of the window."""
    addresses, words = [page.url], [page.inner_text("body")]
    for _ in range(STEPS_BACK):
        page.go_back()
        addresses.append(page.url)
        words.append(page.inner_text("body"))
    return " ".join(addresses), " ".join(words)


def test_no_other_site_hears_of_a_private_link(elsewhere: Elsewhere, someone: Visitor, token: str) -> None:
    page = someone.page
    said: list[str] = []
    page.on("request", lambda request: said.append(f"{request.url} {request.headers.get('referer', '')}"))
    page.goto(f"{someone.site}/l/{token}")
    leave_for(page, elsewhere)
    someone.go("/open")
    someone.press("Open my page")
    leave_for(page, elsewhere)
    assert elsewhere.told == [None, None]
    # The one request that the message itself makes; nothing afterwards has it, as an address or as where it came from.
    assert [one for one in said if token in one] == [f"{someone.site}/l/{token} "]
    someone.complaints.clear()


def test_the_history_of_the_window_has_no_key(someone: Visitor, token: str) -> None:
    someone.go("/")
    someone.go(f"/l/{token}")
    someone.press("Open my page")
    assert "Dora" in someone.text
    addresses, _ = seen_going_back(someone.page)
    assert "/my" in addresses and token not in addresses


def test_after_leaving_the_button_back_shows_nothing_of_it(someone: Visitor, token: str) -> None:
    someone.go(f"/l/{token}")
    someone.press("Open my page")
    assert "Dora" in someone.text
    someone.page.locator("form[action='/my/leave'] button").first.click()
    someone.page.wait_for_load_state()
    _, words = seen_going_back(someone.page)
    assert "Dora" not in words
