"""The compiled search for a car's best trip, against trying all trips that the judge lets pass."""

import math
from dataclasses import replace

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
from carpool.solver.pricing import SHORT, Duals, Priced, Pricer, new_pool
from tests.carpool.build import a_driver, a_matrix, a_rider, an_event, an_instance
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


@settings(max_examples=100, deadline=None)
@given(instances(pinned=False), st.data())
def test_shortlists_hold_whoever_a_little_cheaper_makes_a_better_trip(
    instance: Instance, data: st.DataObject
) -> None:
    field, ease = field_of(instance), 0.5
    duals, pricer = data.draw(prices(field)), Pricer(field, new_pool(field, 8), workers=1)
    at_first = pricer.price(duals, 0.0, WITHOUT_END)
    pricer.shorten(duals, ease)
    assert len(pricer.near.pairs.candidate) <= len(field.ground.pairs.candidate)
    cheaper = Duals(np.maximum(0.0, duals.rho - ease * field.ground.riders.party), duals.mu)
    short = pricer.price(cheaper, 0.0, Effort(10**9, SHORT, 0.0))
    whole = pricer.price(cheaper, 0.0, WITHOUT_END)
    assert math.isinf(short.bound) and math.isfinite(whole.bound)
    # Where people of a unit share what they cost, one of them may get cheaper by more than the ease.
    alone = field.ground.riders.unit.max(initial=-1) < 0
    if alone:
        assert short.best == pytest.approx(np.maximum(at_first.best, whole.best), abs=1e-6)


def test_who_cannot_share_a_car_with_the_own_unit_is_in_no_ceiling() -> None:
    """Both are worth a car each, and one would be refused without the other; they live too far apart for either's limits."""
    driver = a_driver(max_detour_minutes=25.0)
    riders = (a_rider("r1", lat=51.72, lon=-0.45), a_rider("r2", lat=51.72, lon=-0.15))
    together = an_instance(driver, *riders, together=(("r1", "r2"),))
    for instance, ceiling in ((together, 0), (replace(together, together=()), 1)):
        field = field_of(instance)
        assert len(field.ground.pairs.candidate) == 2
        found = priced(field, Duals(np.zeros(2), np.ones(1)), Effort(nodes=0, most=0, slack=0.0))
        alone = priced(field, Duals(np.full(2, 9.0), np.ones(1)), WITHOUT_END)
        assert (found.ceiling[0] > alone.best[0] + 0.5) == bool(ceiling)


def test_prices_beside_a_kink_are_put_there() -> None:
    field = field_of(an_instance(a_driver(), a_rider(), events=(an_event(weight=2.0), an_event("f"))))
    duals = Duals(np.zeros(1), np.array([1.004, 0.52]))
    assert duals.settled(field, 0.01).mu.tolist() == [1.0, 0.52]


def test_a_pricing_that_is_cut_short_claims_no_bound() -> None:
    field = field_of(an_instance(a_driver(), a_rider()))
    pricer, duals = Pricer(field, new_pool(field, 8), workers=1), Duals(np.zeros(1), np.ones(1))
    assert math.isinf(pricer.price(duals, 0.0, WITHOUT_END, over=lambda: True).bound)
    assert math.isfinite(pricer.price(duals, 0.0, WITHOUT_END).bound)
