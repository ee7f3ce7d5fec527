"""Changing a plan by hand: what is shown is what is taken, rules are named, and everything can be undone."""

from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from api.errors import Conflict, Invalid, NotFound
from api.services import holds, matching, publishing, reviewing
from api.services.hands import looking, taking
from api.services.hands.edited import documents
from api.store.queries import hands as queries
from api.store.tables import AuditEntry, Edit, Hold, Offer, Planned
from carpool import score, violations
from carpool.check import Rule
from carpool.files import instance_from_json, plan_from_json
from tests.api import world
from tests.api.services.hands.plan import START, Hands, asked
from tests.api.services.test_publishing import Day


@pytest.fixture
def day(db: Session) -> Day:
    return Day(db)


@pytest.fixture
def hands(day: Day) -> Hands:
    return Hands(day)


def test_the_effect_is_shown_before_and_is_what_comes(hands: Hands) -> None:
    before = hands.version
    effect = hands.preview("ride", hands.b, hands.two)
    assert hands.cars == START and hands.version == before, "looking changes nothing"
    assert effect.title == "Rider2 rides in Driver2’s car" and not effect.broken
    changes = {one.name: one for one in effect.changes}
    assert {"Rider2", "Driver1", "Driver2"} <= set(changes)
    moved = changes["Rider2"]
    assert (
        moved.before and moved.after and (moved.before.driver, moved.after.driver) == ("Driver1", "Driver2")
    )
    hands.take("ride", hands.b, hands.two)
    assert hands.cars == {"Driver1": {"Rider1"}, "Driver2": {"Rider2", "Rider3"}}
    instance, plan, by_hand = hands.plan()
    assert score(instance, by_hand.trips) - (plan.score or 0.0) == pytest.approx(
        effect.score_after - effect.score_before
    )
    run = matching.look_up(hands.db, hands.campaign, world.DAY, hands.run_id)
    assert run.score == pytest.approx(score(instance, by_hand.trips))
    assert (run.cars, run.riders, run.left) == (2, 3, 0)
    assert [v for v in violations(instance, by_hand) if v.rule is not Rule.ORDER] == []


def test_drivers_swap_and_somebody_is_taken_out(hands: Hands) -> None:
    hands.take("swap", hands.one, hands.two)
    assert hands.cars == {"Driver2": {"Rider1", "Rider2"}, "Driver1": {"Rider3"}}
    hands.take("out", hands.b)
    assert hands.cars["Driver2"] == {"Rider1"}
    run = matching.look_up(hands.db, hands.campaign, world.DAY, hands.run_id)
    assert (run.volunteers, run.left) == (4, 1)
    (left,) = reviewing.left(hands.db, run).people
    assert (left.name, left.text) == ("Rider2", "Lost their place by hand.")
    hands.take("out", hands.two, keep=False)
    assert hands.cars == {"Driver1": {"Rider3"}}
    assert len(hands.plan()[2].unmatched or ()) == 3


def test_a_car_goes_to_another_event_with_all_its_riders(hands: Hands) -> None:
    later = world.add_event(
        hands.db, hands.campaign, hands.day.coordinator, title="Leaflets", starts="14:00", ends="16:00"
    )
    hands.take("drive", hands.one, None, later.id)
    run = matching.look_up(hands.db, hands.campaign, world.DAY, hands.run_id)
    assert {(trip.driver, trip.event) for trip in reviewing.trips(hands.db, hands.campaign, run).trips} == {
        ("Driver1", "Leaflets"), ("Driver2", "Morning canvass"),
    }  # fmt: skip
    with pytest.raises(Invalid, match="already"):
        hands.take("drive", hands.one, None, later.id)


def test_undo_and_redo_bring_back_plan_figures_and_holds(hands: Hands) -> None:
    figures = matching.look_up(hands.db, hands.campaign, world.DAY, hands.run_id)
    states = [(hands.cars, hands.holds)]
    for change in (
        ("ride", hands.b, hands.two),
        ("swap", hands.one, hands.two),
        ("out", hands.c),
        ("apart", hands.a, hands.b),
    ):
        hands.take(*change)
        states.append((hands.cars, hands.holds))
    assert len({str(state) for state in states}) == 5
    for state in reversed(states[:-1]):
        hands.undo()
        assert (hands.cars, hands.holds) == state
    assert matching.look_up(hands.db, hands.campaign, world.DAY, hands.run_id) == figures
    for state in states[1:]:
        hands.redo()
        assert (hands.cars, hands.holds) == state
    hands.undo()
    hands.take("out", hands.a)
    with pytest.raises(IndexError):
        hands.redo()


