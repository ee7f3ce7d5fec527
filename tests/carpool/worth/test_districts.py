"""The predictions against every trip that the judge lets pass, with every rule of the format, at any prices."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from carpool.certificate import Certificate
from carpool.instance import Driver, Instance
from carpool.pins import pin_faults
from carpool.worth.car import possible_drivers, with_crossings
from carpool.worth.districts import price_cars
from tests.carpool.brute_force import feasible_trips
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


def _best(instance: Instance, prices: Certificate, driver: Driver) -> float:
    """The worth of the driver's best trip beside all pins, at least 0."""
    whole = replace(instance, drivers=(*instance.drivers, driver))
    trips = [trip for trip in feasible_trips(whole) if trip.driver == driver.id]
    return max([0.0, *(worth(whole, prices, trip) for trip in trips if keeps_pins_and_groups(whole, trip))])
