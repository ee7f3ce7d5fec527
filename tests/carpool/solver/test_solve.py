"""The solver against the enumerator, the judge and its own promises."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from carpool.check import violations
from carpool.errors import InvalidInstance
from carpool.files import read_instance, read_plan
from carpool.generate import generate
from carpool.instance import Event, Instance, PinnedTrip, PublishedTrip, Rider
from carpool.pins import pin_faults
from carpool.plan import Plan, Status, Stop, Trip
from carpool.score import score
from carpool.solver.growth import Budget
from carpool.solver.incumbent import Progress
from carpool.solver.solve import solve
from tests.carpool.brute_force import best_plan
from tests.carpool.build import a_driver, a_matrix, a_rider, an_event, an_instance
from tests.carpool.solver.crowds import a_crowd
from tests.carpool.strategies import instances

NO_BUDGET = Budget(labels=0, columns=0)


def solved(instance: Instance, rounds: int = 20, budget: Budget | None = None, seed: int = 1) -> Plan:
    """A repeatable solve."""
    if budget is None:
        return solve(instance, seconds=None, rounds=rounds, seed=seed)
    return solve(instance, seconds=None, rounds=rounds, seed=seed, budget=budget)


def test_sample_plan_is_found_to_the_last_digit() -> None:
    plan, sample = (
        solved(read_instance("tests/data/sample-instance.json")),
        read_plan("tests/data/sample-plan.json"),
    )
    assert plan.trips == sample.trips
    assert plan.score == pytest.approx(sample.score, abs=1e-9)
    assert plan.bound == pytest.approx(sample.bound, abs=1e-9)
    assert (plan.volunteers, plan.weighted_volunteers, plan.gap) == (3, 3.75, 0.0)
    assert plan.status is Status.OPTIMAL
    assert plan.unmatched is not None
    assert [(left.id, left.reason) for left in plan.unmatched] == [("r2", "no_event_in_reach")]


@settings(max_examples=60, deadline=None)
@given(instances())
def test_small_instances_are_solved_to_the_proven_optimum(instance: Instance) -> None:
    best = best_plan(instance)
    if pin_faults(instance):
        with pytest.raises(InvalidInstance):
            solved(instance)
        return
    plan = solved(instance)
    assert violations(instance, plan) == []
    assert plan.score == pytest.approx(best.score, abs=1e-9)
    assert plan.status is Status.OPTIMAL


@settings(max_examples=60, deadline=None)
@given(instances())
def test_beyond_the_budget_plan_and_bound_enclose_the_optimum(instance: Instance) -> None:
    if pin_faults(instance):
        return
    plan, best = solved(instance, budget=NO_BUDGET), best_plan(instance)
    assert violations(instance, plan) == []
    assert plan.score is not None
    assert plan.bound is not None
    assert plan.score <= best.score + 1e-9
    assert plan.bound >= best.score - 1e-12


def test_thirty_people_are_solved_to_the_optimum() -> None:
    plan = solved(a_crowd(10, 20, 3))
    assert plan.status is Status.OPTIMAL
    assert plan.volunteers is not None
    assert plan.volunteers > 10


def test_a_dense_crowd_in_minibuses_goes_beyond_the_budget_without_harm() -> None:
    instance = a_crowd(10, 20, 2, spread=0.02, seats=(8,))
    plan = solved(instance, budget=Budget(labels=20_000, columns=20_000))
    assert plan.bound is not None
    assert plan.bound >= (plan.score or 0)
    assert violations(instance, plan) == []


def test_three_hundred_people_do_better_than_with_the_nearest_car() -> None:
    instance = a_crowd(100, 200, 8, towns=3)
    plan = solved(instance, rounds=100, budget=NO_BUDGET)
    assert (plan.score or 0) > _nearest_car_first(instance)


def _nearest_car_first(instance: Instance) -> float:
    """What comes of it if every driver goes to the nearest event, and every rider asks the nearest drivers in turn."""
    trips: dict[str, Trip] = {}
    for driver in instance.drivers:
        here = instance.index[driver.id]
        away = {e.id: instance.travel.minutes(here, instance.event_index[e.id]) for e in instance.events}
        _offer(instance, trips, Trip(driver.id, min(away, key=away.__getitem__)))
    for rider in instance.riders:
        here = instance.index[rider.id]
        near = sorted(trips, key=lambda name: instance.travel.minutes(here, instance.index[name]))
        for name in near[:8]:
            trip = trips[name]
            if _offer(instance, trips, replace(trip, stops=(Stop(rider.id), *trip.stops))):
                break
    return score(instance, trips.values())


def _offer(instance: Instance, trips: dict[str, Trip], trip: Trip) -> bool:
    """Make this the driver's trip if the judge finds nothing against it."""
    plan = Plan(trips=tuple({**trips, trip.driver: trip}.values()))
    if violations(instance, plan):
        return False
    trips[trip.driver] = trip
    return True


def test_equal_input_gives_an_equal_plan_whatever_the_workers() -> None:
    instance = a_crowd(30, 60, 4)
    for budget in (NO_BUDGET, Budget()):
        plans = [
            solve(instance, seconds=None, rounds=50, seed=7, workers=workers, budget=budget)
            for workers in (1, 2, 4)
        ]
        assert len({repr(replace(plan, seconds=0.0)) for plan in plans}) == 1


