"""What a campaign decides for itself: its formulas, and whether people may sign up."""

from sqlmodel import Session
from starlette.testclient import TestClient

from api.services import campaigns
from api.services.campaign_forms import RulesForm
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene


def test_the_formulas_are_shown_and_changed(desk: TestClient, scene: Scene, db: Session) -> None:
    page = read(desk.get(f"{scene.desk}/rules"))
    assert (page.value("weight_most"), page.value("minutes_per_volunteer")) == ("3", "1000")
    typed = {name: f"{value:g}" for name, value in RulesForm().model_dump().items()} | {"weight_most": "5.5"}
    assert desk.post(f"{scene.desk}/rules", data=page.hidden() | typed).status_code == 303
    db.refresh(scene.campaign)
    assert campaigns.rules(scene.campaign) == RulesForm(weight_most=5.5)
    assert read(desk.get(f"{scene.desk}/rules")).value("weight_most") == "5.5"


def test_what_does_not_fit_is_named_at_its_field_and_changes_nothing(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    page = read(desk.get(f"{scene.desk}/rules"))
    typed = {name: f"{value:g}" for name, value in RulesForm().model_dump().items()}
    for field, wrong in (
        ("weight_most", "much"),
        ("minutes_half", "0"),
        ("weight_least", "9"),
        ("call_off_hours", "13"),
    ):
        answer = desk.post(f"{scene.desk}/rules", data=page.hidden() | typed | {field: wrong})
        again = read(answer)
        assert (answer.status_code, again.value(field)) == (422, wrong)
        assert "There is a problem" in again.text
    db.refresh(scene.campaign)
    assert campaigns.rules(scene.campaign) == RulesForm()


def test_a_campaign_is_closed_and_opened_by_a_press(
    desk: TestClient, press: Press, scene: Scene, db: Session
) -> None:
    for answer, is_open in (("no", False), ("yes", True)):
        assert press("/open", open=answer).status_code == 303
        db.refresh(scene.campaign)
        assert scene.campaign.open is is_open
        assert ("Nobody can sign up." in read(desk.get(scene.desk)).text) is not is_open
