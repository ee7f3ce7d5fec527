"""The compiled search for a car's best trip, against trying all trips that the judge lets pass."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpool.certificate import Certificate
from carpool.instance import Instance
from carpool.solver.data import compile_data
from carpool.solver.ground import Field, make_ground
from carpool.solver.kernels.scratch import Effort
from carpool.solver.limits import Limits
from carpool.solver.lists import with_pairs
from carpool.solver.pricing import Duals, Priced, Pricer, new_pool
from tests.carpool.build import a_driver, a_matrix, a_rider, an_instance
from tests.carpool.strategies import instances
from tests.carpool.verify.worths import with_true_values

WITHOUT_END = Effort(nodes=10**9, most=0, slack=0.0)


def field_of(instance: Instance) -> Field:
    data = compile_data(instance)
    return with_pairs(make_ground(data, Limits(data)), workers=1)


def priced(field: Field, duals: Duals, effort: Effort) -> Priced:
    return Pricer(field, new_pool(field, 8), workers=1).price(duals, 0.0, effort)


@st.composite
def prices(draw: st.DrawFn, field: Field) -> Duals:
    """Any prices, many of them such that riders bring nothing or less."""
    rho = draw(
        st.lists(st.sampled_from([0.0, 0.0, 0.3, 1.0, 2.5]), min_size=(n := len(field.riders)), max_size=n)
    )
    shares = draw(
        st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=(m := len(field.data.goals)), max_size=m)
    )
    return Duals(np.array(rho, dtype=np.float64), np.array(shares) * field.ground.events.weight)


def true_values(field: Field, duals: Duals) -> dict[str, float]:
    """What each driver's best trip is worth, staying at home counting as 0."""
    data = field.data
    people = {
        data.ids[rider.person]: rho for rider, rho in zip(field.riders, duals.rho.tolist(), strict=True)
    }
    events = {event.id: mu for event, mu in zip(data.instance.events, duals.mu.tolist(), strict=True)}
    return dict(with_true_values(data.instance, Certificate(0.0, people, events)).drivers)


@settings(max_examples=150, deadline=None)
@given(instances(pinned=False), st.data())
def test_the_best_trip_of_every_car_is_found(instance: Instance, data: st.DataObject) -> None:
    field = field_of(instance)
    duals = data.draw(prices(field))
    found, true = priced(field, duals, WITHOUT_END), true_values(field, duals)
    for car, best, ceiling in zip(field.cars, found.best, found.ceiling, strict=True):
        assert best == pytest.approx(true[field.data.ids[car.person]], abs=1e-6)
        assert ceiling == pytest.approx(best, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(instances(pinned=False), st.data(), st.integers(0, 3), st.integers(0, 2))
def test_a_search_that_gives_up_still_says_a_true_ceiling(
    instance: Instance, data: st.DataObject, nodes: int, most: int
) -> None:
    field = field_of(instance)
    duals = data.draw(prices(field))
    found, true = priced(field, duals, Effort(nodes, most, 0.01)), true_values(field, duals)
    for car, best, ceiling in zip(field.cars, found.best, found.ceiling, strict=True):
        worth = true[field.data.ids[car.person]]
        assert best <= worth + 1e-6
        assert ceiling >= worth - 1e-6


def test_a_rider_whose_way_another_stop_shortens_is_not_struck_off() -> None:
    """The direct way from the first rider to the event takes longer than the rider is worth; over the second it does not."""
    ways = {"_0_1": 5.0, "_1_2": 5.0, "_2_3": 5.0, "_0_3": 5.0, "_3_2": 5.0, "_2_1": 5.0, "_1_0": 5.0}
    driver = a_driver(max_detour_minutes=500.0, max_travel_minutes=500.0)
    riders = (a_rider("r1", max_travel_minutes=500.0), a_rider("r2", max_travel_minutes=500.0))
    instance = an_instance(
        driver, *riders, matrix=a_matrix(4, 300.0, **ways), dwell_minutes=0.0, minutes_per_volunteer=100.0
    )
    field = field_of(instance)
    duals = Duals(np.zeros(2), np.ones(1))
    found, true = priced(field, duals, WITHOUT_END), true_values(field, duals)
    assert found.best[0] == pytest.approx(true["d"], abs=1e-9)
    assert found.best[0] == pytest.approx(3.0 - 15.0 / 100.0, abs=1e-9)
