"""The team, the record, somebody's account and their part of a day, in a real browser."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select

from api.services import codes, invitations, login
from api.services.campaign_forms import InvitationForm
from api.store.tables import Coordinator, Membership, Message
from tests.api import world
from tests.api.app_codes import App, make_stale
from tests.api.pages.scene import PASSWORD, Pair, Scene, match, pair
from tests.api.services.test_team import token_of
from tests.browser.test_coordinators import log_in, window
from tests.browser.visitor import Visitor, visitor

__all__ = ["pair", "window"]


def as_somebody(someone: Visitor, email: str) -> None:
    someone.go("/login")
    someone.fill(email=email, password=PASSWORD)
    someone.press("Log in")


def test_an_owner_invites_somebody_who_joins(
    chromium: Browser, site: str, scene: Scene, db: Session, window: tuple[int, bool]
) -> None:
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        log_in(someone)
        someone.go(f"{scene.desk}/team")
        someone.fill(email="ivy@example.org")
        someone.page.check("#role-regional")
        someone.press("Send the invitation")
        someone.look("team-error")
        someone.page.get_by_label("Yorkshire and The Humber").check()
        someone.press("Send the invitation")
        someone.look("team")
        assert "ivy@example.org" in someone.text
        someone.go(f"{scene.desk}/team/{scene.coordinator.id}")
        someone.look("team-member")
    token = token_of(db)
    db.commit()
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go(f"/i/{token}")
        someone.look("invited")
        someone.fill(name="Ivy Ito", password=PASSWORD)
        someone.press("Join the team")
        assert "Polling day" in someone.text
        someone.look("campaign-regional")
        someone.go(f"/i/{token}")
        someone.look("invited-gone")


def test_a_regional_coordinators_part_of_a_day(
    chromium: Browser, site: str, scene: Scene, db: Session, pair: Pair, window: tuple[int, bool]
) -> None:
    person = login.add_coordinator(db, "rene@example.org", "Rene", PASSWORD)
    member = Membership(coordinator_id=person.id, campaign_id=scene.campaign.id, role="regional")
    member.event_ids = [str(scene.morning.id), str(scene.afternoon.id)]
    world.add_request(db, scene.campaign, name="Mia", event_ids=[scene.morning.id], may_ask=True)
    (message,) = db.exec(
        select(Message).where(Message.person_id == pair[1].person_id, Message.kind == "matched")
    )
    message.state = "call"
    db.add_all([member, message])
    db.commit()
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        as_somebody(someone, "rene@example.org")
        someone.go(f"{scene.desk}/{world.DAY}/part")
        someone.look("part")
        someone.press("Show their numbers")
        assert "07700 900456" in someone.text
        someone.go(f"{scene.desk}/{world.DAY}")
        someone.look("not-allowed")
        assert "does not include this" in someone.text


def test_codes_and_the_account(
    chromium: Browser, site: str, scene: Scene, db: Session, window: tuple[int, bool]
) -> None:
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        log_in(someone)
        someone.go("/account")
        someone.look("account")
        someone.press("Set up codes")
        someone.look("codes-before")
        someone.press("Set up codes")
        someone.look("codes")
        db.expire_all()
        app = App(codes.waiting_secret(db.get_one(Coordinator, scene.coordinator.id)))
        someone.fill(code=app.code())
        someone.press("Switch codes on")
        someone.look("recovery")
        someone.press("I have kept them")
        someone.look("account-codes")
        someone.go("/account/codes")
        someone.look("codes-after")
    with visitor(chromium, site, width, scripts=scripts) as someone:
        as_somebody(someone, "priya@example.org")
        someone.look("login-code")
        someone.fill(code=app.wrong())
        someone.press("Log in")
        someone.look("login-code-error")
        someone.fill(code=app.code())
        someone.press("Log in")
        assert "Your campaigns" in someone.text


def test_publishing_asks_again_and_the_record_shows_it(
    chromium: Browser, site: str, scene: Scene, db: Session, window: tuple[int, bool]
) -> None:
    world.add_offer(db, scene.campaign)
    world.add_request(db, scene.campaign)
    db.commit()
    run = match(db, scene)
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        log_in(someone)
        make_stale(db)
        someone.go(f"{scene.desk}/{world.DAY}/runs/{run.id}/publish")
        someone.press("Publish and send")
        someone.look("confirm")
        someone.fill(confirm="wrong")
        someone.press("Go on")
        someone.look("confirm-error")
        someone.fill(confirm=PASSWORD)
        someone.press("Go on")
        assert "published" in someone.text
        someone.go(f"{scene.desk}/record")
        someone.look("record")
        assert "Run published" in someone.text
        someone.page.select_option("#what", "run published")
        someone.press("Show")
        someone.look("record-filtered")


@pytest.mark.parametrize("role", ["helper", "reader"])
def test_what_the_others_see(
    chromium: Browser, site: str, scene: Scene, db: Session, role: str, window: tuple[int, bool]
) -> None:
    person = login.add_coordinator(db, "hal@example.org", "Hal", PASSWORD)
    db.add(Membership(coordinator_id=person.id, campaign_id=scene.campaign.id, role=role))
    form = InvitationForm(email="new@example.org", role="helper")
    invitations.invite(db, scene.campaign, scene.coordinator, form)
    db.commit()
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        as_somebody(someone, "hal@example.org")
        someone.go(scene.desk)
        someone.look(f"campaign-{role}")
        someone.go(f"{scene.desk}/team")
        someone.look(f"team-{role}")
        if role == "helper":
            someone.go(f"{scene.desk}/{world.DAY}/part")
            someone.look("part-helper")
