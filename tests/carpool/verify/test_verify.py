"""The verifier against brute force: it accepts the least values that are right, for any prices, and nothing below them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from carpool.certificate import Certificate, Cut
from carpool.check import trip_violations
from carpool.generate import generate
from carpool.instance import Instance, PinnedTrip, PublishedTrip
from carpool.pins import pin_faults
from carpool.plan import Trip
from carpool.verify import Verdict, verify
from tests.carpool.brute_force import best_plan
from tests.carpool.build import a_driver, a_matrix, a_rider, an_instance, at
from tests.carpool.strategies import instances
from tests.carpool.verify.worths import with_true_values, worth

NO_PRICES = Certificate(bound=0.0)
prices = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0, 1.5, 3.0]) | st.floats(0, 3)
slowly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@st.composite
def certificates(draw: st.DrawFn, instance: Instance) -> Certificate:
    """Any prices, some of them of cuts."""
    people = list(instance.index)
    groups = st.lists(st.sampled_from(people), min_size=3, max_size=5, unique=True)
    cuts = draw(st.lists(st.tuples(groups, prices), max_size=2)) if len(people) >= 3 else []
    return Certificate(
        bound=0.0,
        people={person: draw(prices) for person in people},
        events={event: draw(prices) for event in instance.event_by_id},
        cuts=tuple(Cut(tuple(group), price) for group, price in cuts),
    )


def low(verdict: Verdict) -> list[str]:
    return [driver.driver for driver in verdict.low]


@st.composite
def groups(draw: st.DrawFn, instance: Instance) -> tuple[tuple[str, ...], ...]:
    """One or two groups that ride together, which overlap as they like."""
    people = [*(driver.id for driver in instance.drivers[:1]), *instance.rider_by_id]
    if len(people) < 2:
        return ()
    group = st.lists(st.sampled_from(people), min_size=2, max_size=3, unique=True).map(tuple)
    return draw(st.lists(group, min_size=1, max_size=2).map(tuple))


def accepts_true_values_only(instance: Instance, data: st.DataObject) -> None:
    assume(not pin_faults(instance))
    certificate = with_true_values(instance, data.draw(certificates(instance)))
    verdict = verify(instance, certificate)
    assert low(verdict) == []
    assert verdict.bound >= best_plan(instance).score - 1e-9
    less = data.draw(st.sampled_from([1e-6, 0.1, 5.0]))
    for driver, value in certificate.drivers.items():
        refused = verify(
            instance, replace(certificate, drivers={**certificate.drivers, driver: value - less})
        )
        assert low(refused) == [driver]
        assert refused.low[0].found == pytest.approx(value, abs=1e-9)
        assert refused.bound == pytest.approx(verdict.bound, abs=1e-9)


@settings(slowly, max_examples=100)
@given(instances(riders=3), st.data())
def test_true_values_prove_a_bound_at_any_prices_and_lower_ones_are_refused(
    instance: Instance, data: st.DataObject
) -> None:
    accepts_true_values_only(instance, data)


@slowly
@given(instances(riders=4, drivers=1), st.data())
def test_the_same_with_groups_that_ride_together(instance: Instance, data: st.DataObject) -> None:
    together = data.draw(groups(instance))
    accepts_true_values_only(replace(instance, apart=(), together=together), data)


@slowly
@given(instances(riders=3))
def test_without_prices_the_bound_lies_above_the_optimum(instance: Instance) -> None:
    assume(not pin_faults(instance))
    verdict = verify(instance, with_true_values(instance, NO_PRICES))
    assert low(verdict) == [] and verdict.bound >= best_plan(instance).score - 1e-9


@pytest.mark.parametrize("dearness", [1.0, 0.9, 0.0])
def test_three_hundred_people_at_simple_prices(dearness: float) -> None:
    """Each event costs its weight, each rider some share of the dearest: at the full price nobody is worth fetching."""
    instance = replace(generate(300, 3), pinned=(), together=())
    dearest = max(event.weight for event in instance.events) + instance.change_penalty
    events = {event.id: event.weight for event in instance.events}
    people = {rider.id: dearness * dearest * rider.party for rider in instance.riders}
    claimed = Certificate(bound=0.0, people=people, events=events)
    values = {found.driver: found.found for found in verify(instance, claimed).low}
    proven = verify(instance, replace(claimed, drivers=values))
    assert low(proven) == [] and len(values) > 50
    if dearness == 1.0:
        assert values == pytest.approx(alone(instance, claimed))
    some = dict.fromkeys([*values][::20], 1e-5)
    lowered = {driver: value - some.get(driver, 0.0) for driver, value in values.items()}
    refused = verify(instance, replace(claimed, drivers=lowered))
    assert set(low(refused)) == set(some)
    assert refused.bound == pytest.approx(proven.bound)


def alone(instance: Instance, certificate: Certificate) -> dict[str, float]:
    """What it is worth at most that each driver goes alone, where that is more than nothing."""
    trips = [Trip(driver, event, ()) for driver in instance.driver_by_id for event in instance.event_by_id]
    best: dict[str, float] = {}
    for trip in trips:
        value = worth(instance, certificate, trip)
        if value > best.get(trip.driver, 0.0) and not trip_violations(instance, trip):
            best[trip.driver] = value
    return best


TWO_RIDERS = an_instance(
    a_driver(seats=2, max_detour_minutes=60.0),
    a_rider("r1"),
    a_rider("r2"),
    matrix=a_matrix(4),
    minutes_per_volunteer=100.0,
)
"""Each leg takes 10 minutes and each stop 2: alone it is 10 minutes, with one rider 22, with both 34."""


def test_the_bound_is_the_sum_that_the_theorem_says() -> None:
    cut = Cut(("d", "r1", "r2"), 0.25)
    claimed = Certificate(
        bound=-4.0, people={"r1": 0.5, "d": 0.125}, events={"e": 0.75}, drivers={"d": 1.25}, cuts=(cut,)
    )
    told = replace(TWO_RIDERS, published=(PublishedTrip("d", "gone", ("r1", "gone-2")),))
    # People 0.625, the cut once, of the event 3 people at 0.25 each above their price; two people were told something.
    verdict = verify(told, claimed)
    assert low(verdict) == [] and verdict.bound == pytest.approx(0.625 + 0.25 + 3 * 0.25 + 1.25 - 2 * 3)
    assert not verdict.holds
    assert verify(told, replace(claimed, bound=verdict.bound - 1e-7)).holds


@pytest.mark.parametrize(
    ("changes", "value", "stops"),
    [
        ({}, 3 - 0.34, ("r2", "r1")),
        ({"people": {"r1": 1.0}}, 2 - 0.22, ("r2",)),
        ({"people": {"r1": 0.8}}, 3 - 0.8 - 0.34, ("r2", "r1")),
        ({"people": {"r1": 0.89}}, 2 - 0.22, ("r2",)),
        ({"cuts": (Cut(("d", "r1", "r2"), 0.5),)}, 3 - 0.5 - 0.34, ("r2", "r1")),
        ({"cuts": (Cut(("d", "r1", "r2"), 0.5), Cut(("r2", "r1", "x"), 0.5))}, 3 - 1 - 0.34, ("r2", "r1")),
        ({"cuts": (Cut(("d", "r1", "r2"), 0.5), Cut(("r2", "r1", "x"), 0.9))}, 2 - 0.5 - 0.22, ("r1",)),
        ({"people": {"d": 2.8}}, 0.0, None),
    ],
)
def test_the_best_trip_is_found(changes: dict[str, Any], value: float, stops: tuple[str, ...] | None) -> None:
    late = a_rider("x", ready_at=at("10:00"))
    instance = replace(TWO_RIDERS, riders=(*TWO_RIDERS.riders, late), matrix=a_matrix(5))
    claimed = replace(NO_PRICES, events={"e": 1.0}, **changes)
    exact = replace(claimed, drivers={"d": value + 1e-12})
    assert low(verify(instance, exact)) == []
    (refused,) = verify(instance, replace(claimed, drivers={"d": value - 0.01})).low
    assert refused.found == pytest.approx(value)
    if stops is None:
        assert refused.trip is None
    else:
        assert refused.trip is not None and len(refused.trip.stops) == len(stops)


def test_a_forced_pin_may_be_worth_less_than_nothing() -> None:
    pin = PinnedTrip("d", "e", ("r1",), force=True)
    slow = replace(TWO_RIDERS, pinned=(pin,), drivers=(a_driver(seats=2, max_travel_minutes=1.0),))
    claimed = Certificate(bound=9.0, people={"r1": 1.5}, drivers={"d": -1.5 - 0.22})
    assert verify(slow, claimed).low == ()
    (refused,) = verify(slow, replace(claimed, drivers={"d": -1.8})).low
    assert refused.found == pytest.approx(-1.72)
    assert refused.trip is not None and refused.trip.stops == (("r1", None),)


def test_a_pinned_driver_cannot_stay_at_home_and_others_cannot_take_the_riders() -> None:
    crowd = replace(
        TWO_RIDERS,
        drivers=(*TWO_RIDERS.drivers, a_driver("other", max_detour_minutes=60.0)),
        matrix=a_matrix(5),
    )
    pinned = replace(crowd, pinned=(PinnedTrip("d", "e", ("r1",)),))
    claimed = Certificate(bound=9.0, people={"r1": -0.0, "d": 2.0}, drivers={"d": -2.22, "other": 0.0})
    assert verify(pinned, claimed).low == ()
    assert low(verify(pinned, replace(claimed, drivers={"d": -2.23}))) == ["d"]
    dear = replace(claimed, events={"e": 1.0}, drivers={"d": 3 - 2 - 0.34, "other": 2 - 0.22})
    assert verify(pinned, dear).low == ()
    assert low(verify(crowd, dear)) == ["other"]


def test_a_value_below_nothing_is_refused_for_who_may_stay_at_home() -> None:
    (refused,) = verify(TWO_RIDERS, replace(NO_PRICES, drivers={"d": -1.0})).low
    assert (refused.found, refused.trip) == (0.0, None)
    assert str(refused) == "d: value -1.0, but to stay at home is worth 0.0"


def test_what_is_wrong_is_told_worst_first_and_at_most_twenty_lines() -> None:
    crowd = an_instance(*(a_driver(f"d{i}") for i in range(25)))
    verdict = verify(crowd, Certificate(bound=0.0, drivers={f"d{i}": -float(i) for i in range(1, 25)}))
    lines = verdict.objections()
    assert len(verdict.low) == 24 and len(lines) == 21
    assert lines[0].startswith("d24: ") and lines[19].startswith("d5: ") and lines[20] == "and 4 more"
    (line,) = verify(crowd, Certificate(bound=-1.0)).objections()
    assert line.startswith("bound: -1.0, but by these prices and values it is 17.5")


def test_whom_pins_bring_is_counted_at_the_event_in_any_case() -> None:
    pinned = replace(TWO_RIDERS, pinned=(PinnedTrip("d", "e", ("r1",)),))
    # At 1.5 each nobody is worth coming, but two will in any case.
    claimed = Certificate(bound=9.0, people={"r2": 2.0}, events={"e": 1.5}, drivers={"d": 3 - 0.22})
    verdict = verify(pinned, claimed)
    assert low(verdict) == [] and verdict.bound == pytest.approx(2.0 + 2 * -0.5 + 3 - 0.22)
