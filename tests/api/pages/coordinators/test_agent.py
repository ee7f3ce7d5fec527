"""What an election agent sees and sets."""

from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.store.tables import AuditEntry
from tests.api import world
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import Pair, Scene, pair

__all__ = ["pair"]


def test_the_drives_are_shown_by_constituency(desk: TestClient, scene: Scene, pair: Pair) -> None:
    page = read(desk.get(f"{scene.desk}/agent"))
    assert "1 45 miles" not in page.text
    assert scene.morning.constituency_name in page.text or scene.afternoon.constituency_name in page.text
    assert "At 45p a mile" in page.text
    assert "£" in page.text
    assert "Dora" not in page.text and "Rafi" not in page.text
    none = read(desk.get(f"{scene.desk}/agent?last=2020-01-01"))
    assert "No lift was published for these days." in none.text
    odd = read(desk.get(f"{scene.desk}/agent?first=never"))
    assert "At 45p a mile" in odd.text
    file = desk.get(f"{scene.desk}/agent/drives.csv")
    assert file.headers["content-disposition"] == f'attachment; filename="{scene.campaign.slug}-drives.csv"'
    assert f"{world.DAY:%d/%m/%Y}" in file.text


def test_before_there_is_a_lift_it_says_so(desk: TestClient, scene: Scene) -> None:
    assert "No lift is published yet." in read(desk.get(f"{scene.desk}/agent")).text


def test_imprint_and_rate_are_changed_and_stand_everywhere(
    desk: TestClient, scene: Scene, press: Press, db: Session
) -> None:
    assert read(desk.get(f"{scene.desk}/agent")).value("mileage_pence") == "45"
    answer = press("/agent", imprint="Promoted by A. Gent, 2 Low Street.", mileage_pence="25.5")
    assert answer.status_code == 303
    page = read(desk.get(f"{scene.desk}/agent"))
    assert page.value("mileage_pence") == "25.5"
    assert "Promoted by A. Gent, 2 Low Street." in read(desk.get(scene.base)).text
    db.expire_all()
    said = [entry.what for entry in db.exec(select(AuditEntry)).all()]
    assert "imprint and rate changed" in said


def test_what_does_not_fit_is_named_and_nothing_is_lost(
    desk: TestClient, scene: Scene, press: Press, db: Session
) -> None:
    for wrong in ("much", "-1", "1001", "nan", "inf"):
        answer = press("/agent", imprint="Another", mileage_pence=wrong)
        page = read(answer)
        assert (answer.status_code, page.value("mileage_pence"), page.value("imprint")) == (
            422,
            wrong,
            "Another",
        )
        assert "Type a number of pence from 0 to 1,000" in page.text
    assert press("/agent", imprint="x" * 301, mileage_pence="45").status_code == 422
    db.refresh(scene.campaign)
    assert scene.campaign.imprint.startswith("Promoted by P. Shah")


def test_an_imprint_longer_than_the_form_takes_is_shown_all_the_same(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    """As it may have been left by hand: who could mend it here must see it here."""
    scene.campaign.imprint = "long " * 200
    db.add(scene.campaign)
    db.commit()
    answer = desk.get(f"{scene.desk}/agent")
    assert answer.status_code == 200 and "long long" in answer.text
