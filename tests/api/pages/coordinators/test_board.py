"""The board: who has no way home on top, proposals to answer, late cars first; numbers by a press that is written down."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import lifts, ticking
from api.services.local import now, today
from api.services.repair import begun, board
from api.store.tables import (
    Arrival,
    AuditEntry,
    Campaign,
    Event,
    Lift,
    Membership,
    Offer,
    PublicPlace,
    Repair,
    Request,
)
from tests.api import world
from tests.api.door import add_host
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Pair, Scene, pair, publish
from tests.api.services.repair.day import kinds, on_the_day, repairs_of

__all__ = ["pair"]
TODAY = f"/{today()}"
BOARD = f"{TODAY}/board"


def look(desk: TestClient, scene: Scene, more: str = "") -> Page:
    return read(desk.get(f"{scene.desk}{BOARD}{more}"))


@pytest.fixture
def out(db: Session, pair: Pair) -> Pair:
    """Dora and Rafi left five minutes ago, and are to arrive within the hour."""
    on_the_day(db, timedelta(minutes=-5))
    return pair


def done(db: Session) -> list[str]:
    return list(db.exec(select(AuditEntry.what)).all())


def test_a_quiet_day_says_what_will_be_here(desk: TestClient, scene: Scene) -> None:
    page = look(desk, scene)
    assert "No car is under way" in page.text and "Nothing had to be repaired yet" in page.text
    (tab,) = [own for own in page.all("a") if own.get("aria-current") == "page"]
    assert tab["href"].endswith("/board")
    assert page.all("meta", content="20")


def test_cars_are_there_with_their_state(desk: TestClient, scene: Scene, db: Session, out: Pair) -> None:
    text = look(desk, scene).text
    assert "Dora D." in text and "Rafi R." in text and "on the road" in text
    assert "07700" not in text and "WF1" not in text
    lift = db.exec(select(Lift)).one()
    lift.late_minutes = 20
    db.add(lift)
    db.commit()
    page = look(desk, scene, "?state=late")
    assert "late 20 minutes" in page.text
    assert "Dora" not in look(desk, scene, "?state=soon").text.split("Riders")[-1]


def test_the_part_that_asks_again_is_the_same_without_the_frame(
    desk: TestClient, scene: Scene, out: Pair
) -> None:
    part = desk.get(f"{scene.desk}{BOARD}/live").text
    assert 'hx-trigger="every 10s"' in part and "Dora D." in part and "<h1" not in part


def test_a_number_is_a_press_that_is_written_down(
    desk: TestClient, press: Press, scene: Scene, db: Session, out: Pair
) -> None:
    lift = db.exec(select(Lift)).one()
    assert "numbers of a lift looked at" not in done(db)
    text = read(press(f"{BOARD}/cars/{lift.id}")).text
    assert "07700 900123" in text and "07700 900456" in text
    assert "numbers of a lift looked at" in done(db)


def test_a_car_that_cannot_go_on_begins_a_repair_and_two_are_told(
    desk: TestClient, press: Press, scene: Scene, db: Session, out: Pair
) -> None:
    _, rider = out
    lift = db.exec(select(Lift)).one()
    address = f"{BOARD}/cars/{lift.id}/broken-down"
    assert press(address).headers["location"] == f"{scene.desk}{BOARD}"
    assert kinds(db, rider)[-1] == "driver_cancelled"
    assert [repair.cause for repair in repairs_of(db)] == ["broke_down"]
    assert "Looking for lifts" in look(desk, scene).text
    again = press(address)
    assert again.status_code == 409 and "not on the road any more" in read(again).text
    assert done(db).count("car broken down") == 1


@pytest.fixture
def stranded(db: Session, scene: Scene, out: Pair) -> Request:
    """Rafi's car broke down behind the place where he got in."""
    on_the_day(db, timedelta(minutes=-10))
    lifts.break_down(db, out[0], world.person_of(db, out[0]))
    db.commit()
    return out[1]


