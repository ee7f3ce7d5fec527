"""What is matched anew fits the trips that are held: together they are a plan of the whole, with the score they should have."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpool import score, solve, violations
from carpool.instance import Driver, Instance, PinnedTrip
from carpool.minutes_among import minutes_among
from carpool.pins import pin_faults
from carpool.plan import Plan, Stop, Trip
from carpool.worth.car import CarWorth, possible_drivers, with_crossings
from carpool.worth.confirm import confirmed_rise
from carpool.worth.neighbourhood import Neighbourhoods
from tests.carpool.build import a_driver, a_plan, a_rider, a_trip, an_event, an_instance
from tests.carpool.solver.crowds import a_crowd
from tests.carpool.strategies import instances


@settings(max_examples=30, deadline=None)
@given(instances(drivers=4, riders=6), st.sampled_from([0, 3, 6]))
def test_a_part_solved_anew_and_the_rest_are_a_plan_of_the_whole(instance: Instance, most: int) -> None:
    if instance.on_roads and not pin_faults(instance):
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
    drivers = (*instance.drivers, driver)
    whole = replace(instance, **minutes_among(instance, drivers, instance.riders), drivers=drivers)
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


def part_of(instance: Instance, most: int, *trips: Trip) -> Instance:
    """The part around AL1 of a plan by hand."""
    driver = possible_drivers(instance)["AL1"]
    return Neighbourhoods(with_crossings(instance), a_plan(*trips)).around(driver, GOING, most).instance


GOING = CarWorth("AL1", 1.0, event="e")
FAR = a_rider("far", lat=51.9)
NEAR = tuple(a_rider(f"r{number}") for number in range(3))


def test_trips_held_have_their_places_at_the_events() -> None:
    event, held = an_event(wanted=1, capacity=3), a_driver(lat=51.95)
    part = part_of(an_instance(held, FAR, *NEAR, events=(event,)), 3, a_trip("d", "e", "far"))
    assert (part.events[0].wanted, part.events[0].capacity, len(part.drivers)) == (0, 1, 1)
    assert part.rider_by_id.keys() == {"r0", "r1", "r2"}
    whole = part_of(an_instance(held, FAR, *NEAR, events=(event,)), 10, a_trip("d", "e", "far"))
    assert (whole.events[0], len(whole.drivers), len(whole.riders)) == (event, 2, 4)


def test_a_group_comes_as_a_whole_or_not_at_all() -> None:
    instance = an_instance(FAR, *NEAR, together=(("far", "r1"), ("r1", "r2")))
    assert part_of(instance, 2).rider_by_id.keys() == set()
    assert part_of(instance, 3).rider_by_id.keys() == {"far", "r1", "r2"}
    assert part_of(instance, 4).together == instance.together


def test_pins_and_quarrels_stay_with_their_people() -> None:
    pin, groups = PinnedTrip("d", "e", ("r0",)), (("r0", "r1", "far"), ("r2", "far"))
    instance = an_instance(a_driver(), FAR, *NEAR, pinned=(pin,), apart=groups)
    part = part_of(instance, 4, a_trip("d", "e", "r0"))
    assert part.pinned == (pin,) and part.apart == (("r0", "r1"),)
    assert part_of(instance, 1, a_trip("d", "e", "r0")).pinned == ()


def test_fewer_people_are_matched_anew_where_time_or_trips_are_too_many() -> None:
    instance, driver = _dense()
    around = Neighbourhoods(instance, solve(instance, seconds=None, rounds=1))
    rise = confirmed_rise(around, driver, CarWorth(driver.id, 1.0), 0.0, lambda: False)
    assert rise is not None and rise > 0


def _dense() -> tuple[Instance, Driver]:
    instance = with_crossings(a_crowd(10, 60, 2, spread=0.02))
    event = instance.events[0]
    return instance, Driver("new", event.lat, event.lon, seats=3)
