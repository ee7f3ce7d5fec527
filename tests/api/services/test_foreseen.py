"""What the page says of a publishing before is what it does: the database's sums against messages, lifts and seats."""

from collections.abc import Collection
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from api.errors import Conflict
from api.services import foreseen, friends, matching, publishing, unfit
from api.services.foreseen import KINDS, Foreseen, Sought
from api.services.instances import build_instance
from api.store.tables import Campaign, Lift, LiftStop, Message
from carpool import Instance
from tests.api import world
from tests.api.services import in_memory
from tests.api.services.hands.plan import Hands
from tests.api.services.made_up import Life
from tests.api.services.publish_scenes import (
    SCENES,
    Scene,
    apart_by_a_later_proof,
    apart_by_report,
    both_elsewhere,
    fewer_seats,
    harmless,
    otherwise,
    rider_elsewhere,
    unheard,
)
from tests.api.services.test_publishing import Day


@pytest.fixture
def day(db: Session) -> Day:
    return Day(db)


def foresee(day: Day, run_id: UUID, **sought: Any) -> Foreseen:
    run = matching.look_up(day.db, day.campaign, world.DAY, run_id)
    return foreseen.foresee(day.db, day.campaign, run, Sought(**sought))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_what_is_foreseen_is_what_publishing_does(day: Day, scene: Scene) -> None:
    run_id = scene(day)
    day.db.commit()
    seen = foresee(day, run_id)
    assert publishing.preview(day.db, day.campaign, run_id) == seen.figures
    assert publishing.publish(day.db, day.campaign, run_id, day.coordinator) == seen.figures
    kinds = day.db.exec(select(Message.kind).where(Message.run_id == run_id)).all()
    assert dict(seen.kinds) == {kind: kinds.count(kind) for kind in KINDS if kind in kinds}
    assert sorted(one.kind for one in seen.people) == sorted(kinds) and seen.total == len(kinds)
    assert sum(event.cars[1] for event in seen.events) == seen.figures.lifts == len(standing(day))
    assert sum(event.people[1] for event in seen.events) == len(standing(day)) + len(riding(day))
    told = {kind: sum(event.told.get(kind, 0) for event in seen.events) for kind in KINDS}
    assert told == {kind: kinds.count(kind) * (kind != "no_lift") for kind in KINDS}


def standing(day: Day) -> list[Lift]:
    return list(day.db.exec(select(Lift).where(Lift.state == "published")).all())


def riding(day: Day) -> list[LiftStop]:
    return list(day.db.exec(select(LiftStop).where(LiftStop.state == "published")).all())


def test_the_scenes_are_what_they_are_called(day: Day) -> None:
    """One that changes nothing would hold nothing equal."""
    run_id = apart_by_report(day)
    assert (foresee(day, run_id).figures.lifts, dict(foresee(day, run_id).kinds)) == (
        2, {"matched": 4, "no_lift": 1}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scene", "lifts"),
    [(fewer_seats, 1), (rider_elsewhere, 2), (both_elsewhere, 2), (harmless, 2), (apart_by_a_later_proof, 2), (unheard, 1)],
)  # fmt: skip
def test_who_no_longer_fits_is_judged_alone(
    day: Day, scene: Scene, lifts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[int] = []

    def few(db: Session, campaign: Campaign, on: date, ids: Collection[UUID]) -> Instance:
        judged.append(len(ids))
        return build_instance(db, campaign, on, ids)

    monkeypatch.setattr(unfit, "build_instance", few)
    seen = foresee(day, scene(day))
    assert seen.figures.lifts == lifts
    assert judged == ([] if scene is unheard else [3]), "the car with somebody who changed, and no other"


def test_a_car_that_was_changed_by_hand_and_breaks_a_rule_since_is_named(day: Day) -> None:
    hands = Hands(day)
    hands.take("ride", hands.b, hands.two)
    hands.two.seats = 1
    day.db.add(hands.two)
    day.db.commit()
    with pytest.raises(Conflict, match="Driver2’s car has too few seats") as seen:
        foresee(day, hands.run_id)
    with pytest.raises(Conflict) as done:
        publishing.publish(day.db, day.campaign, hands.run_id, day.coordinator)
    assert str(seen.value) == str(done.value)


def test_friends_are_judged_though_one_of_their_group_is_not_in_the_plan(day: Day) -> None:
    """Two of three are in different cars by hand. The third signed up after the match."""
    hands = Hands(day)
    hands.take("ride", hands.b, hands.two)
    word = friends.make_word(day.db, world.person_of(day.db, hands.a))
    for friend in (hands.b, world.add_request(day.db, day.campaign, name="Rider4 Private")):
        friends.join(day.db, world.person_of(day.db, friend), word)
    with pytest.raises(Conflict, match=r"Rider[12] and Rider[12] travel together"):
        foresee(day, hands.run_id)
    hands.take("ride", hands.b, hands.one)
    seen = foresee(day, hands.run_id)
    assert seen.figures == in_memory.figures(in_memory.changes(day.db, day.campaign, hands.run_id))


def test_who_is_told_is_read_by_kind_name_and_page(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = otherwise(day)
    seen = foresee(day, run_id)
    assert [one.kind for one in seen.people] == ["lift_off", "changed", "matched", "matched"]
    assert {one.name for one in seen.people if one.kind == "matched"} == {"Driver2", "Rider3"}
    (off,) = foresee(day, run_id, kind="lift_off").people
    assert off.before is not None and off.after is None
    assert (off.name, off.before.with_, off.before.event, off.district) == (
        "Rider2", "Driver1", "Morning canvass", "WF2"
    )  # fmt: skip
    (driver,) = foresee(day, run_id, kind="changed").people
    assert driver.before and driver.after and (driver.before.riders, driver.after.riders) == (2, 1)
    assert "riders" in driver.other and "stops" not in driver.other
    for search, found in (
        ("rider", 2),
        ("DRIVER2", 1),
        ("wf2", 2),
        ("ider", 0),
        ("%", 0),
        ("\0", 4),
        ("'", 0),
    ):
        assert foresee(day, run_id, search=search).total == found, search
    assert foresee(day, run_id, kind="matched", search="rider").total == 1
    assert foresee(day, run_id, kind="nonsense").total == 4
    assert foresee(day, run_id, search="rider").figures == seen.figures, "what happens, whoever is looked for"
    monkeypatch.setattr(foreseen, "PAGE", 3)
    pages = [foresee(day, run_id, page=page).people for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 1, 0]
    assert {one.name for page in pages for one in page} == {"Driver1", "Driver2", "Rider2", "Rider3"}


def test_who_is_told_is_read_by_event(day: Day) -> None:
    """Whoever changes from one event to another is told of the other."""
    life = Life(day, Random(1))
    publishing.publish(day.db, day.campaign, life.solved(), day.coordinator)
    run_id = life.solved()
    seen = foresee(day, run_id)
    assert len(seen.events) > 1 and seen.event is None
    for event in seen.events:
        of_it = foresee(day, run_id, event_id=event.id)
        assert of_it.event == event and of_it.figures == seen.figures
        assert dict(of_it.kinds) == event.told and of_it.total == sum(event.told.values())
        told = [(one.after or one.before) for one in of_it.people]
        assert {one.event for one in told if one} == {event.title}
    without_event = dict(seen.kinds).get("no_lift", 0)
    assert sum(sum(event.told.values()) for event in seen.events) + without_event == seen.total
    nowhere = foresee(day, run_id, event_id=uuid4())
    assert (nowhere.total, nowhere.event, nowhere.kinds) == (0, None, ())
