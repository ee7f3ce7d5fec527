"""What is matched anew fits the trips that are held: together they are a plan of the whole, with the score they should have."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpool import score, solve, violations
from carpool.instance import Driver, Instance
from carpool.pins import pin_faults
from carpool.plan import Plan, Stop, Trip
from carpool.worth.car import CarWorth, possible_drivers, with_crossings
from carpool.worth.confirm import confirmed_rise
from carpool.worth.neighbourhood import Neighbourhoods
from tests.carpool.solver.crowds import a_crowd
from tests.carpool.strategies import instances


@settings(max_examples=30, deadline=None)
@given(instances(drivers=4, riders=6), st.sampled_from([0, 3, 6]))
def test_a_part_solved_anew_and_the_rest_are_a_plan_of_the_whole(instance: Instance, most: int) -> None:
    if instance.matrix is None and not pin_faults(instance):
        check_part(with_crossings(instance), "DA1", most)


@pytest.mark.parametrize("most", [10, 25, 40])
def test_the_same_in_a_crowd(most: int) -> None:
    check_part(with_crossings(a_crowd(15, 35, 3)), "DN1", most)


def check_part(instance: Instance, district: str, most: int) -> None:
    """Solve the part around a district; judge the whole, and compare the two scores' rises."""
    driver = possible_drivers(instance)[district]
    plan = solve(instance, seconds=None, rounds=5)
    part = Neighbourhoods(instance, plan).around(driver, CarWorth(district, 0.0), most)
    people = len(part.instance.index) - 1
    assert people <= most
    anew = solve(part.instance, seconds=None, rounds=20)
    whole = replace(instance, drivers=(*instance.drivers, driver))
    trips = by_hand([*(trip for trip in plan.trips if trip not in part.trips), *anew.trips])
    assert violations(whole, Plan(trips=trips)) == []
    rise = score(whole, trips) - score(instance, plan.trips)
    assert rise == pytest.approx(
        score(part.instance, anew.trips) - score(part.instance, part.trips), abs=1e-9
    )
    assert rise >= -1e-9


def by_hand(trips: Iterable[Trip]) -> tuple[Trip, ...]:
    """The same without times, so that the judge asks for no order of them."""
    return tuple(
        Trip(t.driver, t.event, tuple(Stop(stop.rider, stop.place) for stop in t.stops)) for t in trips
    )


def test_the_riders_of_the_predicted_trip_come_first() -> None:
    instance = with_crossings(a_crowd(15, 35, 3))
    driver = possible_drivers(instance)["DN1"]
    around = Neighbourhoods(instance, solve(instance, seconds=None, rounds=5))
    for rider in instance.riders:
        worth = CarWorth("DN1", 1.0, event="e0", riders=(rider.id,))
        assert rider.id in around.around(driver, worth, 12).instance.rider_by_id


def test_fewer_people_are_matched_anew_where_time_or_trips_are_too_many() -> None:
    instance, driver = _dense()
    around = Neighbourhoods(instance, solve(instance, seconds=None, rounds=1))
    rise = confirmed_rise(around, driver, CarWorth(driver.id, 1.0), 0.0, lambda: False)
    assert rise is not None and rise > 0


def _dense() -> tuple[Instance, Driver]:
    instance = with_crossings(a_crowd(10, 60, 2, spread=0.02))
    event = instance.events[0]
    return instance, Driver("new", event.lat, event.lon, seats=3)
