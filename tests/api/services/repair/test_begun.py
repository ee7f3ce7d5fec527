"""What begins a repair, in the transaction of what happened; what else happens then is gathered in."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from api.errors import Conflict
from api.services import deadlines, lifts, safety, ticking
from api.services.local import today
from api.services.repair import begun
from api.store.queries import jobs
from tests.api import world
from tests.api.door import Door, door
from tests.api.pages.scene import Pair, Scene, pair, password_hash, scene
from tests.api.services.repair.day import kinds, on_the_day, repairs_of

__all__ = ["door", "pair", "password_hash", "scene"]
MANY = 20


def test_a_cancellation_queues_message_and_repair_at_once(db: Session, pair: Pair) -> None:
    driver, rider = pair
    lifts.cancel(db, driver, world.person_of(db, driver))
    assert kinds(db, rider)[-1] == "driver_cancelled"
    (repair,) = repairs_of(db)
    assert (repair.state, repair.cause, repair.day) == ("queued", "driver_cancelled", world.DAY)
    assert jobs.unfinished(db, "carry_out_repair", "repair_id") == {str(repair.id)}
    db.rollback()
    assert repairs_of(db) == []
    assert jobs.unfinished(db, "carry_out_repair", "repair_id") == set()


def test_a_rider_who_cancels_leaves_a_seat_for_somebody(db: Session, pair: Pair) -> None:
    lifts.cancel(db, pair[1], world.person_of(db, pair[1]))
    assert [repair.cause for repair in repairs_of(db)] == ["rider_cancelled"]


def test_what_happens_while_one_waits_is_gathered_in(db: Session, scene: Scene, pair: Pair) -> None:
    for sign_up in pair:
        lifts.cancel(db, sign_up, world.person_of(db, sign_up))
    begun.wanted(db, scene.campaign.id, world.DAY, "asked")
    assert len(repairs_of(db)) == 1
    begun.wanted(db, scene.campaign.id, world.DAY + timedelta(days=1), "asked")
    assert len(repairs_of(db)) == 2


def test_many_happenings_on_one_connection_are_gathered_in(db: Session, scene: Scene, pair: Pair) -> None:
    """After some uses the database plans the statement once for all values, and has to know the index still."""
    for _ in range(MANY):
        begun.wanted(db, scene.campaign.id, world.DAY, "asked")
    assert len(repairs_of(db)) == 1


def test_a_day_that_is_over_is_not_repaired(db: Session, scene: Scene) -> None:
    begun.wanted(db, scene.campaign.id, today() - timedelta(days=1), "asked")
    assert repairs_of(db) == []


def test_whoever_had_no_lift_begins_none(db: Session, scene: Scene) -> None:
    offer = world.add_offer(db, scene.campaign)
    lifts.cancel(db, offer, world.person_of(db, offer))
    assert repairs_of(db) == []


def test_leaving_quietly_and_being_called_off_begin_one(db: Session, scene: Scene, pair: Pair) -> None:
    safety.report(db, world.person_of(db, pair[0]), [], "")
    assert [repair.cause for repair in repairs_of(db)] == ["rider_cancelled"]


def test_a_lift_called_off_begins_one(db: Session, scene: Scene, pair: Pair) -> None:
    from tests.api.door import lift_of

    deadlines.call_off(db, scene.campaign, lift_of(db, pair[0]).id, scene.coordinator)
    assert [repair.cause for repair in repairs_of(db)] == ["called_off"]


@pytest.mark.parametrize(("who", "count"), [("dora", 1), ("rafi", 0)])
def test_a_driver_who_is_ticked_as_not_come_begins_one(
    db: Session, door: Door, who: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind: Any = "driver" if who == "dora" else "rider"
    monkeypatch.setattr(begun, "today", lambda: world.DAY)
    ticking.tick(db, door.host, kind, getattr(door, who).id, "expected:no_show")
    assert [repair.cause for repair in repairs_of(db)] == ["no_show"] * count


def test_a_car_that_cannot_go_on_frees_its_riders_and_calls_the_coordinators(
    db: Session, pair: Pair, scene: Scene
) -> None:
    driver, rider = pair
    person = world.person_of(db, driver)
    with pytest.raises(Conflict, match="three hours"):
        lifts.my_car_breaks_down(db, person)
    on_the_day(db, timedelta(minutes=-5))
    lifts.my_car_breaks_down(db, person)
    lifts.my_car_breaks_down(db, person)
    assert kinds(db, rider) == ["matched", "driver_cancelled"]
    assert kinds(db, driver) == ["matched", "cancelled_by_you"]
    assert [repair.cause for repair in repairs_of(db)] == ["broke_down"]
    assert jobs.unfinished(db, "carry_out_repair", "repair_id")
    assert driver.state == "cancelled"
