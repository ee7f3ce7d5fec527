"""A long event becomes shifts by one press; whoever chose it has chosen them all."""

from datetime import time
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services.local import local
from api.services.views import EventView
from api.store.tables import Event
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, publish


@pytest.fixture
def long_day(scene: Scene, db: Session) -> EventView:
    day = world.add_event(
        db, scene.campaign, scene.coordinator, title="Polling day", starts=time(8), ends=time(20), toilet=True
    )
    db.commit()
    return day


def times(db: Session) -> list[tuple[str, str, int]]:
    found = db.exec(select(Event).where(Event.title == "Polling day").order_by(Event.starts_at)).all()  # type: ignore[arg-type]
    return [(f"{local(x.starts_at):%H:%M}", f"{local(x.ends_at):%H:%M}", x.wanted) for x in found]


def make(desk: TestClient, address: str, **typed: Any) -> Any:
    return desk.post(address, data=read(desk.get(address)).hidden() | typed)


def test_only_long_events_are_offered_to_be_cut(desk: TestClient, scene: Scene, long_day: EventView) -> None:
    page = read(desk.get(scene.desk))
    assert page.all("a", href=f"{scene.desk}/events/{long_day.id}/shifts")
    assert not page.all("a", href=f"{scene.desk}/events/{scene.morning.id}/shifts")


def test_shifts_in_one_step(desk: TestClient, scene: Scene, db: Session, long_day: EventView) -> None:
    address = f"{scene.desk}/events/{long_day.id}/shifts"
    chose = world.add_request(db, scene.campaign, event_ids=[long_day.id])
    any_event = world.add_request(db, scene.campaign)
    db.commit()
    assert "08:00 to 12:00; 12:00 to 16:00; 16:00 to 20:00" in read(desk.get(address)).text
    fields = read(desk.get(address)).hidden() | {"count": "3", "wanted": "10"}
    # Pressed twice it is cut once.
    for _ in range(2):
        assert desk.post(address, data=fields).headers["location"] == f"{scene.desk}#events"
    assert times(db) == [("08:00", "12:00", 10), ("12:00", "16:00", 10), ("16:00", "20:00", 10)]
    db.expire_all()
    all_of_them = {str(x.id) for x in db.exec(select(Event).where(Event.title == "Polling day")).all()}
    assert set(chose.event_ids or ()) == set(chose.answers["event_ids"]) == all_of_them
    assert any_event.event_ids is None
    assert all(x.toilet for x in db.exec(select(Event).where(Event.title == "Polling day")).all())


def test_an_odd_length_is_cut_to_five_minutes(desk: TestClient, scene: Scene, db: Session) -> None:
    odd = world.add_event(
        db, scene.campaign, scene.coordinator, title="Polling day", starts=time(9), ends=time(14, 5)
    )
    db.commit()
    make(desk, f"{scene.desk}/events/{odd.id}/shifts", count="2", wanted="20")
    assert times(db) == [("09:00", "11:30", 20), ("11:30", "14:05", 20)]


@pytest.mark.parametrize(
    ("count", "wanted", "field"), [("9", "5", "count"), ("2", "many", "wanted"), ("", "5", "count")]
)
def test_what_does_not_fit_is_named(
    desk: TestClient, scene: Scene, db: Session, long_day: EventView, count: str, wanted: str, field: str
) -> None:
    answer = make(desk, f"{scene.desk}/events/{long_day.id}/shifts", count=count, wanted=wanted)
    page = read(answer)
    assert answer.status_code == 422 and page.all("a", href=f"#{field}")
    assert page.value("wanted") == wanted and len(times(db)) == 1


def test_an_event_with_published_lifts_stays_whole(desk: TestClient, scene: Scene, db: Session) -> None:
    world.add_offer(db, scene.campaign, event_ids=[scene.morning.id])
    db.commit()
    publish(db, scene)
    address = f"{scene.desk}/events/{scene.morning.id}/shifts"
    answer = desk.get(address)
    assert answer.status_code == 409 and "published already" in read(answer).text
