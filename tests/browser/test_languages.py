"""The whole way in English and in Welsh: a driver, a rider and a host, from the front page to home again.

What the browser shows is kept step by step in `artefacts/pages/whole-way-*.zip`, to be looked at with Playwright's viewer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlmodel import Session, col, select, update

from api import language
from api.app import create_app
from api.language import gettext as say
from api.services.local import now
from api.settings import Settings
from api.store.tables import Lift, LiftStop, Offer, Request
from tests.api.door import add_host, begin
from tests.api.door import link_of as host_link
from tests.api.pages.scene import Scene, link_of, publish
from tests.browser.conftest import ARTEFACTS
from tests.browser.visitor import NARROW, Visitor, visitor


@pytest.fixture
def app(settings: Settings, engine: Engine) -> FastAPI:
    """A service whose Welsh somebody has read."""
    return create_app(settings.model_copy(update={"welsh_reviewer": "Mair Test"}), engine)


@contextmanager
def recorded(chromium: Browser, site: str, code: str, who: str) -> Iterator[Visitor]:
    """A phone whose owner chooses the language on the front page; everything it shows is kept."""
    with visitor(chromium, site, NARROW) as phone:
        phone.page.context.tracing.start(screenshots=True, snapshots=True)
        phone.go("/")
        if code != language.ENGLISH:
            phone.page.get_by_role("button", name=language.NAMES[code]).click()
            phone.page.wait_for_load_state()
        assert phone.page.locator(f"html[lang^={code}]").count() == 1
        yield phone
        phone.page.context.tracing.stop(path=ARTEFACTS / f"whole-way-{code}-{who}.zip")


@pytest.mark.parametrize("code", list(language.NAMES))
def test_from_the_front_page_to_home_again(
    chromium: Browser, site: str, scene: Scene, db: Session, code: str
) -> None:
    with (
        language.speaking(code),
        recorded(chromium, site, code, "driver") as driver,
        recorded(chromium, site, code, "rider") as rider,
        recorded(chromium, site, code, "host") as host,
    ):
        _asks_to(driver, "Offer a lift")
        _drives(driver)
        _asks_to(rider, "Ask for a lift")
        _rides(rider)
        offer, request = db.exec(select(Offer)).one(), db.exec(select(Request)).one()
        for phone, sign_up in ((driver, offer), (rider, request)):
            phone.go(f"/l/{link_of(db, sign_up)}")
            phone.press(say("Open my page"))
            phone.look(f"whole-way-{code}-waiting")
            _is_at(phone, "Being matched")
        publish(db, scene)
        for phone in (driver, rider):
            phone.go("/my")
            _is_at(phone, "On the day")
            phone.press(say("I am coming"))
        driver.look(f"whole-way-{code}-driver")
        rider.look(f"whole-way-{code}-rider")
        assert "Rafi" in driver.text and "Dora" in rider.text
        _are_welcomed(host, db, scene, code)
        _home(db)
        for phone, who in ((driver, "driver"), (rider, "rider")):
            phone.go("/my")
            phone.look(f"whole-way-{code}-{who}-home")
            assert phone.page.locator(".now").count() == 0 and say("Home again") in phone.text
            assert say("Thank you for coming") in phone.text


def _asks_to(phone: Visitor, what: str) -> None:
    phone.fill(postcode="WF1 1AA")
    phone.press(say("Find key seats"))
    phone.press(say(what))
    assert phone.page.input_value("#postcode") == "WF1 1AA"
    phone.press(say("Continue"))


def _drives(phone: Visitor) -> None:
    for _ in range(2):
        phone.press(say("Continue"))
    phone.tick("seats-3")
    phone.press(say("Continue"))
    phone.fill(car="blue Ford Fiesta", plate="XYZ")
    phone.press(say("Continue"))
    _sends(phone, "Dora Driver", "Send my offer")


def _rides(phone: Visitor) -> None:
    phone.page.get_by_text(say("At your door")).click()
    phone.tick("home")
    for _ in range(5):
        phone.press(say("Continue"))
    _sends(phone, "Rafi Rider", "Send my request")


def _sends(phone: Visitor, name: str, button: str) -> None:
    phone.fill(name=name, email=f"{name.split()[0].lower()}@example.org")
    phone.press(say("Continue"))
    phone.tick("consent")
    phone.press(say(button))
    assert "/sent/" in phone.page.url


def _is_at(phone: Visitor, stage: str) -> None:
    assert say(stage) in phone.page.locator(".now").inner_text()


def _are_welcomed(host: Visitor, db: Session, scene: Scene, code: str) -> None:
    lift = db.exec(select(Lift)).one()
    begin(db, lift.event_id)
    invited = add_host(db, scene, lift.event_id)
    host.go(f"/h/{host_link(db, invited)}")
    host.press(say("Open the page"))
    host.look(f"whole-way-{code}-host")
    host.press(say("All of them are here"))
    host.look(f"whole-way-{code}-host-ticked")


def _home(db: Session) -> None:
    """The evening comes."""
    lift = db.exec(select(Lift)).one()
    begin(db, lift.event_id, hours_ago=6)
    gone = now() - timedelta(hours=1)
    db.exec(update(Lift).where(col(Lift.id) == lift.id).values(home_at=gone))
    db.exec(update(LiftStop).where(col(LiftStop.lift_id) == lift.id).values(drop_at=gone))
    db.commit()