def test_a_broken_rule_is_named_and_not_taken(hands: Hands) -> None:
    hands.two.seats = 1
    hands.db.add(hands.two)
    hands.db.commit()
    effect = hands.preview("ride", hands.b, hands.two)
    assert effect.broken == ("Driver2’s car has too few seats: people riding: 2, seats: 1, 1 too many.",)
    assert not effect.forceable
    with pytest.raises(Conflict, match="too few seats"):
        hands.take("ride", hands.b, hands.two, reason="It will do")
    hands.db.rollback()
    assert hands.cars == START


def test_what_a_car_lacks_is_named_in_words(hands: Hands) -> None:
    hands.b.needs = ["child_seat"]
    hands.db.add(hands.b)
    hands.db.commit()
    (said,) = hands.preview("ride", hands.b, hands.two).broken
    assert said.startswith("Driver2’s car is not fit for everybody in it: riders who need a child seat: 1")


def test_the_database_counts_seats_and_places_again(hands: Hands) -> None:
    rows = {row.sign_up_id: row for row in queries.around(hands.db, hands.run_id, [hands.two.id])}
    hands.two.seats = 1
    hands.db.add(hands.two)
    hands.db.flush()
    third = Planned(
        run_id=hands.run_id,
        sign_up_id=uuid4(),
        trip=rows[hands.two.id].trip,
        position=2,
        driver_id=hands.two.id,
        people=1,
        by_hand=True,
    )
    with pytest.raises(IntegrityError, match="more people than seats"), hands.db.begin_nested():
        hands.db.add(third)
        hands.db.flush()
    again = Planned(run_id=hands.run_id, sign_up_id=hands.a.id, trip=99, position=1, people=1, by_hand=True)
    with pytest.raises(IntegrityError, match="planned_pkey"), hands.db.begin_nested():
        hands.db.connection().execute(Planned.__table__.insert(), again.model_dump())  # type: ignore[attr-defined]


def test_minutes_are_let_through_for_a_reason_alone(hands: Hands) -> None:
    hands.two.max_detour_minutes = 0
    hands.db.add(hands.two)
    hands.db.commit()
    effect = hands.preview("ride", hands.b, hands.two)
    assert effect.forceable and "detour" in effect.broken[0]
    with pytest.raises(Invalid, match="Say in a few words"):
        hands.take("ride", hands.b, hands.two)
    hands.db.rollback()
    hands.take("ride", hands.b, hands.two, reason="Driver2 said it is fine")
    assert hands.cars["Driver2"] == {"Rider2", "Rider3"}
    edit = hands.last(False)
    assert edit.forced and edit.reason == "Driver2 said it is fine"
    (hold,) = hands.db.exec(select(Hold)).all()
    assert hold.force and hold.reason == edit.reason
    instance = matching.build_instance(hands.db, hands.campaign, world.DAY)
    assert [pin.force for pin in instance.pinned] == [True]
    _, _, plan = hands.plan()
    assert [v for v in violations(instance, plan) if v.rule is not Rule.ORDER] == []
    run = matching.look_up(hands.db, hands.campaign, world.DAY, hands.run_id)
    assert run.score is not None and run.bound is not None and run.score <= run.bound
    said = hands.db.exec(select(AuditEntry.what).where(AuditEntry.subject_id == edit.id)).all()
    assert said == ["plan changed by hand against a limit"]
    publishing.publish(hands.db, hands.campaign, hands.run_id, hands.day.coordinator)


def test_every_change_is_on_record(hands: Hands) -> None:
    hands.take("pin", hands.one)
    hands.undo()
    hands.redo()
    hold = hands.db.exec(select(Hold)).one()
    holds.take_off(hands.db, hands.campaign, world.DAY, hold.id, hands.day.coordinator)
    hands.db.commit()
    said = hands.db.exec(select(AuditEntry.what).order_by(col(AuditEntry.id))).all()[-4:]
    assert said == [
        "plan changed by hand",
        "change by hand undone",
        "change by hand done again",
        "hold taken off",
    ]
    with pytest.raises(NotFound):
        holds.take_off(hands.db, hands.campaign, world.DAY, hold.id, hands.day.coordinator)


def test_a_published_plan_is_the_one_made_by_hand(hands: Hands) -> None:
    hands.take("ride", hands.b, hands.two)
    publishing.publish(hands.db, hands.campaign, hands.run_id, hands.day.coordinator)
    hands.db.commit()
    lift = hands.day.page(hands.b).lift
    assert lift is not None and lift.driver_name == "Driver2"
    with pytest.raises(Conflict, match="published"):
        hands.take("ride", hands.b, hands.one)
    with pytest.raises(Conflict, match="published"):
        hands.preview("ride", hands.b, hands.one)


