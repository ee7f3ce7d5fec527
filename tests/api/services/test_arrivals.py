"""The board of arrivals: who comes when and with whom, without anything by which a stranger could find them."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from api.services import arrivals, lifts, people, safety, ticking
from api.services.host_views import Board
from api.services.local import local, now
from tests.api import world
from tests.api.door import Door, door, lift_of, seen
from tests.api.pages.scene import Scene, password_hash, publish, scene

__all__ = ["door", "password_hash", "scene"]


def board(db: Session, door: Door) -> Board:
    db.expire_all()
    return arrivals.board(db, door.host)


def test_cars_stand_in_the_order_in_which_they_are_expected(db: Session, door: Door) -> None:
    lift = lift_of(db, door.dora)
    lift.arrives_at = now()
    lift_of(db, door.dev).arrives_at = now() + timedelta(minutes=5)
    db.flush()
    first, second = board(db, door).cars
    assert [first.driver.name, second.driver.name] == ["Dora D.", "Dev D."]
    assert (first.car, first.plate, first.taken, first.seats) == ("blue Ford Fiesta", "XYZ", 1, 2)
    assert [(rider.name, rider.people) for rider in second.riders] == [("Rita C.", 2)]
    assert (board(db, door).people, board(db, door).arrived) == (5, 0)


def test_whoever_is_late_comes_later(db: Session, door: Door) -> None:
    lift = lift_of(db, door.dora)
    lift.arrives_at, lift.late_minutes = now(), 45
    lift_of(db, door.dev).arrives_at = now() + timedelta(minutes=5)
    db.flush()
    last = board(db, door).cars[-1]
    assert (last.driver.name, last.late_minutes) == ("Dora D.", 45)
    assert last.expected_at == local(lift.arrives_at + timedelta(minutes=45))


def test_nothing_on_it_leads_to_anybodys_door(db: Session, door: Door) -> None:
    shown = repr(board(db, door))
    assert "Rafi R." in shown
    for secret in (
        "07700",
        "WF1 1AA",
        "WF2 8AA",
        "HX2 8AA",
        "by the library",
        "at the mill",
        "Driver",
        "Cruz",
    ):
        assert secret not in shown
    for row in (door.dora, door.rafi):
        assert world.person_of(db, row).email not in shown


def test_only_cars_to_the_own_event_are_on_it(db: Session, door: Door) -> None:
    lift_of(db, door.dev).event_id = door.scene.afternoon.id
    db.flush()
    assert [car.driver.name for car in board(db, door).cars] == ["Dora D."]


def test_whose_driver_cancels_on_the_way_needs_a_way_home(db: Session, door: Door) -> None:
    lifts.cancel(db, door.dora, world.person_of(db, door.dora))
    db.flush()
    (one,) = board(db, door).stranded
    assert (one.guest.name, one.why, one.district) == ("Rafi R.", "no_car", "WF2")
    assert board(db, door).people == 3


def test_who_had_not_set_out_is_listed_below_until_they_come(db: Session, door: Door) -> None:
    lift_of(db, door.dora).departs_at = now() + timedelta(hours=1)
    db.flush()
    lifts.cancel(db, door.dora, world.person_of(db, door.dora))
    db.flush()
    assert board(db, door).stranded == ()
    assert [guest.name for guest in board(db, door).others] == ["Rafi R."]


def test_a_driver_who_has_everything_erased_leaves_riders_whom_the_host_knows(
    db: Session, door: Door
) -> None:
    people.erase(db, world.person_of(db, door.dora))
    now_on_it = board(db, door)
    assert [car.driver.name for car in now_on_it.cars] == ["Dev D."]
    assert [one.guest.name for one in now_on_it.stranded] == ["Rafi R."]
    assert "Dora" not in repr(now_on_it) and "Fiesta" not in repr(now_on_it)


def test_a_rider_who_is_erased_or_cancels_vanishes(db: Session, door: Door) -> None:
    lifts.cancel(db, door.rafi, world.person_of(db, door.rafi))
    people.erase(db, world.person_of(db, door.rita))
    now_on_it = board(db, door)
    assert "Rafi" not in repr(now_on_it) and "Rita" not in repr(now_on_it)
    assert now_on_it.stranded == () == now_on_it.others and len(now_on_it.cars) == 2


@pytest.mark.parametrize("by_driver", [True, False])
def test_who_did_not_feel_safe_gets_home_but_not_in_that_car(
    db: Session, door: Door, by_driver: bool
) -> None:
    who = door.dora if by_driver else door.rafi
    safety.report(db, world.person_of(db, who), [], "He drove too fast.")
    db.flush()
    (one,) = board(db, door).stranded
    assert (one.guest.name, one.why) == ("Rafi R.", "no_car")
    assert all(car.driver != "Dora D." for car in one.cars)


def test_a_new_lift_takes_a_rider_off_the_list(db: Session, door: Door, scene: Scene) -> None:
    lifts.cancel(db, door.dora, world.person_of(db, door.dora))
    db.flush()
    world.add_offer(db, scene.campaign, name="Nina New", seats=1, event_ids=[door.event_id])
    db.commit()
    assert [one.guest.name for one in board(db, door).stranded] == ["Rafi R."]
    publish(db, scene)
    assert seen(board(db, door), "Rafi").state == "expected"
    assert board(db, door).stranded == ()


def test_the_figures_of_a_day_are_counts_of_its_open_events(db: Session, door: Door) -> None:
    (figures,) = arrivals.of_day(db, door.scene.campaign, world.DAY)
    assert (figures.event.id, figures.people, figures.arrived) == (door.event_id, 5, 0)
    assert (figures.missing, figures.stranded) == (0, 0)
    assert "Dora" not in repr(figures)


def test_the_database_counts_as_the_boards_do(db: Session, door: Door, scene: Scene) -> None:
    """One of each kind: there, missing, without a way home, and with a lift that is off."""
    ticking.tick(db, door.host, "driver", door.dev.id, "expected:no_show")
    ticking.tick(db, door.host, "rider", door.rita.id, "expected:arrived")
    assert same(db, door) == (5, 2, 1, 2)
    lifts.cancel(db, door.dora, world.person_of(db, door.dora))
    db.flush()
    assert same(db, door) == (3, 2, 1, 3)
    ticking.tick(db, door.host, "rider", door.rafi.id, "expected:no_show")
    assert same(db, door) == (3, 2, 2, 2)
    other = scene.morning.id if door.event_id == scene.afternoon.id else scene.afternoon.id
    (nobody,) = arrivals.of_day(db, scene.campaign, world.DAY, [other])
    assert (nobody.event.id, nobody.people) == (other, 0)


def same(db: Session, door: Door) -> tuple[int, int, int, int]:
    """The figures of the event, which must be those of its board."""
    (found,) = arrivals.of_day(db, door.scene.campaign, world.DAY)
    counted = (found.people, found.arrived, found.missing, found.stranded)
    shown = board(db, door)
    assert counted == (shown.people, shown.arrived, shown.missing, shown.without_way_home)
    return counted
