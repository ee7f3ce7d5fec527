"""How plans stand the day, against plans whose figures are known by hand."""

from dataclasses import replace

import pytest

from carpool.bench.robust import share_on_time, value_left
from tests.carpool.build import a_driver, a_matrix, a_rider, a_trip, an_event, an_instance


def test_trips_with_buffer_enough_are_always_on_time() -> None:
    instance = an_instance(a_driver(), a_rider(), matrix=a_matrix(3, 20.0))
    # Two legs of 20 minutes lose 8 at most, and the plan has 10 to lose.
    assert share_on_time(instance, [a_trip("d", "e", "r")], seed=1) == 1.0
    assert share_on_time(instance, [], seed=1) == 1.0


def test_without_buffer_one_leg_is_late_every_other_time() -> None:
    instance = an_instance(a_driver(), matrix=a_matrix(2, 30.0), arrive_before_minutes=0.0)
    share = share_on_time(instance, [a_trip("d", "e")], seed=1, draws=4000)
    assert share == pytest.approx(0.5, abs=0.03)


def test_nobody_is_picked_up_early_so_what_is_won_before_a_stop_is_lost() -> None:
    instance = an_instance(a_driver(), a_rider(), matrix=a_matrix(3, 30.0), arrive_before_minutes=0.0)
    # Late at the stop or not, the second leg must win what the first lost: 1/2 · 1/2 + 1/2 · P(sum of both ≤ 0 | first > 0).
    share = share_on_time(instance, [a_trip("d", "e", "r")], seed=1, draws=8000)
    assert share == pytest.approx(0.25 + 0.125, abs=0.03)


def test_trips_of_different_lengths_are_told_apart() -> None:
    matrix = a_matrix(4, 10.0, _0_3=100.0, _1_3=10.0)
    instance = an_instance(
        a_driver("slow"), a_driver("fast"), a_rider(), matrix=matrix, arrive_before_minutes=5.0
    )
    assert share_on_time(instance, [a_trip("fast", "e")], seed=1) == 1.0
    slow = share_on_time(instance, [a_trip("slow", "e")], seed=1, draws=4000)
    assert slow == pytest.approx(0.5 + 5 / 40, abs=0.03)
    both = share_on_time(instance, [a_trip("slow", "e"), a_trip("fast", "e", "r")], seed=1, draws=4000)
    assert both == pytest.approx((1 + slow) / 2, abs=0.03)


def test_value_left_counts_people_and_their_driver() -> None:
    instance = an_instance(a_driver(party=2), a_rider(), a_rider("s"), events=(an_event(wanted=10),))
    trips = [a_trip("d", "e", "r", "s")]
    # The driver's two come in 9 of 10 cases; each rider, if both turn up.
    expected = (2 * 0.9 + 2 * 0.9 * 0.9) / 4
    assert value_left(instance, trips, seed=1, draws=20_000) == pytest.approx(expected, abs=0.01)
    assert value_left(instance, trips, seed=1, absent=0.0) == 1.0
    assert value_left(instance, trips, seed=1, absent=1.0) == 0.0
    assert value_left(instance, [], seed=1) == 1.0


def test_people_beyond_those_wanted_are_missed_half() -> None:
    instance = an_instance(a_driver(), a_rider(), a_rider("s"), events=(an_event(wanted=1, weight=2.0),))
    trips = [a_trip("d", "e", "r", "s")]
    planned, rider_left = 2.0 + 0.5 * 2 * 2, 2.0
    expected = 0.9 * (rider_left + 0.9 * 2) / planned
    assert value_left(instance, trips, seed=1, draws=20_000) == pytest.approx(expected, abs=0.01)


def test_the_same_seed_gives_the_same_figures() -> None:
    instance = an_instance(a_driver(), matrix=a_matrix(2, 90.0))
    instance, trips = replace(instance, arrive_before_minutes=3.0), [a_trip("d", "e")]
    assert share_on_time(instance, trips, seed=3) == share_on_time(instance, trips, seed=3)
    assert value_left(instance, trips, seed=3) == value_left(instance, trips, seed=3)
