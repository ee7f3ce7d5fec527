"""axe-core on public pages as they are without scripts, on a telephone, and on whatever goes wrong on them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlmodel import Session, update

from api.commands.figures.addresses import addresses
from api.edge import cookies
from api.pages.journeys import CHECK, WAYS, What
from api.services import campaigns, yardstick
from api.services.local import now
from api.services.yardstick import Yardstick
from api.settings import Settings
from api.store.session import make_engine
from api.store.tables import Event
from tests.api.pages.scene import Scene
from tests.browser.visitor import AXE, NARROW, WIDE, Visitor, visitor
from tests.nominatim import Nominatim, looks_up, map_server

__all__ = ["looks_up", "map_server"]

MOST_TRIES = 12
NONSENSE = """() => document.querySelectorAll("main form[method=post] [name]:not([type=hidden])").forEach(one => {
  if (one.type == "checkbox") one.checked = false;
  else if (one.type == "radio") one.value = "999";
  else if (one.options) one.append(new Option("no", "999", true, true));
  else if (one.type == "time") one.value = document.querySelector("[type=time]") == one ? "20:00" : "07:00";
  else { one.type = "text"; one.removeAttribute("maxlength"); one.value = "99 \\u{1F4A5} of <b>"; }
})"""
"""Something that no question expects in every answer of the page."""
SUBMIT = "document.querySelector('main form[method=post]').submit()"


@pytest.fixture(autouse=True)
def axe() -> None:
    if not AXE.is_file():
        pytest.skip("axe-core was not fetched")


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Visitor]:
    """A telephone that gets none of our scripts."""
    with visitor(chromium, site, NARROW, bare=True) as someone:
        yield someone


@pytest.fixture
def filled(phone: Visitor, db: Session, settings: Settings) -> Yardstick:
    """A campaign, and this telephone has filled in both forms to the last page."""
    scene = yardstick.create(db, "a long enough password", events=40)
    db.commit()
    cookie = {"name": cookies.DRAFT.name_in(settings), "value": scene.token, "url": phone.site}
    phone.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary does
    return scene


def send(someone: Visitor) -> None:
    with someone.page.expect_navigation():
        someone.page.evaluate(SUBMIT)


def test_every_public_page(phone: Visitor, filled: Yardstick) -> None:
    for path in (path for some in addresses(filled).values() for path in some):
        phone.go(path)
        assert phone.page.locator("h1").count() == 1, path
        phone.look(f"bare{path.partition('?')[0].replace('/', '-').replace(filled.slug, 'x')}"[:60])


@pytest.mark.parametrize("what", list(WAYS))
def test_nonsense_in_every_question(phone: Visitor, filled: Yardstick, what: What) -> None:
    refused = 0
    for step in WAYS[what].steps:
        phone.go(f"/c/{filled.slug}/{what}/{step.slug}")
        phone.page.evaluate(NONSENSE)
        send(phone)
        phone.look(f"bare-{what}-{step.slug}-nonsense")
        if phone.page.locator(".summary-of-errors").count():
            refused += 1
            assert phone.focused == "summary-of-errors"
            for link in phone.page.locator(".summary-of-errors a").all():
                target = str(link.get_attribute("href"))
                assert not target.startswith("#") or phone.page.locator(target).count() == 1, target
    assert refused >= len(WAYS[what].steps) - 2, "nearly every page has something that can be wrong"


def test_what_is_gone_when_the_form_is_sent(phone: Visitor, filled: Yardstick, db: Session) -> None:
    phone.go(f"/c/{filled.slug}/{What.OFFER}/{CHECK}")
    db.exec(update(Event).values(state="cancelled"))
    db.commit()
    send(phone)
    phone.look("bare-check-error")
    assert phone.page.locator(".summary-of-errors a").count() == 1


def test_what_is_over_closed_or_not_there(phone: Visitor, scene: Scene, db: Session) -> None:
    ended = {"starts_at": now() - timedelta(hours=3), "ends_at": now() - timedelta(hours=1)}
    db.exec(update(Event).where(Event.id == scene.next_day.id).values(**ended))  # type: ignore[arg-type]
    campaigns.set_open(db, scene.campaign, scene.coordinator, is_open=False)
    db.commit()
    place = f"{scene.base}/places/{scene.morning.constituency}"
    for path, name in (
        (scene.base, "closed"), (place, "place-closed"), (f"{scene.base}/events/{scene.morning.id}", "event-closed"),
        (f"{scene.base}/events/{scene.next_day.id}", "event-over"), (f"{scene.base}/days/2020-01-01", "day-over"),
        (f"{scene.base}/days/{scene.morning.day}", "day"), (f"{scene.base}/near?postcode=ZZ9+9ZZ", "campaign-near-error"),
        (f"{place}?postcode=nowhere", "place-error"), ("/c/nothing", "no-campaign"), (f"{scene.base}/places/E1", "no-place"),
    ):  # fmt: skip
        phone.go(path)
        phone.look(f"bare-{name}")


def test_links_that_do_not_work_and_too_many_tries(phone: Visitor, scene: Scene) -> None:
    phone.go("/l/" + "x" * 43)
    phone.press("Open my page")
    phone.look("bare-link-unknown")
    phone.go("/open")
    phone.fill(email="ada@")
    phone.press("Send it")
    phone.look("bare-link-again-error")
    for _ in range(MOST_TRIES):
        phone.go("/open")
        phone.fill(email="ada@example.org")
        phone.press("Send it")
    assert "too" in phone.text.lower()
    phone.look("bare-too-many")


def test_a_form_that_was_open_for_too_long(phone: Visitor, scene: Scene) -> None:
    phone.go(f"{scene.base}/offer/start")
    phone.page.evaluate("document.querySelector('main form [name=csrf]').value = 'old'")
    send(phone)
    phone.look("bare-form-expired")
    assert "open for too long" in phone.text


def test_while_the_database_is_gone(phone: Visitor, app: FastAPI, scene: Scene) -> None:
    before = app.state.engine
    app.state.engine = make_engine("postgresql://nobody@127.0.0.1:1/nothing")
    phone.go("/")
    app.state.engine = before
    phone.look("bare-unavailable")


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_addresses(chromium: Browser, site: str, looks_up: Nominatim, scene: Scene, width: int) -> None:
    with visitor(chromium, site, width, bare=True) as someone:
        someone.go("/")
        someone.look("names-front")
        someone.fill(postcode="Otley Road, Leeds")
        someone.press("Find key seats")
        someone.look("names-near-street")
        assert "from this street" in someone.text
        for path, name in (
            (f"{scene.base}/near?postcode=Nowhereham", "error"), ("/near?postcode=ls6+1aa", "near-district"),
            ("/privacy", "privacy"), (f"{scene.base}/days/{scene.morning.day}", "day"), (scene.base, "campaign"),
        ):  # fmt: skip
            someone.go(path)
            someone.look(f"names-{name}")
        someone.go(f"{scene.base}/offer/start")
        someone.tick("consent")
        someone.press("Agree and continue")
        someone.fill(postcode="Otley Road, Leeds")
        someone.look("names-where")
        someone.press("Continue")
        assert someone.page.url.endswith("/when")
