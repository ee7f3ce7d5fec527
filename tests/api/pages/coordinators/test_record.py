"""The page of who did what."""

from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import audit
from api.services.local import today
from api.store.tables import AuditEntry
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene


def test_what_was_done_stands_there_with_who_did_it(desk: TestClient, scene: Scene, press: Press) -> None:
    press("/keys/add", code="E14001322")
    page = read(desk.get(f"{scene.desk}/record"))
    for said in ("Priya Shah", "Key constituency added", "Campaign created", "5 entries"):
        assert said in page.text


def test_it_is_filtered_by_an_address_that_can_be_passed_on(
    desk: TestClient, scene: Scene, press: Press
) -> None:
    press("/open", open="no")
    address = f"{scene.desk}/record?what=campaign+closed&day={today()}&who={scene.coordinator.id}"
    page = read(desk.get(address))
    assert "One entry" in page.text and len(page.all("tr")) == 2
    assert page.value("day") == str(today())
    assert "Nothing is written down that fits" in desk.get(f"{scene.desk}/record?day=2001-01-01").text


def test_what_cannot_be_looked_for_is_left_out(desk: TestClient, scene: Scene) -> None:
    for query in ("who=nobody", "day=yesterday", "what=%00", "who=hosts&day=2001-02-30"):
        assert desk.get(f"{scene.desk}/record?{query}").status_code == 200
    assert desk.get(f"{scene.desk}/record?page=0").status_code == 422


def test_pages_lead_to_each_other_and_keep_the_filter(desk: TestClient, scene: Scene, db: Session) -> None:
    for _ in range(120):
        audit.record(db, scene.coordinator, "number looked at", campaign_id=scene.campaign.id)
    db.commit()
    page = read(desk.get(f"{scene.desk}/record?what=number+looked+at"))
    older = f"{scene.desk}/record?page=2&what=number+looked+at"
    assert "page 1 of 3" in page.text and page.all("a", href=older)
    page = read(desk.get(older))
    assert "page 2 of 3" in page.text
    assert page.all("a", href=older.replace("page=2", "page=1")) and page.all(
        "a", href=older.replace("2", "3")
    )


def test_looking_at_it_leaves_no_entry(desk: TestClient, scene: Scene, db: Session) -> None:
    before = db.exec(select(AuditEntry.id)).all()
    desk.get(f"{scene.desk}/record")
    assert db.exec(select(AuditEntry.id)).all() == before
