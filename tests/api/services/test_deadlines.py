"""Who has not said in time that they come: on the coordinators' list first, then a silent driver's lift is called off."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from types import ModuleType

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.errors import Conflict
from api.services import (
    campaigns,
    deadlines,
    lifts,
    local,
    matching,
    my_page,
    outbox,
    people,
    publishing,
    reminders,
)
from api.services.campaign_forms import RulesForm
from api.services.local import at
from api.store.queries import lifts as queries
from api.store.session import open_session
from api.store.tables import AuditEntry, Lift, Message, Offer, Request
from tests.api import world
from tests.api.pages.scene import Pair, Scene, match, pair, password_hash, publish, scene

__all__ = ["pair", "password_hash", "scene"]
EVE = world.DAY - timedelta(days=1)
BEFORE, AFTER = at(EVE, time(19, 59)), at(EVE, time(20))
MORNING = at(world.DAY, time(7))
MODULES: tuple[ModuleType, ...] = (deadlines, my_page, outbox, reminders)
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the moment that it is."""

    def to(moment: datetime) -> None:
        for module in MODULES:
            monkeypatch.setattr(module, "now", lambda: moment)
        for module in (deadlines, reminders):
            monkeypatch.setattr(module, "today", lambda: local.local(moment).date())

    return to


@pytest.fixture
def lift(db: Session, pair: Pair) -> Lift:
    """Dora's, who leaves a little after nine."""
    return db.exec(select(Lift)).one()


def due(lift: Lift, hours: float = 3) -> datetime:
    return lift.departs_at - timedelta(hours=hours)


def told(db: Session, sign_up: Offer | Request) -> list[Message]:
    return world.messages_of(db, sign_up, "lift_off")


def test_the_driver_is_reminded_once_before_the_time_is_over(db: Session, pair: Pair, clock: Clock) -> None:
    clock(at(EVE, time(18)))
    assert [reminders.queue_due(db), reminders.queue_due(db)] == [2, 0]
    view = my_page.of(db, world.person_of(db, pair[0])).lift
    assert view is not None and view.answer_by == at(EVE, time(20)) and view.call_off_at is not None
    assert at(EVE, time(17)) < view.answer_by


