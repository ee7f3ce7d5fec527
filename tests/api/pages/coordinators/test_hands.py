"""The pages on which a plan is changed by hand: what a change does is said first, rules in words, one winner of two."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.services import people, publishing
from api.services.hands import taking
from api.services.hands.asking import Asked
from api.services.views import RunView
from api.store.tables import Coordinator, Edit, Hold, Offer, Person, Planned, Request
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, match

BAD, CONFLICT, NOT_FOUND, SEE_OTHER = 422, 409, 404, 303


class Room:
    """A plan of two drivers and three riders, and the pages to change it on."""

    def __init__(self, db: Session, scene: Scene, desk: TestClient, press: Any) -> None:
        self.db, self.scene, self.desk, self.press = db, scene, desk, press
        self.offers = [
            world.add_offer(db, scene.campaign, name=name, event_ids=[scene.morning.id])
            for name in ("Dora", "Dev")
        ]
        self.riders = [
            world.add_request(db, scene.campaign, name=f"Rafi{n}", event_ids=[scene.morning.id])
            for n in (1, 2, 3)
        ]
        world.add_request(db, scene.campaign, name="Faye", postcode="TR18 2AB")
        self.run: RunView = match(db, scene)
        self.path = f"/{world.DAY}/runs/{self.run.id}"
        self.address = f"{scene.desk}{self.path}"

    def trip_of(self, sign_up: Offer | Request) -> Planned:
        found = select(Planned).where(Planned.run_id == self.run.id, Planned.sign_up_id == sign_up.id)
        return self.db.exec(found.execution_options(populate_existing=True)).one()

    @property
    def move(self) -> dict[str, str]:
        """Some rider into the car of the driver who does not fetch them."""
        rider = next(one for one in self.riders if self.trip_of(one).trip)
        other = next(one for one in self.offers if one.id != self.trip_of(rider).driver_id)
        if self.trip_of(other).trip is None:
            self.press(
                f"{self.path}/change",
                do="drive",
                who=other.id,
                event=self.scene.morning.id,
                seen="0",
                keep="",
            )
        return {"do": "ride", "who": str(rider.id), "to": str(other.id)}

    def page(self, where: str, **query: object) -> Any:
        return read(self.desk.get(f"{self.address}/{where}" + (f"?{urlencode(query)}" if query else "")))

    @property
    def seen(self) -> str:
        return str(len(self.db.exec(select(Edit.id)).all()))


@pytest.fixture
def room(db: Session, scene: Scene, desk: TestClient, press: Any) -> Room:
    return Room(db, scene, desk, press)


def test_a_change_is_shown_taken_undone_and_done_again(room: Room) -> None:
    move = room.move
    shown = room.desk.get(f"{room.address}/change?{urlencode(move)}")
    assert "rides in" in shown.text and "Do it" in shown.text and "other car" in shown.text
    before = room.trip_of(room.riders[0]).driver_id, room.seen
    assert (room.trip_of(room.riders[0]).driver_id, room.seen) == before, "looking changes nothing"
    hidden = read(shown).hidden()
    answer = room.press(f"{room.path}/change", **hidden | {"keep": "yes"})
    assert answer.status_code == SEE_OTHER and answer.headers["location"].endswith(f"/hands/{move['who']}")
    rider = next(one for one in room.riders if str(one.id) == move["who"])
    assert str(room.trip_of(rider).driver_id) == move["to"]
    page = room.desk.get(answer.headers["location"]).text
    assert "Last change: Put" in page and "pinned" in page
    edits = room.db.exec(select(Edit).order_by(col(Edit.position))).all()
    answer = room.press(f"{room.path}/undo", edit=edits[-1].id, back_to=move["who"])
    assert str(room.trip_of(rider).driver_id) != move["to"]
    assert "Do it again" in room.desk.get(answer.headers["location"]).text
    room.press(f"{room.path}/redo", edit=edits[-1].id)
    assert str(room.trip_of(rider).driver_id) == move["to"]
    listed = room.desk.get(f"{room.address}/hands").text
    assert "Priya Shah" in listed and "Take off" in listed
    assert "by hand" in room.desk.get(room.address).text


def test_the_plan_leads_to_everybody_in_it(room: Room) -> None:
    plan = room.desk.get(room.address).text
    for offer in room.offers:
        if room.trip_of(offer).trip:
            assert f"{room.path}/hands/{offer.id}" in plan
    assert f"{room.path}/hands/" in room.desk.get(f"{room.address}/left").text
    assert f"{room.path}/hands" in plan


def test_a_broken_rule_is_named_and_a_reason_asked_for(room: Room, db: Session) -> None:
    move = room.move
    driver = db.get_one(Offer, room.offers[[str(one.id) for one in room.offers].index(move["to"])].id)
    driver.max_detour_minutes = 0
    db.commit()
    shown = room.desk.get(f"{room.address}/change?{urlencode(move)}")
    assert (
        "This breaks" in shown.text
        and "the detour on the way" in shown.text
        and driver.max_detour_minutes == 0
    )
    hidden = read(shown).hidden()
    refused = room.press(f"{room.path}/change", **hidden)
    assert refused.status_code == BAD and "Say in a few words why" in refused.text
    assert read(refused).hidden()["who"] == move["who"], "nothing is lost"
    taken = room.press(f"{room.path}/change", **hidden | {"reason": "They agreed on the phone"})
    assert taken.status_code == SEE_OTHER
    assert "They agreed on the phone" in room.desk.get(f"{room.address}/hands").text
    assert db.exec(select(Hold.force)).all() == [True]
    driver.max_detour_minutes, driver.seats = 60, 0
    db.commit()
    shown = room.desk.get(f"{room.address}/change?do=pin&who={move['to']}")
    assert (
        "This is not possible" in shown.text and "too few seats" in shown.text and "Do it" not in shown.text
    )
    forced = room.press(
        f"{room.path}/change", do="pin", who=move["to"], seen="9", keep="yes", reason="Please"
    )
    assert forced.status_code == CONFLICT and "too few seats" in forced.text


def test_a_pin_on_somebody_who_has_just_cancelled(room: Room, db: Session) -> None:
    driver = next(one for one in room.offers if room.trip_of(one).trip)
    open_page = room.desk.get(f"{room.address}/change?do=pin&who={driver.id}")
    people.cancel(db, db.get_one(Person, driver.person_id))
    db.commit()
    late = room.press(f"{room.path}/change", **read(open_page).hidden())
    assert late.status_code == CONFLICT and "takes part no longer" in late.text
    assert db.exec(select(Hold.id)).all() == []
    assert "takes part no longer" in room.desk.get(f"{room.address}/hands/{driver.id}").text


def test_the_second_of_two_is_told_who_did_what(room: Room, db: Session) -> None:
    marek = Coordinator(email="marek@example.org", name="Marek Nowak", password_hash="-")
    db.add(marek)
    db.commit()
    move = room.move
    open_page = read(room.desk.get(f"{room.address}/change?{urlencode(move)}")).hidden()
    rider = next(one for one in room.riders if str(one.id) == move["who"])
    taking.take(db, room.scene.campaign, room.run.id, marek, Asked("out", rider.id), int(open_page["seen"]))
    db.commit()
    late = room.press(f"{room.path}/change", **open_page | {"keep": "yes"})
    assert late.status_code == CONFLICT and "Marek Nowak took Rafi" in late.text
    assert read(late).hidden()["seen"] > open_page["seen"], "what is shown is the plan as it is now"
    again = room.press(f"{room.path}/change", **read(late).hidden() | {"keep": "yes"})
    assert again.status_code == SEE_OTHER


def test_what_is_held_is_taken_off_and_the_rest_improved(room: Room, db: Session) -> None:
    driver = next(one for one in room.offers if room.trip_of(one).trip)
    room.press(f"{room.path}/change", do="pin", who=driver.id, seen="0", keep="yes")
    hold = db.exec(select(Hold.id)).one()
    started = room.press(f"{room.path}/improve")
    assert started.status_code == SEE_OTHER and started.headers["location"].endswith("/match")
    assert room.press(f"{room.path}/improve").status_code == CONFLICT, "a run is going already"
    room.press(f"{room.path}/holds/{hold}/off")
    assert db.exec(select(Hold.id)).all() == []
    assert room.press(f"{room.path}/holds/{hold}/off").status_code == NOT_FOUND


@pytest.mark.parametrize(
    "query",
    [
        {}, {"do": "fly", "who": "x"}, {"do": "ride", "who": "\0"}, {"do": "ride", "who": str(uuid4()), "to": str(uuid4())},
        {"do": "drive", "who": "1' or 1=1", "event": "<script>"},
    ],
)  # fmt: skip
def test_nonsense_is_answered_in_words(room: Room, query: dict[str, str]) -> None:
    shown = room.desk.get(f"{room.address}/change?{urlencode(query)}")
    assert shown.status_code in (SEE_OTHER, BAD) and "<script>" not in shown.text
    sent = room.press(f"{room.path}/change", **query, seen="-1")
    assert sent.status_code == BAD
    assert room.press(f"{room.path}/undo", edit="nobody").status_code == NOT_FOUND
    assert room.desk.get(f"{room.address}/hands/{uuid4()}").status_code == NOT_FOUND


def test_a_published_plan_is_only_looked_at(room: Room, db: Session) -> None:
    publishing.publish(db, room.scene.campaign, room.run.id, room.scene.coordinator)
    db.commit()
    driver = next(one for one in room.offers if room.trip_of(one).trip)
    assert "cannot be changed any more" in room.desk.get(f"{room.address}/hands/{driver.id}").text
    late = room.press(f"{room.path}/change", do="pin", who=driver.id, seen="0", keep="yes")
    assert late.status_code == CONFLICT and "published" in late.text


def test_a_page_of_one_car_reads_nothing_of_the_whole_day(room: Room, engine: Engine) -> None:
    """The run's instance and plan are megabytes; neither leaves the database."""
    said: list[str] = []
    driver = next(one for one in room.offers if room.trip_of(one).trip)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        room.desk.get(f"{room.address}/hands/{driver.id}")
        room.desk.get(f"{room.address}/change?do=pin&who={driver.id}")
        room.desk.get(f"{room.address}/hands")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert said
    assert [one for one in said if "run.instance," in one or "run.plan," in one] == []
