"""What was decided by hand for a day: later runs keep to it, nobody is held twice, and who is gone holds up nobody."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from api.errors import Conflict
from api.services import holds, matching, people, publishing
from api.services.hands import looking, taking
from api.store.queries import retention as retention_queries
from api.store.tables import Edit, Hold, HoldPerson
from tests.api import world
from tests.api.services.hands.plan import Hands
from tests.api.services.test_publishing import Day


@pytest.fixture
def day(db: Session) -> Day:
    return Day(db)


@pytest.fixture
def hands(day: Day) -> Hands:
    return Hands(day)


def test_somebody_who_has_just_cancelled_can_not_be_pinned(hands: Hands) -> None:
    people.cancel(hands.db, world.person_of(hands.db, hands.one))
    people.cancel(hands.db, world.person_of(hands.db, hands.c))
    hands.db.commit()
    with pytest.raises(Conflict, match="Driver1 takes part no longer"):
        hands.take("pin", hands.one)
    hands.db.rollback()
    with pytest.raises(Conflict, match="Rider3 takes part no longer"):
        hands.preview("ride", hands.c, hands.one)
    hands.take("ride", hands.a, hands.two)
    assert hands.cars["Driver2"] == {"Rider1"}, "who cancelled leaves the car"


def test_a_pin_on_somebody_who_cancels_later_stops_nobody_s_match(hands: Hands) -> None:
    hands.take("pin", hands.one)
    hands.take("pin", hands.two)
    people.cancel(hands.db, world.person_of(hands.db, hands.one))
    people.cancel(hands.db, world.person_of(hands.db, hands.c))
    hands.db.commit()
    instance = matching.build_instance(hands.db, hands.campaign, world.DAY)
    assert [(pin.driver, pin.riders) for pin in instance.pinned] == [(str(hands.two.id), ())]
    faults = sorted(one.fault for one in looking.hands(hands.db, hands.campaign, hands.run_id).holds)
    assert faults[0].startswith("Driver1") and faults[1] == "Rider3 takes part no longer."


def test_a_pin_that_breaks_a_rule_by_now_is_left_out(hands: Hands) -> None:
    hands.take("pin", hands.one)
    hands.one.seats = 1
    hands.db.add(hands.one)
    hands.db.commit()
    assert matching.build_instance(hands.db, hands.campaign, world.DAY).pinned == ()
    (hold,) = looking.hands(hands.db, hands.campaign, hands.run_id).holds
    assert "breaks a rule" in hold.fault


def test_later_runs_keep_to_what_was_decided(hands: Hands) -> None:
    hands.take("ride", hands.b, hands.two)
    hands.take("apart", hands.one, hands.c)
    hands.take("out", hands.a)
    instance = matching.build_instance(hands.db, hands.campaign, world.DAY)
    assert [(pin.driver, pin.riders) for pin in instance.pinned] == [(str(hands.two.id), (str(hands.b.id),))]
    assert instance.apart == ((str(hands.one.id), str(hands.c.id)),)
    assert str(hands.a.id) not in instance.index
    hands.take("ride", hands.a, hands.one)
    assert str(hands.a.id) in matching.build_instance(hands.db, hands.campaign, world.DAY).index, "put back"


def test_nobody_is_in_two_pins(hands: Hands) -> None:
    hands.take("pin", hands.one)
    hands.take("ride", hands.b, hands.two)
    rows = hands.db.exec(select(HoldPerson.sign_up_id)).all()
    assert len(rows) == len(set(rows)) == 4
    words = {one.words for one in looking.hands(hands.db, hands.campaign, hands.run_id).holds}
    assert words == {
        "Driver1 drives to “Morning canvass”, with Rider1", "Driver2 drives to “Morning canvass”, with Rider2",
    }  # fmt: skip
    hands.undo()
    words = {one.words for one in looking.hands(hands.db, hands.campaign, hands.run_id).holds}
    assert words == {"Driver1 drives to “Morning canvass”, with Rider1, Rider2"} or words == {
        "Driver1 drives to “Morning canvass”, with Rider2, Rider1"
    }


def test_two_who_are_kept_apart_leave_one_car(hands: Hands) -> None:
    hands.take("apart", hands.one, hands.a)
    assert hands.cars["Driver1"] == {"Rider2"}
    effect = hands.preview("ride", hands.a, hands.one)
    assert effect.broken == ("Driver1 must not share a car with Rider1.",) or effect.broken == (
        "Rider1 must not share a car with Driver1.",
    )
    assert not effect.forceable


def test_a_plan_that_does_not_keep_a_pin_is_not_published(hands: Hands) -> None:
    hands.take("ride", hands.b, hands.two)
    taking.undo(hands.db, hands.campaign, hands.run_id, hands.day.coordinator, hands.last(False).id)
    pin = holds.new(
        "pin", [str(hands.two.id), str(hands.a.id)], hands.day.coordinator, event=str(hands.event)
    )
    holds.change(hands.db, hands.campaign, world.DAY, [], [pin])
    hands.db.commit()
    with pytest.raises(Conflict, match="Rider1"):
        publishing.publish(hands.db, hands.campaign, hands.run_id, hands.day.coordinator)


def test_what_is_erased_leaves_no_reason_behind(hands: Hands) -> None:
    hands.two.max_detour_minutes = 0
    hands.db.add(hands.two)
    hands.db.commit()
    hands.take("ride", hands.b, hands.two, reason="Rider2 canary knows the driver")
    erased = hands.b.id
    people.erase(hands.db, world.person_of(hands.db, hands.b))
    hands.db.commit()
    assert hands.db.exec(select(Edit.reason)).all() == ["(erased)"]
    assert hands.db.exec(select(Hold.reason)).all() == ["(erased)"]
    assert erased not in hands.db.exec(select(HoldPerson.sign_up_id)).all()


def test_what_was_decided_goes_with_the_runs_of_its_day(hands: Hands) -> None:
    hands.take("pin", hands.one)
    retention_queries.runs(hands.db, world.DAY - timedelta(days=1))
    assert len(hands.db.exec(select(Hold.id)).all()) == 1
    retention_queries.runs(hands.db, world.DAY)
    for table in (Hold.id, HoldPerson.hold_id, Edit.id):
        assert hands.db.exec(select(table)).all() == []