def test_who_has_not_answered_is_on_the_list_once_the_time_is_over(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    clock(BEFORE)
    assert deadlines.unanswered(db, scene.campaign, world.DAY) == deadlines.Unanswered((), ())
    clock(AFTER)
    found = deadlines.unanswered(db, scene.campaign, world.DAY)
    assert [(one.name, one.people, one.call_off_at) for one in found.drivers] == [("Dora", 1, due(lift))]
    assert found.riders == ("Rafi",)
    for sign_up in pair:
        lifts.accept(db, world.person_of(db, sign_up))
    db.expire_all()
    assert deadlines.unanswered(db, scene.campaign, world.DAY) == deadlines.Unanswered((), ())


def test_a_silent_drivers_lift_is_called_off_hours_before_it_leaves(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    offer, request = pair
    clock(due(lift) - timedelta(minutes=1))
    assert deadlines.call_off_due(db) == 0
    clock(due(lift))
    assert [deadlines.call_off_due(db), deadlines.call_off_due(db)] == [1, 0]
    db.expire_all()
    assert db.exec(select(Lift.state)).one() == "cancelled"
    (to_rider,), (to_driver,) = told(db, request), told(db, offer)
    assert to_driver.facts == {"unheard": True} and to_rider.facts == {}
    for message in (to_rider, to_driver):
        envelope = outbox.claim(db, message.id)
        assert envelope is not None and envelope.page.lift is None
    assert my_page.of(db, world.person_of(db, request)).status != "matched"
    assert my_page.of(db, world.person_of(db, offer)).status == "unheard"


def test_its_riders_are_matched_again_and_its_driver_only_once_heard_of(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    offer, request = pair
    earlier = match(db, scene)
    clock(due(lift))
    deadlines.call_off_due(db)
    other = world.add_offer(db, scene.campaign, name="Olu")
    instance = matching.build_instance(db, scene.campaign, world.DAY)
    assert [driver.id for driver in instance.drivers] == [str(other.id)]
    assert [rider.id for rider in instance.riders] == [str(request.id)] and instance.published == ()
    # Nor does a plan from before put the rider back into the car of whom nothing was heard.
    publishing.publish(db, scene.campaign, earlier.id, scene.coordinator)
    assert queries.of_offer(db, offer.id) is None and queries.of_request(db, request.id) is None
    assert world.messages_of(db, offer, "no_lift") == []
    lifts.come_after_all(db, world.person_of(db, offer))
    lifts.come_after_all(db, world.person_of(db, offer))
    drivers = matching.build_instance(db, scene.campaign, world.DAY).drivers
    assert {driver.id for driver in drivers} == {str(offer.id), str(other.id)}
    assert my_page.of(db, world.person_of(db, offer)).status != "unheard"


def test_who_has_said_that_they_come_is_left_alone(db: Session, pair: Pair, lift: Lift, clock: Clock) -> None:
    lifts.accept(db, world.person_of(db, pair[0]))
    clock(due(lift))
    assert deadlines.call_off_due(db) == 0 and told(db, pair[1]) == []


def test_a_rider_who_has_not_answered_keeps_the_place(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    lifts.accept(db, world.person_of(db, pair[0]))
    clock(lift.departs_at - timedelta(minutes=1))
    assert deadlines.call_off_due(db) == 0 and queries.of_request(db, pair[1].id) is not None
    assert deadlines.unanswered(db, scene.campaign, world.DAY).riders == ("Rafi",)


def test_nobody_counts_on_a_driver_without_riders(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    people.cancel(db, world.person_of(db, pair[1]))
    clock(due(lift))
    assert deadlines.call_off_due(db) == 0
    assert deadlines.unanswered(db, scene.campaign, world.DAY).drivers == ()


@pytest.mark.parametrize("hours", [1.5, 6.0, 12.0, 0.0])
def test_the_campaign_says_how_long_before_and_never_before_the_time_is_over(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock, hours: float
) -> None:
    campaigns.set_rules(db, scene.campaign, scene.coordinator, RulesForm(call_off_hours=hours))
    moment = max(due(lift, hours), AFTER) if hours else lift.departs_at - timedelta(minutes=1)
    clock(moment - timedelta(minutes=1))
    assert deadlines.call_off_due(db) == 0
    clock(moment)
    assert deadlines.call_off_due(db) == (hours > 0)


def test_who_was_told_late_and_not_asked_is_rung_and_not_called_off(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    db.add(lift.sqlmodel_update({"created_at": at(EVE, time(22))}))
    db.flush()
    clock(at(EVE, time(23, 59)))
    assert deadlines.unanswered(db, scene.campaign, world.DAY).drivers == ()  # Two hours are theirs.
    clock(at(world.DAY, time()))
    (driver,) = deadlines.unanswered(db, scene.campaign, world.DAY).drivers
    assert driver.call_off_at is None
    clock(lift.departs_at - timedelta(minutes=1))
    assert deadlines.call_off_due(db) == 0


def test_a_car_that_has_left_is_not_called_off(db: Session, pair: Pair, lift: Lift, clock: Clock) -> None:
    """The worker was away: whoever drives has set off by now, answer or not."""
    clock(lift.departs_at)
    assert deadlines.call_off_due(db) == 0


def test_an_answer_that_comes_first_wins(
    engine: Engine, db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    """The list was read before the driver answered: the lift stands all the same."""
    db.commit()
    clock(due(lift))
    with open_session(engine) as own:
        (standing,) = queries.standing(own, scene.campaign.id, world.DAY)
        lifts.accept(db, world.person_of(db, pair[0]))
        db.commit()
        assert standing[0].accepted_at is None
        assert not queries.end_unheard(own, standing[0].id, MORNING)
        own.rollback()
    db.expire_all()
    assert (lift.state, pair[0].unheard_at) == ("published", None)
    lift_id = lift.id
    with pytest.raises(Conflict):
        deadlines.call_off(db, scene.campaign, lift_id, scene.coordinator)


def test_a_coordinator_rings_and_says_what_the_driver_said(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    clock(AFTER)
    call = deadlines.ring(db, scene.campaign, lift.id, scene.coordinator)
    assert (call.phone, call.driver.name) == ("07700 900123", "Dora")
    deadlines.comes(db, scene.campaign, lift.id, scene.coordinator)
    db.expire_all()
    assert lift.accepted_at is not None
    with pytest.raises(Conflict):
        deadlines.ring(db, scene.campaign, lift.id, scene.coordinator)
    db.commit()
    done = db.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).all()[:2]
    assert [(entry.what, entry.subject_id) for entry in done] == [
        ("driver comes", lift.id),
        ("driver's number read", lift.id),
    ]


def test_a_coordinator_calls_a_lift_off_at_once(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    clock(AFTER)
    deadlines.call_off(db, scene.campaign, lift.id, scene.coordinator)
    assert len(told(db, pair[1])) == len(told(db, pair[0])) == 1
    publish(db, scene)
    assert queries.of_request(db, pair[1].id) is None
    assert world.messages_of(db, pair[1], "no_lift") != []


def test_a_cancelled_event_asks_nobody_for_an_answer(
    db: Session, scene: Scene, pair: Pair, lift: Lift, clock: Clock
) -> None:
    """Its people were told that it is off; whether they would have come does not matter any more."""
    campaigns.cancel_event(db, scene.campaign, scene.coordinator, lift.event_id)
    clock(due(lift))
    assert deadlines.unanswered(db, scene.campaign, world.DAY) == deadlines.Unanswered((), ())
    assert deadlines.call_off_due(db) == 0