def test_answers_changed_after_an_override_are_judged_anew(hands: Hands) -> None:
    hands.take("ride", hands.b, hands.two)
    hands.db.exec(update(Offer).where(col(Offer.id) == hands.two.id).values(max_detour_minutes=0))
    hands.db.commit()
    published = publishing.preview(hands.db, hands.campaign, hands.run_id)
    assert published.lifts == 1, "the car whose driver no longer agrees is left out, as any other"


@pytest.mark.parametrize("kind", ["", "fly"])
def test_what_makes_no_sense_is_said(hands: Hands, kind: str) -> None:
    with pytest.raises(Invalid):
        hands.preview(kind, hands.a)
    for bad in (
        ("ride", hands.a),
        ("drive", hands.one),
        ("apart", hands.a, hands.a),
        ("swap", hands.one, hands.one),
    ):
        with pytest.raises((Invalid, Conflict)):
            hands.preview(*bad)
    with pytest.raises(Invalid, match="not in this plan"):
        hands.preview("ride", uuid4(), hands.one)
    with pytest.raises(Invalid, match="did not offer to drive"):
        hands.preview("drive", hands.a, None, hands.event)


def test_other_cars_are_offered_with_what_they_would_do(hands: Hands, db: Session) -> None:
    (option,) = looking.options(db, hands.campaign, hands.run_id, hands.b.id)
    assert (option.driver, option.free, option.broken) == ("Driver2", 2, "")
    shown = hands.preview("ride", hands.b, hands.two)
    assert option.score == pytest.approx(shown.score_after - shown.score_before)
    assert looking.options(db, hands.campaign, hands.run_id, hands.b.id, "driver2") == (option,)
    assert looking.options(db, hands.campaign, hands.run_id, hands.b.id, "nobody") == ()
    (swap,) = looking.options(db, hands.campaign, hands.run_id, hands.one.id, swap=True)
    assert swap.driver == "Driver2"
    view = looking.person(db, hands.campaign, hands.run_id, hands.b.id)
    assert view.car and view.car.driver == "Driver1" and [one.name for one in view.car.riders]
    with pytest.raises(NotFound):
        looking.person(db, hands.campaign, hands.run_id, uuid4())


def test_somebody_left_over_gets_a_place_by_hand(day: Day) -> None:
    [one, _], [a, b, _] = day.offers, day.requests
    run_id = day.solved((one, [a]))
    day.db.commit()
    row = Planned(
        run_id=run_id, sign_up_id=b.id, reason="search_ended", details={"text": "x", "fix": "y"}, people=1
    )
    day.db.add(row)
    day.db.commit()
    taking.take(day.db, day.campaign, run_id, day.coordinator, asked("ride", b, one), 0)
    day.db.commit()
    view = looking.person(day.db, day.campaign, run_id, b.id)
    assert view.car and view.car.driver == "Driver1"
    edit = looking.hands(day.db, day.campaign, run_id).undo
    assert edit is not None
    taking.undo(day.db, day.campaign, run_id, day.coordinator, edit.id)
    assert looking.person(day.db, day.campaign, run_id, b.id).reason == "x"


def test_the_files_of_a_plan_changed_by_hand_pass_the_checker(hands: Hands) -> None:
    hands.two.max_detour_minutes = 0
    hands.db.add(hands.two)
    hands.db.commit()
    hands.take("ride", hands.b, hands.two, reason="They agreed")
    hands.take("out", hands.a)
    run = matching.find(hands.db, hands.campaign, hands.run_id)
    instance, plan = (document for document in documents(hands.db, run))
    assert violations(instance_from_json(instance), plan_from_json(plan)) == []
    assert [one["id"] for one in plan["unmatched"]] == [str(hands.a.id)]


def test_nothing_is_proven_of_a_plan_beyond_the_bound(hands: Hands) -> None:
    run = matching.find(hands.db, hands.campaign, hands.run_id)
    worst = float((run.figures or {})["score"])
    run.figures = (run.figures or {}) | {"score": worst, "bound": worst, "gap": 0.0, "status": "optimal"}
    hands.db.commit()
    hands.take("pin", hands.one)
    shown = matching.look_up(hands.db, hands.campaign, world.DAY, hands.run_id)
    assert (shown.status, shown.gap) == ("optimal", 0.0), "a pin alone changes nothing"
    hands.db.exec(update(Edit).values(score=0.5))
    shown = matching.look_up(hands.db, hands.campaign, world.DAY, hands.run_id)
    assert (shown.status, shown.gap, shown.score) == ("feasible", None, worst + 0.5)
