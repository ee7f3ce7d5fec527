"""The enumerator that the solver is held to finds what anybody can work out by hand, on cases with one twist each."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from carpool.check import violations
from carpool.instance import Instance, PickupPlace, PinnedTrip, PublishedTrip
from carpool.plan import Plan
from carpool.score import score
from tests.carpool.brute_force import best_plan
from tests.carpool.build import a_driver, a_matrix, a_rider, a_trip, an_event, an_instance
from tests.carpool.strategies import instances

CARS: dict[str, Any] = {"max_detour_minutes": 60.0, "seats": 2}
TWO_CARS = an_instance(
    a_driver("d1", **CARS),
    a_driver("d2", **CARS),
    a_rider("r1", party=2),
    a_rider("r2"),
    events=(an_event("e1", wanted=3), an_event("e2", wanted=9, weight=2.0, capacity=3)),
    matrix=a_matrix(6),
)


def best(**changes: Any) -> tuple[list[tuple[str, ...]], float]:
    instance: Instance = replace(TWO_CARS, **changes)
    found = best_plan(instance)
    assert found.trips is not None
    return [(trip.driver, trip.event, *sorted(trip.riders)) for trip in found.trips], found.score


def test_the_heavier_event_is_filled_first() -> None:
    trips, value = best()
    # Three people at e2 are the driver with r1; two at e1 the driver with r2.
    assert sorted(trip[1:] for trip in trips) == [("e1", "r2"), ("e2", "r1")]
    assert value == pytest.approx(3 * 2 + 2 - (22 + 22) / 1000)


def test_a_published_promise_is_kept() -> None:
    trips, _ = best(published=(PublishedTrip("d2", "e1", ("r1",)),), change_penalty=9.0)
    assert ("d2", "e1", "r1") in trips


def test_a_pin_is_kept_and_an_impossible_one_leaves_no_plan() -> None:
    trips, _ = best(pinned=(PinnedTrip("d1", "e1", ("r1",)),))
    assert ("d1", "e1", "r1") in trips
    impossible = replace(TWO_CARS, pinned=(PinnedTrip("d1", "e1", ("r1", "r2")),))
    assert best_plan(impossible).trips is None


def test_a_forced_trip_is_as_long_as_it_is() -> None:
    slow = replace(TWO_CARS, drivers=tuple(replace(d, max_travel_minutes=1.0) for d in TWO_CARS.drivers))
    assert best_plan(slow).trips == ()
    forced = replace(slow, pinned=(PinnedTrip("d1", "e2", ("r1",), force=True),))
    assert best_plan(forced).trips == (a_trip("d1", "e2", "r1"),)


def test_a_place_saves_minutes() -> None:
    corner = PickupPlace("corner", 51.6, -0.2, walk_minutes=1)
    rider = a_rider("r", places=(corner,))
    instance = an_instance(a_driver(**CARS), rider, matrix=a_matrix(4, _0_3=4.0, _3_2=4.0))
    assert best_plan(instance).trips == (a_trip("d", "e", ("r", "corner")),)


@settings(max_examples=25, deadline=None)
@given(instances(drivers=2, riders=3))
def test_the_best_plan_is_feasible_and_worth_its_score(instance: Instance) -> None:
    found = best_plan(instance)
    if found.trips is None:
        assert instance.pinned
        return
    assert violations(instance, Plan(trips=found.trips)) == []
    assert score(instance, found.trips) == found.score
    assert instance.pinned or instance.published or found.score >= 0
