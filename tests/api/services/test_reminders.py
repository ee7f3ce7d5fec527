"""What goes out by itself: once, at its time, to whom it concerns, and not when it is no longer true."""

from datetime import datetime, time, timedelta

import pytest
from sqlmodel import Session, col, select

from api.services import campaigns, lifts, local, outbox, reminders, truth
from api.services.local import at
from api.store.tables import Lift, Message
from tests.api import world
from tests.api.pages.scene import Pair, Scene, pair, password_hash, scene

__all__ = ["pair", "password_hash", "scene"]
EVENING = at(world.DAY - timedelta(days=1), time(18))
MORNING = at(world.DAY, time(7))
NOON = at(world.DAY, time(12, 45))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment it is, for the reminders and the outbox: the last of the list."""
    moments = [local.now()]
    for module in (reminders, outbox, truth):
        monkeypatch.setattr(module, "now", lambda: moments[-1])
    monkeypatch.setattr(reminders, "today", lambda: local.local(moments[-1]).date())
    return moments


def told(db: Session) -> list[tuple[str, str]]:
    """Kind and reader of all reminders."""
    names = {"reminder", "morning", "thanks"}
    rows = db.exec(
        select(Message).where(col(Message.kind).in_(names)).order_by(col(Message.created_at))
    ).all()
    return sorted((row.kind, str(row.person_id)) for row in rows)


@pytest.mark.parametrize(("moment", "kind"), [(EVENING, "reminder"), (MORNING, "morning"), (NOON, "thanks")])
def test_each_is_sent_once_to_everybody_in_the_car(
    db: Session, pair: Pair, clock: list[datetime], moment: datetime, kind: str
) -> None:
    clock.append(moment)
    assert [reminders.queue_due(db) for _ in range(3)] == [2, 0, 0]
    assert told(db) == sorted((kind, str(sign_up.person_id)) for sign_up in pair)
    for sign_up in pair:
        (message,) = world.messages_of(db, sign_up, kind)
        envelope = outbox.claim(db, message.id)
        assert envelope is not None and envelope.page.lift is not None


@pytest.mark.parametrize(
    "moment",
    [
        at(world.DAY - timedelta(days=2), time(18)),
        at(world.DAY - timedelta(days=1), time(16, 59)),
        at(world.DAY, time(9, 30)),
        at(world.DAY, time(23)),
    ],
)
def test_at_other_times_nothing_goes_out(
    db: Session, pair: Pair, clock: list[datetime], moment: datetime
) -> None:
    clock.append(moment)
    assert reminders.queue_due(db) == 0


def test_who_was_told_of_the_lift_just_now_needs_no_reminder(
    db: Session, pair: Pair, clock: list[datetime]
) -> None:
    lift = db.exec(select(Lift)).one()
    db.add(lift.sqlmodel_update({"created_at": EVENING}))
    db.flush()
    clock.append(EVENING + timedelta(minutes=20))
    assert reminders.queue_due(db) == 0


def test_who_cancels_hears_nothing_more_and_an_event_that_is_off_has_no_reminder(
    db: Session, scene: Scene, pair: Pair, clock: list[datetime]
) -> None:
    offer, request = pair
    clock.append(EVENING)
    reminders.queue_due(db)
    lifts.cancel(db, request, world.person_of(db, request))
    (message,) = world.messages_of(db, request, "reminder")
    assert outbox.claim(db, message.id) is None
    campaigns.cancel_event(db, scene.campaign, scene.coordinator, scene.morning.id)
    clock.append(MORNING)
    assert reminders.queue_due(db) == 0 and world.messages_of(db, offer, "morning") == []


def test_a_reminder_that_comes_too_late_is_dropped(db: Session, pair: Pair, clock: list[datetime]) -> None:
    clock.append(MORNING)
    reminders.queue_due(db)
    clock.append(at(world.DAY, time(10, 30)))
    for sign_up in pair:
        (message,) = world.messages_of(db, sign_up, "morning")
        assert outbox.claim(db, message.id) is None
