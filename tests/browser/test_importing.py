"""A coordinator brings in a table in a real browser, and somebody in it has themselves removed."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select

from api.services import outbox
from api.store.tables import Message, Person
from tests.api import world
from tests.api.pages.scene import PASSWORD, Scene
from tests.api.services.exchange.tables import GOOD, HEADINGS
from tests.browser.conftest import ARTEFACTS
from tests.browser.visitor import NARROW, Visitor, visitor

BAD = "Cy\t\tring me\tLS6\tLabour\twhen it rains\toxygen\nJo again\tjo@example.org\t\tWF1 1AA\tno\t\t\n"


@pytest.fixture(params=[(NARROW, True), (768, False), (1440, True)], ids=["phone", "tablet", "desk"])
def window(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """How wide the window is, and whether scripts run."""
    found: tuple[int, bool] = request.param
    return found


def look(someone: Visitor, name: str) -> None:
    someone.look(name)
    someone.page.screenshot(path=ARTEFACTS / f"{name}-{someone.width}.png", full_page=True)


def test_a_table_from_pasting_to_removing(
    chromium: Browser, site: str, scene: Scene, db: Session, window: tuple[int, bool]
) -> None:
    width, scripts = window
    with visitor(chromium, site, width, scripts=scripts) as someone:
        someone.go("/coordinate")
        someone.fill(email="priya@example.org", password=PASSWORD)
        someone.press("Log in")
        someone.go(f"{scene.desk}/import")
        look(someone, "import")
        someone.press("Read the file")
        look(someone, "import-nothing")
        someone.fill(pasted=HEADINGS + BAD + GOOD)
        someone.press("Read the cells")
        someone.page.select_option("#usual_day", world.DAY.isoformat())
        look(someone, "import-columns")
        someone.press("Check the rows")
        look(someone, "import-checked")
        someone.press("Add 3 people")
        look(someone, "import-refused")
        someone.page.get_by_label("They said so on the phone").check()
        someone.tick("agreed")
        someone.press("Add 3 people")
        look(someone, "import-done")
        assert "3 people are added" in someone.text
        someone.go(f"/l/{_link(db)}")
        look(someone, "added")
        someone.press("Remove me")
    db.expire_all()
    assert db.exec(select(Person).where(Person.name == "Bo")).all() == []


def _link(db: Session) -> str:
    bo = db.exec(select(Person).where(Person.name == "Bo")).one()
    message = db.exec(select(Message).where(Message.person_id == bo.id)).one()
    envelope = outbox.claim(db, message.id)
    assert envelope is not None
    db.commit()
    return envelope.link_token
