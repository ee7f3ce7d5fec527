"""The board of a day that goes on in a real browser, on a phone too: ringing, approving, and no barriers."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, col, select

from api.services import lifts
from api.services.local import now, today
from api.store.tables import Lift, Offer, PublicPlace, Repair, Request
from tests.api import world
from tests.api.pages.scene import Scene, publish
from tests.api.services.repair.day import on_the_day
from tests.browser.test_coordinators import log_in
from tests.browser.visitor import NARROW, visitor

NAMES = ("Rafi Rahman", "Rita Roy", "Ron Reid", "Ruth Rees")


def busy_day(db: Session, scene: Scene) -> Repair:
    """Four cars under way, one late, one broken down; a proposal waits."""
    offers: list[Offer] = []
    riders: list[Request] = []
    for number, name in enumerate(NAMES):
        offers.append(world.add_offer(db, scene.campaign, name=f"Dora{number} Drake", seats=1))
        riders.append(world.add_request(db, scene.campaign, name=name))
    db.commit()
    publish(db, scene)
    on_the_day(db, timedelta(minutes=-50))
    cars = db.exec(select(Lift).order_by(col(Lift.departs_at))).all()
    cars[-1].late_minutes = 45
    lost = next(offer for offer in offers if offer.id == cars[0].offer_id)
    lifts.break_down(db, lost, world.person_of(db, lost))
    for name in ("Headingley station", "Burley Park station"):
        db.add(PublicPlace(source="own", name=name, kind="station", lat=53.818, lon=-1.594))
    event = scene.morning.id
    rows = [
        {"who": str(riders[n].id), "driver": str(offers[n].id), "event": str(event), "at": now().isoformat()}
        for n in (2, 3)
    ]
    moves = [{**rows[0], "who": str(offers[2].id)}, rows[1]]
    repair = Repair(
        campaign_id=scene.campaign.id, day=today(), cause="driver_cancelled", state="waiting",
        answer_by=now() + timedelta(minutes=9), effect={"gets": rows[:1], "moves": moves, "home": rows[1:], "out": []},
    )  # fmt: skip
    past = Repair(
        campaign_id=scene.campaign.id, day=today(), cause="no_show", state="published", finished_at=now()
    )
    db.add_all([repair, past])
    db.commit()
    return repair


@pytest.mark.parametrize(("width", "scripts"), [(NARROW, True), (NARROW, False), (768, True), (1440, True)])
def test_the_board_works_at_every_width(
    chromium: Browser, site: str, scene: Scene, db: Session, width: int, scripts: bool
) -> None:
    busy_day(db, scene)
    with visitor(chromium, site, width, scripts=scripts) as someone:
        log_in(someone)
        someone.go(f"{scene.desk}/{today()}/board")
        someone.look("board")
        someone.page.locator("#settings summary").click()
        someone.look("board-settings")
        assert "2 people or groups have no way home" in someone.text and "A proposal" in someone.text
        someone.press("Show the number")
        someone.look("board-rider")
        assert "station" in someone.text
        someone.press("Back to the board")
        someone.press("Ring")
        someone.look("board-car")
        someone.press("Back to the board")
        someone.press("Refuse")
        assert "refused" in someone.text
        someone.look("board-answered")
