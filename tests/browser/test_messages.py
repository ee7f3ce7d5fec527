"""Messages in a real browser: choosing how to be reached, the demonstration's outbox, and what each message says."""

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlmodel import Session, select

from api.settings import Settings
from api.store.tables import Message
from tests.api import world
from tests.api.pages.scene import PASSWORD, Scene
from tests.api.sending import send_all
from tests.browser.visitor import NARROW, WIDE, Visitor, visitor


@pytest.fixture(params=[(NARROW, False), (NARROW, True), (WIDE, True)], ids=["phone", "scripts", "desk"])
def window(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """How wide the window is, and whether scripts run."""
    found: tuple[int, bool] = request.param
    return found


def to_the_contact_page(someone: Visitor, scene: Scene) -> None:
    someone.go(f"{scene.base}/offer/where")
    someone.fill(postcode="WF1 1AA")
    someone.press("Continue")
    someone.page.check("input[name=day] >> nth=0")
    for _ in range(2):
        someone.press("Continue")
    someone.page.get_by_role("group", name="How many more people").get_by_label("3", exact=True).check()
    for _ in range(2):
        someone.press("Continue")


def test_somebody_without_an_address_is_reached_by_text(
    chromium: Browser, app: FastAPI, site: str, scene: Scene, db: Session, window: tuple[int, bool]
) -> None:
    settings: Settings = app.state.settings
    app.state.settings = settings.model_copy(update={"demo": True, "base_url": site})
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        to_the_contact_page(someone, scene)
        someone.look("signup-contact")
        someone.fill(name="Ada", phone="0113 496 2345")
        someone.tick("reach-text")
        someone.press("Continue")
        someone.look("signup-contact-landline")
        assert "UK mobiles only, not landlines" in someone.text
        assert someone.page.input_value("#phone") == "0113 496 2345"
        someone.fill(phone="07700 900123")
        someone.press("Continue")
        someone.look("signup-check-text")
        someone.tick("consent")
        someone.press("Send my offer")
        someone.look("signup-sent-demo")
        send_all(db, app)
        someone.press("messages of this demonstration")
        someone.look("demo-outbox")
        assert "+447700900123" in someone.text
        someone.page.click(".said a")
        assert "Open your private page" in someone.text


def test_coordinators_read_what_is_sent_in_their_name(
    chromium: Browser, site: str, scene: Scene, db: Session, window: tuple[int, bool]
) -> None:
    for name in ("Helen Held", "Una Unsure"):
        world.add_offer(db, scene.campaign, confirmed=False, name=name, reach="text", email="")
    states = ("held", "The limit of 10 text messages in 24 hours to one number is reached. This one waits.")
    for message, values in zip(
        db.exec(select(Message)).all(), (states, ("unsure", "It broke off.")), strict=True
    ):
        db.add(message.sqlmodel_update({"state": values[0], "error": values[1]}))
    db.commit()
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go(f"{scene.desk}/messages")
        someone.fill(email="priya@example.org", password=PASSWORD)
        someone.press("Log in")
        someone.look("coordinate-messages")
        for kind in ("matched", "no_lift", "report"):
            someone.go(f"{scene.desk}/messages/{kind}")
            someone.look(f"coordinate-message-{kind}")
        someone.go(f"{scene.desk}/{world.DAY}/messages")
        someone.look("coordinate-day-texts")