def test_threads_that_share_the_work_make_no_difference() -> None:
    instance = generate(1_400, seed=11)
    plans = [
        solve(instance, seconds=None, rounds=4, seed=3, workers=workers, budget=NO_BUDGET)
        for workers in (1, 2, 3)
    ]
    assert len({repr(replace(plan, seconds=0.0)) for plan in plans}) == 1
    assert violations(instance, plans[0]) == []


def test_another_seed_may_give_another_plan() -> None:
    instance = a_crowd(300, 500, 8, towns=3)
    plans = {repr(solved(instance, 1, NO_BUDGET, seed).trips) for seed in range(3)}
    assert len(plans) > 1


def test_whoever_asks_to_stop_gets_the_best_so_far() -> None:
    instance = a_crowd(30, 60, 4)
    plan = solve(instance, seconds=None, stop=lambda: True)
    assert plan.status is Status.STOPPED
    assert violations(instance, plan) == []


def test_a_stop_during_the_search_ends_it() -> None:
    asked: list[None] = []

    def stop() -> bool:
        asked.append(None)
        return len(asked) > 100

    instance = a_crowd(300, 500, 8, towns=3)
    plan = solve(instance, seconds=None, rounds=10**9, stop=stop, budget=NO_BUDGET)
    assert plan.status is Status.STOPPED


def test_pins_stand_even_when_stopped_at_once() -> None:
    instance = replace(a_crowd(5, 10, 1), pinned=())
    driver = solved(instance).trips[0].driver
    pinned = replace(instance, pinned=(PinnedTrip(driver, "e0"),))
    plan = solve(pinned, seconds=None, stop=lambda: True)
    assert [(trip.driver, trip.event) for trip in plan.trips] == [(driver, "e0")]
    assert violations(pinned, plan) == []


def test_no_time_at_all_still_gives_a_plan() -> None:
    instance = a_crowd(30, 60, 4)
    plan = solve(instance, seconds=0.0)
    assert violations(instance, plan) == []
    assert plan.status is Status.FEASIBLE


def test_impossible_pins_are_refused() -> None:
    instance = an_instance(a_driver(max_travel_minutes=1.0), pinned=(PinnedTrip("d", "e"),))
    with pytest.raises(InvalidInstance, match="pinned"):
        solved(instance)


def test_nobody_and_nothing_is_an_empty_optimal_plan() -> None:
    plan = solved(Instance())
    assert plan.trips == ()
    assert plan.unmatched == ()
    assert (plan.score, plan.gap, plan.status) == (0.0, 0.0, Status.OPTIMAL)


def test_progress_tells_of_better_plans_only() -> None:
    seen: list[Progress] = []
    plan = solve(a_crowd(30, 60, 4), seconds=None, rounds=100, progress=seen.append, budget=NO_BUDGET)
    scores = [step.score for step in seen]
    assert scores == sorted(scores)
    assert scores[-1] == pytest.approx(plan.score)
    assert seen[0].bound is None
    assert seen[-1].bound == pytest.approx(plan.bound)
    assert seen[-1].gap == pytest.approx(plan.gap)


@pytest.mark.parametrize("weight", [1e-6, 1.0, 4e5])
@pytest.mark.parametrize("minutes_per_volunteer", [1e-6, 1000.0, 1e6])
def test_the_optimum_is_proven_at_every_magnitude(weight: float, minutes_per_volunteer: float) -> None:
    crowd = a_crowd(3, 4, 2)
    instance = replace(
        crowd,
        events=tuple(replace(event, weight=weight * event.weight) for event in crowd.events),
        minutes_per_volunteer=minutes_per_volunteer,
    )
    plan, best = solved(instance), best_plan(instance)
    assert plan.status is Status.OPTIMAL
    assert plan.score == pytest.approx(best.score, rel=1e-9, abs=1e-9)


def test_a_superset_may_be_feasible_where_the_triangle_inequality_fails() -> None:
    # d to e takes 50 minutes, more than allowed; by way of both riders it takes 15.
    matrix = a_matrix(4, 50.0, _0_1=5.0, _1_2=5.0, _2_3=5.0, _3_2=5.0, _2_1=5.0, _1_0=5.0)
    driver = a_driver(max_travel_minutes=20.0)
    instance = an_instance(driver, a_rider("r1"), a_rider("r2"), matrix=matrix, dwell_minutes=0.0)
    plan = solved(instance)
    assert [trip.riders for trip in plan.trips] == [("r1", "r2")]


def test_people_beyond_wanted_count_half_and_none_beyond_capacity() -> None:
    event: Event = an_event(wanted=2, capacity=4)
    riders: list[Rider] = [a_rider(f"r{number}") for number in range(4)]
    plan = solved(an_instance(a_driver(seats=4), *riders, events=(event,)))
    assert (plan.volunteers, plan.weighted_volunteers) == (4, 3.0)


def test_published_trips_are_kept_when_a_change_costs_more_than_it_brings() -> None:
    events = (an_event("near"), an_event("better", lat=51.61, weight=1.5))
    told = PublishedTrip("d", "near", ("r",))
    free = an_instance(a_driver(), a_rider(), events=events)
    assert solved(free).trips[0].event == "better"
    for budget in (NO_BUDGET, Budget()):
        assert solved(replace(free, published=(told,)), budget=budget).trips[0].event == "near"