def test_whoever_has_no_way_home_is_on_top_with_station_and_number(
    desk: TestClient, press: Press, scene: Scene, db: Session, stranded: Request
) -> None:
    page = look(desk, scene)
    assert page.text.index("has no way home") < page.text.index("Repairs")
    assert (
        "Rafi R." in page.text
        and "home to WF2" in page.text
        and "No station near there is known" in page.text
    )
    event = db.exec(select(Event).where(Event.id == scene.morning.id)).one()
    for name, kind, away in (
        ("Headingley station", "station", 0.01),
        ("The Oak car park", "car park", 0.001),
    ):
        db.add(PublicPlace(source="own", name=name, kind=kind, lat=event.lat + away, lon=event.lon))
    db.commit()
    assert "Nearest station: Headingley station, 17 minutes on foot" in look(desk, scene).text
    answer = read(press(f"{BOARD}/people/{stranded.id}"))
    assert "07700 900456" in answer.text and "Headingley station" in answer.text
    assert "number looked at" in done(db)


def test_who_got_help_is_on_the_board_no_more(
    desk: TestClient, press: Press, scene: Scene, db: Session, stranded: Request
) -> None:
    lifts.cancel(db, stranded, world.person_of(db, stranded))
    db.commit()
    assert "has no way home" not in look(desk, scene).text
    assert press(f"{BOARD}/people/{scene.morning.id}").status_code == 404


def test_a_driver_who_did_not_come_is_late_and_the_riders_are_on_top(
    desk: TestClient, scene: Scene, db: Session, out: Pair
) -> None:
    host = add_host(db, scene)
    ticking.tick(db, host, "driver", out[0].id, "expected:no_show")
    db.commit()
    page = look(desk, scene)
    assert "The driver did not come." in page.text and "driver did not come 1" in page.text
    assert [repair.cause for repair in repairs_of(db)] == ["no_show"]


def test_a_car_that_nobody_saw_come_is_overdue_once_the_host_ticks(
    desk: TestClient, scene: Scene, db: Session, out: Pair
) -> None:
    lift = db.exec(select(Lift)).one()
    lift.arrives_at = now() - timedelta(minutes=11)
    db.add(lift)
    db.commit()
    assert "overdue" not in look(desk, scene).text
    db.add(Arrival(event_id=lift.event_id, request_id=out[1].id, state="arrived"))
    db.commit()
    assert "overdue" in look(desk, scene).text


def a_proposal(db: Session, campaign: Campaign, rider: Request, driver: Offer, event: Event) -> Repair:
    row = {"who": str(rider.id), "driver": str(driver.id), "event": str(event.id), "at": now().isoformat()}
    moved = {**row, "who": str(driver.id)}
    repair = Repair(
        campaign_id=campaign.id, day=today(), cause="driver_cancelled", state="waiting",
        answer_by=now() + timedelta(minutes=10), effect={"gets": [row], "moves": [moved], "out": []},
    )  # fmt: skip
    db.add(repair)
    db.commit()
    return repair


def test_a_proposal_says_what_it_does_and_the_second_answer_says_who_was_first(
    desk: TestClient, press: Press, scene: Scene, db: Session, out: Pair
) -> None:
    event = db.exec(select(Event).where(Event.id == scene.morning.id)).one()
    repair = a_proposal(db, scene.campaign, out[1], out[0], event)
    text = look(desk, scene).text
    assert "A proposal: one person or group gets a lift" in text and "Rafi R. rides with Dora D." in text
    assert "For it, one person is moved" in text and "Dora D. drives to Morning canvass" in text
    assert "is taken home" not in text
    assert press(f"{BOARD}/repairs/{repair.id}/refuse").status_code == 303
    again = press(f"{BOARD}/repairs/{repair.id}/approve")
    assert again.status_code == 409
    assert "Priya Shah has refused this already" in read(again).text
    assert "refused answered by Priya Shah" in look(desk, scene).text


def test_a_proposal_to_take_somebody_home_says_by_whom(
    desk: TestClient, scene: Scene, db: Session, out: Pair
) -> None:
    event = db.exec(select(Event).where(Event.id == scene.morning.id)).one()
    repair = a_proposal(db, scene.campaign, out[1], out[0], event)
    effect = repair.effect or {}
    repair.effect = {"gets": [], "moves": [], "home": effect["gets"], "out": []}
    db.add(repair)
    db.commit()
    text = look(desk, scene).text
    assert "A proposal: one person or group is taken home" in text
    assert "Rafi R. is taken home from Morning canvass by Dora D." in text


