"""What a repair at some moment of the day keeps: who has left, how much notice people get, and the best plan that is left."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from carpool.check import violations
from carpool.errors import CarpoolError
from carpool.instance import Event, Instance, PickupPlace, PublishedTrip, Rider
from carpool.minutes_among import minutes_among
from carpool.pins import pin_faults
from carpool.plan import Plan, Trip
from carpool.repair import NOTICE_MINUTES, repair_instance
from carpool.solver.growth import Budget
from carpool.solver.solve import solve
from tests.carpool.brute_force import best_plan
from tests.carpool.build import a_driver, a_rider, an_event, an_instance, at
from tests.carpool.strategies import instances

SECOND = timedelta(seconds=1)
TWO_CARS = an_instance(a_driver("d1"), a_driver("d2", lat=51.76), a_rider("r1"), a_rider("r2", lat=51.71))


def solved(instance: Instance, budget: Budget | None = None) -> Plan:
    return solve(instance, seconds=None, rounds=20, budget=budget or Budget())


def left_at(trips: tuple[Trip, ...], driver: str) -> datetime:
    found = next(trip.departs_at for trip in trips if trip.driver == driver)
    assert found is not None
    return found


def times(trips: tuple[Trip, ...]) -> dict[str, datetime]:
    """When each person has to be at the car, or at its wheel."""
    found = {trip.driver: trip.departs_at for trip in trips}
    found |= {stop.rider: stop.at for trip in trips for stop in trip.stops}
    return {person: time for person, time in found.items() if time is not None}


def with_a_late_one(instance: Instance, events: tuple[Event, ...]) -> Instance:
    late = Rider("late", 51.5, 0.1)
    if instance.matrix or not events:
        return instance
    riders = (*instance.riders, late)
    return replace(instance, **minutes_among(instance, instance.drivers, riders), riders=riders)


@st.composite
def days(draw: st.DrawFn) -> tuple[Instance, tuple[Trip, ...], Instance, datetime]:
    """An instance, the trips of its best plan, and the instance and a moment later: some are gone, one is new."""
    before = draw(instances(drivers=3, riders=4, pinned=False))
    told = solved(before).trips
    assume(told)
    gone = draw(st.lists(st.sampled_from(list(before.index)), max_size=2, unique=True))
    after = before
    if before.matrix is None:
        drivers = tuple(driver for driver in before.drivers if driver.id not in gone)
        riders = tuple(rider for rider in before.riders if rider.id not in gone)
        after = replace(
            before,
            **minutes_among(before, drivers, riders),
            drivers=drivers,
            riders=riders,
            apart=tuple(group for group in before.apart if not set(group) & set(gone)),
            together=tuple(group for group in before.together if not set(group) & set(gone)),
        )
    some = draw(st.sampled_from(sorted(times(told).values())))
    minutes = draw(st.sampled_from([-90, -45, -20, -5, 0, 3, 15, 200]))
    return before, told, with_a_late_one(after, after.events), some + timedelta(minutes=minutes)


@settings(max_examples=80, deadline=None)
@given(days())
def test_every_repair_keeps_its_three_promises_and_is_the_best(
    day: tuple[Instance, tuple[Trip, ...], Instance, datetime],
) -> None:
    _, told, instance, now = day
    repair = repair_instance(instance, told, now)
    assert pin_faults(repair) == []
    best = best_plan(repair)
    for budget in (Budget(), Budget(labels=0, columns=0)):
        plan = solved(repair, budget)
        assert violations(repair, plan) == []
        assert plan.score is not None
        assert plan.score <= best.score + 1e-9
        assert (plan.bound or 0.0) >= best.score - 1e-9
        stands(instance, told, plan.trips, now)
        in_time(told, plan.trips, now)
    assert solved(repair).score == pytest.approx(best.score, abs=1e-9)


def stands(instance: Instance, told: tuple[Trip, ...], trips: tuple[Trip, ...], now: datetime) -> None:
    """Every trip that has left is in the plan with whoever is still there, at the stops and times that they were told."""
    after = {trip.driver: trip for trip in trips}
    for trip in told:
        if left_at(told, trip.driver) > now or trip.driver not in instance.driver_by_id:
            continue
        if all(rider in instance.rider_by_id for rider in trip.riders):
            assert after[trip.driver] == trip
        else:
            riders = tuple(rider for rider in trip.riders if rider in instance.rider_by_id)
            assert after[trip.driver].riders == riders


def in_time(told: tuple[Trip, ...], trips: tuple[Trip, ...], now: datetime) -> None:
    """Nobody has to be there sooner than told without notice, nor, whoever was told nothing, without it at all."""
    before, after = times(told), times(trips)
    fixed = {p for t in told if left_at(told, t.driver) <= now for p in (t.driver, *t.riders)}
    for person, time in after.items():
        if person not in fixed:
            notice = now + timedelta(minutes=NOTICE_MINUTES)
            assert time >= min(before.get(person, notice), notice) - SECOND / 10
            assert time >= now - SECOND


def test_who_has_left_stays_in_the_car_and_nobody_joins() -> None:
    told = solved(replace(TWO_CARS, drivers=TWO_CARS.drivers[:1], riders=TWO_CARS.riders[:1])).trips
    now = left_at(told, "d1")
    late = replace(TWO_CARS, riders=(*TWO_CARS.riders, a_rider("late", lat=51.701)))
    plan = solved(repair_instance(late, told, now))
    assert told[0] in plan.trips
    assert all("late" not in trip.riders for trip in plan.trips)


def test_a_cancelled_car_leaves_its_riders_to_others_who_get_notice() -> None:
    told = solved(TWO_CARS).trips
    driver = next(trip.driver for trip in told if trip.riders)
    other = next(d for d in TWO_CARS.drivers if d.id != driver)
    after = replace(TWO_CARS, drivers=(other,))
    soon = at("07:30")
    plan = solved(repair_instance(after, told, soon))
    assert {rider for trip in plan.trips for rider in trip.riders} == {"r1", "r2"}
    in_time(told, plan.trips, soon)
    nobody = solved(repair_instance(after, told, at("09:25")))
    assert all(trip.riders == () for trip in nobody.trips)


def test_a_change_of_place_needs_notice_too() -> None:
    corner = PickupPlace("corner", 51.70, -0.301, walk_minutes=10)
    rider = a_rider("r1", places=(corner,), home_pickup=False)
    instance = an_instance(a_driver("d1"), rider)
    told = solved(instance).trips
    leaves = times(told)["r1"] - timedelta(minutes=10)
    closer = replace(instance, riders=(replace(rider, home_pickup=True),))
    late = repair_instance(closer, told, leaves - timedelta(minutes=29))
    early = repair_instance(closer, told, leaves - timedelta(minutes=31))
    assert (late.riders[0].home_pickup, len(early.riders[0].places)) == (False, 1)
    assert early.riders[0].home_pickup
    assert solved(late).trips == told


def test_a_wish_that_comes_too_late_does_not_undo_a_trip_that_has_left() -> None:
    told = solved(an_instance(a_driver("d1"), a_rider("r1"))).trips
    picky = an_instance(
        a_driver("d1", seats=0, company=("woman",), events=("f",)),
        a_rider("r1", needs=("wheelchair",), events=("f",)),
        events=(an_event(capacity=0), an_event("f")),
        apart=(("d1", "r1"),),
    )
    repair = repair_instance(picky, told, at("09:30"))
    assert pin_faults(repair) == []
    assert solved(repair).trips == told


def test_what_was_told_counts_as_published() -> None:
    told = solved(TWO_CARS).trips
    repair = repair_instance(TWO_CARS, told, at("06:00"))
    assert repair.published == tuple(PublishedTrip(t.driver, t.event, t.riders) for t in told)


def test_without_times_or_an_offset_there_is_no_repair() -> None:
    with pytest.raises(CarpoolError, match="times"):
        repair_instance(TWO_CARS, (Trip("d1", "e"),), at("09:00"))
    with pytest.raises(CarpoolError, match="offset"):
        repair_instance(TWO_CARS, (), at("09:00").replace(tzinfo=None))
