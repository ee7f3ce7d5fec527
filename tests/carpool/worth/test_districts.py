"""The predictions against every trip that the judge lets pass, with every rule of the format, at any prices."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpool.certificate import Certificate
from carpool.instance import CanDrive, Driver, Instance, PinnedTrip, Rider
from carpool.pins import pin_faults
from carpool.worth.car import possible_drivers, with_crossings
from carpool.worth.districts import price_cars
from tests.carpool.brute_force import feasible_trips
from tests.carpool.build import a_driver, a_rider, an_event, an_instance
from tests.carpool.strategies import instances
from tests.carpool.verify.worths import keeps_pins_and_groups, worth

NEAR = ("DA1", "RM1", "PO30", "KA27")
"""Two where the people of the strategy live, and two on their islands."""


@settings(max_examples=40, deadline=None)
@given(instances(drivers=2), st.sampled_from(NEAR), st.randoms(use_true_random=False))
def test_a_prediction_is_the_worth_of_the_best_trip(
    instance: Instance, district: str, random: Random
) -> None:
    if instance.matrix is not None or pin_faults(instance):
        return
    instance = with_crossings(instance)
    driver = possible_drivers(instance)[district]
    prices = Certificate(
        bound=0.0,
        people={person: random.choice([0.0, 0.3, 1.0]) for person in instance.index},
        events={event.id: random.choice([0.0, 0.5, 1.0]) * event.weight for event in instance.events},
    )
    found = price_cars(instance, prices, {district: driver}, workers=1)
    expected = _best(instance, prices, driver)
    if not found:
        assert expected == 0.0
        return
    assert found[0].district == district
    assert abs(found[0].predicted - expected) <= 1e-6
    assert (found[0].event is None) == (found[0].predicted == 0.0)


def taken(instance: Instance) -> set[str] | None:
    """Whom a car from AL1 would take if people cost nothing and everybody counts; None if it would stay at home."""
    drivers = {"AL1": possible_drivers(instance)["AL1"]}
    prices = Certificate(bound=0.0, events={event.id: 1.0 for event in instance.events})
    (found,) = price_cars(with_crossings(instance), prices, drivers, workers=1)
    return None if found.event is None else set(found.riders)


FOUR: tuple[Driver | Rider, ...] = (a_driver(), *(a_rider(f"r{number}") for number in range(3)))


def test_all_who_wait_are_taken() -> None:
    assert taken(an_instance(*FOUR)) == {"r0", "r1", "r2"}


@pytest.mark.parametrize(("capacity", "others"), [(5, {"r1", "r2"}), (4, {"r1"}), (3, set()), (2, None)])
def test_pinned_people_have_their_places_and_ride_with_nobody_else(
    capacity: int, others: set[str] | None
) -> None:
    event = an_event(capacity=capacity)
    found = taken(an_instance(*FOUR, events=(event,), pinned=(PinnedTrip("d", "e", ("r0",)),)))
    assert found == others or (others == {"r1"} and found == {"r2"})


def test_a_rider_pinned_as_driver_is_no_rider() -> None:
    steady = a_rider("r3", can_drive=CanDrive(seats=0))
    assert taken(an_instance(*FOUR[:2], steady, pinned=(PinnedTrip("r3", "e"),))) == {"r0"}


def test_whoever_goes_with_a_driver_goes_with_no_other() -> None:
    assert taken(an_instance(*FOUR, together=(("r0", "r1"), ("d", "r0")))) == {"r2"}
    assert taken(an_instance(*FOUR, together=(("r0", "r1"),))) == {"r0", "r1", "r2"}


def test_people_to_be_kept_apart_are() -> None:
    found = taken(an_instance(*FOUR, apart=(("d", "r0"), ("d", "r1", "r2"))))
    assert found is not None and "r0" in found and len(found) == 2


def test_a_group_larger_than_the_car_is_left() -> None:
    assert taken(an_instance(*FOUR, a_rider("r3"), together=(("r0", "r1", "r2", "r3"),))) == set()


def _best(instance: Instance, prices: Certificate, driver: Driver) -> float:
    """The worth of the driver's best trip beside all pins, at least 0."""
    whole = replace(instance, drivers=(*instance.drivers, driver))
    trips = [trip for trip in feasible_trips(whole) if trip.driver == driver.id]
    return max([0.0, *(worth(whole, prices, trip) for trip in trips if keeps_pins_and_groups(whole, trip))])
