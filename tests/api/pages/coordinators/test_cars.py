"""The page of where one more car would help, and the press that asks people near there to drive."""

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.store.tables import Message, Worth
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, match
from tests.api.world import DAY


@pytest.fixture
def cars(db: Session, scene: Scene) -> str:
    """The address of the page, with two riders near WF2 who may be asked."""
    run = match(db, scene)
    where = {"district": "WF2", "gain": 2.44, "proven": True, "event": str(scene.morning.id), "people": 4}
    db.add(Worth(run_id=run.id, asked_by=scene.coordinator.id, state="done", cars=[where]))
    for name in ("Nia", "Noor"):
        world.add_request(db, scene.campaign, name=name, may_ask=True)
    db.commit()
    return f"{scene.desk}/{DAY}/cars"


def test_who_would_be_asked_is_said_first_and_pressing_twice_asks_once(
    desk: TestClient, db: Session, cars: str
) -> None:
    assert read(desk.get(cars.removesuffix("/cars"))).all("a", href=cars)
    page = read(desk.get(cars))
    assert "WF2 2.4 Morning canvass , 4 in the car Ask 2 people" in page.text
    sure = read(desk.get(f"{cars}/call?district=WF2"))
    assert "people within 20 km of WF2 get a message 2" in sure.text and "Send 2 messages" in sure.text
    assert not db.exec(select(Message).where(Message.kind == "can_you_drive")).all()
    for answer in (303, 409):
        assert desk.post(f"{cars}/call", data=sure.hidden(), follow_redirects=False).status_code == answer
    assert len(db.exec(select(Message).where(Message.kind == "can_you_drive")).all()) == 2
    after = read(desk.get(cars)).text
    assert "nobody near there may be asked" in after and "2 were asked" in after
    assert "Nobody near there is left to be asked" in read(desk.get(f"{cars}/call?district=WF2")).text
    assert desk.get(f"{cars}/call?district=Mars", follow_redirects=False).status_code == 303
    assert "Nia" not in page.text + sure.text


def test_the_map_has_the_districts_and_the_way_they_would_go(
    desk: TestClient, scene: Scene, cars: str
) -> None:
    drawn = desk.get(f"{cars}/map.json").json()
    (district,) = drawn["districts"]
    assert district[2:] == [0, 98, "WF2: up to 2.4 more people"]
    assert drawn["ways"][0][4] == 4 and "Morning canvass" in [event[2] for event in drawn["events"]]


def test_without_a_plan_it_says_what_to_do_and_with_one_it_offers_to_work_it_out(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    cars = f"{scene.desk}/{DAY}/cars"
    page = read(desk.get(cars))
    assert "Match first" in page.text
    token = read(desk.get(f"{scene.desk}/{DAY}/match")).hidden()["csrf"]
    answer = desk.post(f"{cars}/find", data={"csrf": token})
    assert answer.status_code == 409 and "Match first" in read(answer).text
    match(db, scene)
    page = read(desk.get(cars))
    assert "Work it out" in page.text
    assert desk.post(f"{cars}/find", data=page.hidden()).status_code == 303
    assert "being worked out" in read(desk.get(cars)).text
