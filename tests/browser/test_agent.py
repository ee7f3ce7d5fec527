"""What an election agent sees, in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from api.services.local import today
from api.store.tables import Driven
from tests.api import world
from tests.api.pages.scene import Pair, Scene, pair
from tests.browser.test_coordinators import log_in
from tests.browser.visitor import NARROW, WIDE, visitor

__all__ = ["pair"]


@pytest.mark.parametrize("width,scripts", [(NARROW, False), (NARROW, True), (WIDE, True)])
def test_drives_and_imprint(
    chromium: Browser, site: str, scene: Scene, pair: Pair, db: Session, width: int, scripts: bool
) -> None:
    earlier = today() - timedelta(days=3)
    for code, cars, far in ((world.LEEDS_NORTH_WEST, 214, 20_903.0), ("E14001323", 12, 803.0)):
        row = Driven(campaign_id=scene.campaign.id, day=earlier, constituency=code, cars=cars, kilometres=far)
        db.add(row)
    db.commit()
    with visitor(chromium, site, width, scripts=scripts) as someone:
        log_in(someone)
        someone.go(scene.desk)
        someone.press("For the election agent")
        someone.look("coordinate-agent")
        assert "All together" in someone.text
        someone.fill(mileage_pence="a lot")
        someone.press("Save")
        someone.look("coordinate-agent-error")
        someone.fill(mileage_pence="30", imprint="Promoted by A. Gent, 2 Low Street, Leeds.")
        someone.press("Save")
        assert "At 30p a mile" in someone.text
        someone.fill(last="2020-01-01")
        someone.press("Show these days")
        someone.look("coordinate-agent-none")
        assert "No lift was published for these days." in someone.text