def test_a_search_can_be_asked_for(desk: TestClient, press: Press, scene: Scene, db: Session) -> None:
    press(f"{BOARD}/search")
    assert [repair.cause for repair in repairs_of(db)] == ["asked"]
    assert "Looking for lifts" in look(desk, scene).text


def test_how_repairs_are_made_can_be_set(desk: TestClient, press: Press, scene: Scene, db: Session) -> None:
    answer = press(f"{BOARD}/settings", alone="no", minutes="20", unanswered="publish")
    assert answer.headers["location"].endswith("/board#settings")
    db.refresh(scene.campaign)
    campaign = scene.campaign
    assert (campaign.repairs_alone, campaign.repair_minutes, campaign.repairs_unanswered) == (False, 20, True)
    page = look(desk, scene)
    assert page.checked("alone") == ["no"] and page.checked("unanswered") == ["publish"]
    bad = press(f"{BOARD}/settings", alone="yes", minutes="7", unanswered="no_lift")
    assert bad.status_code == 422 and "Choose one of these" in read(bad).text


@pytest.mark.parametrize("more", ["?page=0", "?page=99999", "?page=x", f"?state={'x' * 30}"])
def test_a_page_that_there_is_not_is_no_fault_of_ours(desk: TestClient, scene: Scene, more: str) -> None:
    assert desk.get(f"{scene.desk}{BOARD}{more}").status_code in (200, 404, 422)
    assert desk.get(f"{scene.desk}{BOARD}?state=nonsense&page=3").status_code == 200


def test_of_another_campaign_nothing_can_be_done(
    desk: TestClient, press: Press, scene: Scene, db: Session, out: Pair
) -> None:
    lift = db.exec(select(Lift)).one()
    other: Any = world.add_campaign(db, scene.coordinator, "Another")
    db.commit()
    token = read(desk.get(scene.desk)).hidden()["csrf"]
    for path in (f"cars/{lift.id}", f"cars/{lift.id}/broken-down", f"people/{out[1].id}"):
        answer = desk.post(f"/coordinate/{other.slug}{BOARD}/{path}", data={"csrf": token})
        assert answer.status_code in (404, 409)
    assert begun.waiting(db) == []


def test_cars_come_page_by_page_and_of_one_state_alone(
    desk: TestClient, scene: Scene, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Ann", "Ben"):
        world.add_offer(db, scene.campaign, name=name, seats=1)
        world.add_request(db, scene.campaign, name=f"Rider of {name}")
    db.commit()
    publish(db, scene)
    on_the_day(db, timedelta(minutes=-5))
    monkeypatch.setattr(board, "CARS_A_PAGE", 1)
    first, second = look(desk, scene), look(desk, scene, "?page=2")
    assert "Page 1 of 2" in first.text and "Page 2 of 2" in second.text
    assert ("Ann" in first.text) != ("Ann" in second.text)
    assert "Page 2 of 2" in look(desk, scene, "?page=9").text


def test_whoever_only_looks_finds_nothing_to_press(
    desk: TestClient, scene: Scene, db: Session, out: Pair
) -> None:
    made = Repair(
        campaign_id=scene.campaign.id, day=today(), cause="asked", state="waiting",
        answer_by=now() + timedelta(minutes=10),
    )  # fmt: skip
    db.add(made)
    db.commit()
    pressable = ("/approve", "/refuse", "/search", "/settings", "/cars/")
    actions = " ".join(str(form.get("action")) for form in look(desk, scene).all("form"))
    assert all(one in actions for one in pressable)
    member = db.exec(select(Membership)).one()
    member.role = "reader"
    db.add(member)
    db.commit()
    page = look(desk, scene)
    assert "Dora D." in page.text and "A proposal" in page.text
    actions = " ".join(str(form.get("action")) for form in page.all("form"))
    assert not any(one in actions for one in pressable)
