"""A breakdown while an event is on: everybody there whose car is lost gets home in another, and the others stay in theirs."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from carpool.check import violations
from carpool.instance import Instance, PinnedTrip
from carpool.pins import pin_faults
from carpool.plan import Plan, Trip
from carpool.repair import repair_instance
from carpool.solver.solve import solve
from tests.carpool.brute_force import best_plan
from tests.carpool.build import a_driver, a_rider, an_event, an_instance, at
from tests.carpool.strategies import instances

LATER = an_event("later", starts_at=at("16:00"), ends_at=at("18:00"))
TWO_CARS = an_instance(
    a_driver("d1", seats=2),
    a_driver("d2", seats=4, lat=51.76, max_detour_minutes=40.0),
    a_rider("r1", home_by=at("13:40")),
    a_rider("r2", lat=51.71),
    events=(an_event(), LATER),
    pinned=(PinnedTrip("d1", "e", ("r1",)), PinnedTrip("d2", "e", ("r2",))),
)
NOON = at("12:00")


def solved(instance: Instance) -> Plan:
    return solve(instance, seconds=None, rounds=20)


def told_trips() -> tuple[Trip, ...]:
    return solved(TWO_CARS).trips


def repaired(broken: str, now: datetime = NOON, instance: Instance = TWO_CARS) -> tuple[Instance, Plan]:
    repair = repair_instance(instance, told_trips(), now, broken=(broken,))
    return repair, solved(repair)


def test_the_other_car_takes_home_the_driver_and_the_riders_of_the_one_that_broke_down() -> None:
    repair, plan = repaired("d1")
    assert [(driver.id, driver.at) for driver in repair.drivers] == [("d2", "e")]
    assert [(rider.id, rider.at) for rider in repair.riders] == [("r1", "e"), ("r2", "e"), ("d1", "e")]
    (trip,) = plan.trips
    assert (trip.driver, set(trip.riders), trip.departs_at) == ("d2", {"r1", "r2", "d1"}, None)
    assert plan.unmatched == ()
    assert violations(repair, plan) == []


def test_own_passengers_come_first_and_whoever_is_left_is_named_with_the_reason() -> None:
    full = replace(TWO_CARS, drivers=(TWO_CARS.drivers[0], replace(TWO_CARS.drivers[1], seats=1)))
    repair, plan = repaired("d1", instance=full)
    assert [trip.riders for trip in plan.trips] == [("r2",)]
    assert [(left.id, left.reason) for left in plan.unmatched or ()] == [
        ("r1", "seats_taken"),
        ("d1", "seats_taken"),
    ]
    assert violations(repair, plan) == []


def test_a_driver_who_is_gone_leaves_the_riders_there_too() -> None:
    left = replace(TWO_CARS, drivers=TWO_CARS.drivers[1:], pinned=())
    repair = repair_instance(left, told_trips(), NOON)
    assert [set(trip.riders) for trip in solved(repair).trips] == [{"r1", "r2"}]


def test_being_late_is_better_than_being_left() -> None:
    repair, plan = repaired("d2")
    r2 = next(rider for rider in repair.riders if rider.id == "r2")
    r1 = next(rider for rider in repair.riders if rider.id == "r1")
    assert (r2.home_by, r1.home_by) == (None, at("13:40"))
    assert {rider for trip in plan.trips for rider in trip.riders} >= {"r1"}


@pytest.mark.parametrize("now", [at("09:30"), at("13:00"), at("15:00")])
def test_before_and_after_the_event_nobody_is_there(now: datetime) -> None:
    repair, _ = repaired("d1", now)
    assert repair.at_events == frozenset()


def test_who_needs_no_way_home_has_arrived() -> None:
    stays = replace(TWO_CARS, riders=(replace(TWO_CARS.riders[0], way_back=False), TWO_CARS.riders[1]))
    repair, _ = repaired("d1", instance=stays)
    assert [rider.id for rider in repair.riders] == ["r2", "d1"]


def test_a_wish_that_changed_since_does_not_put_a_passenger_out_of_the_car() -> None:
    picky = replace(
        TWO_CARS, drivers=(TWO_CARS.drivers[0], replace(TWO_CARS.drivers[1], company=("woman",))), pinned=()
    )
    repair, plan = repaired("d1", instance=picky)
    assert pin_faults(repair) == []
    assert [trip.riders for trip in plan.trips] == [("r2",)]


def test_the_afternoon_is_matched_as_ever() -> None:
    both = replace(
        TWO_CARS, drivers=(*TWO_CARS.drivers, a_driver("d3")), riders=(*TWO_CARS.riders, a_rider("r3"))
    )
    _, plan = repaired("d1", instance=both)
    assert [(trip.driver, trip.event, trip.riders) for trip in plan.trips] == [
        ("d2", "e", plan.trips[0].riders),
        ("d3", "later", ("r3",)),
    ]


@st.composite
def breakdowns(draw: st.DrawFn) -> tuple[Instance, tuple[Trip, ...], str, datetime]:
    """A small day, what people were told, one of the cars, and a moment while its event is on."""
    instance = draw(instances(drivers=3, riders=4, pinned=False))
    told = solved(instance).trips
    assume(told)
    trip = draw(st.sampled_from(told))
    assert trip.arrives_at is not None
    return instance, told, trip.driver, trip.arrives_at + timedelta(minutes=draw(st.sampled_from([0, 5, 29])))


@settings(max_examples=80, deadline=None)
@given(breakdowns())
def test_every_breakdown_has_a_best_repair(
    day: tuple[Instance, tuple[Trip, ...], str, datetime],
) -> None:
    instance, told, broken, now = day
    repair = repair_instance(instance, told, now, broken=(broken,))
    assert pin_faults(repair) == []
    plan = solved(repair)
    assert violations(repair, plan) == []
    assert plan.score == pytest.approx(best_plan(repair).score, abs=1e-9)
    event = next(trip.event for trip in told if trip.driver == broken)
    assert broken not in {trip.driver for trip in plan.trips}
    homeward = {trip.driver: trip for trip in plan.trips if trip.driver in repair.at_events}
    for trip in told:
        if trip.event == event and trip.driver != broken and instance.driver_by_id[trip.driver].way_back:
            stay = {rider for rider in trip.riders if instance.rider_by_id[rider].way_back}
            assert stay <= set(homeward[trip.driver].riders)
