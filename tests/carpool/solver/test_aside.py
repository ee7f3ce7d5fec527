"""Who can be in no trip is set aside: the others' trips are the same with them and without."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpool.certificate import Certificate
from carpool.check import violations
from carpool.instance import CanDrive, Driver, Instance, PinnedTrip, PublishedTrip, Rider
from carpool.pins import pin_faults
from carpool.plan import Plan
from carpool.solver.aside import without_impossible
from carpool.solver.data import compile_data
from carpool.solver.growth import Budget
from carpool.solver.solve import solve
from carpool.verify import verify
from tests.carpool.brute_force import best_plan
from tests.carpool.build import a_driver, a_rider, an_event, an_instance, at
from tests.carpool.solver.crowds import a_crowd
from tests.carpool.strategies import instances

NO_BUDGET = Budget(labels=0, columns=0)
NIGHT, DAWN = at("23:30"), at("00:30")
IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "far away": {"lat": 60.9, "lon": -1.0, "max_travel_minutes": 30.0},
    "ready when all is over": {"ready_at": NIGHT},
    "home before it begins": {"home_by": DAWN},
    "no time at all": {"lat": 50.2, "max_travel_minutes": 0.0},
    "more people than any event has places": {"party": 900_000},
}
OF_RIDERS: dict[str, dict[str, Any]] = {
    "more people than any car": {"party": 60},
    "a need that nobody meets": {"needs": ("hovercraft",)},
}


def impossible_people(with_needs: bool = True) -> list[Driver | Rider]:
    riders = IMPOSSIBLE | OF_RIDERS if with_needs else IMPOSSIBLE
    people: list[Driver | Rider] = [
        a_driver(f"bad driver {n}", seats=4, **words)
        for n, words in enumerate(IMPOSSIBLE.values())
        if "party" not in words
    ]
    people += [a_rider(f"bad rider {n}", **words) for n, words in enumerate(riders.values())]
    both = a_rider("bad both", ready_at=NIGHT, can_drive=CanDrive(seats=3, ready_at=NIGHT))
    return [*people, both]


def among_others(instance: Instance, people: Sequence[Driver | Rider], random: Random) -> Instance:
    """With these people anywhere between the others."""
    drivers, riders = list(instance.drivers), list(instance.riders)
    for person in people:
        if isinstance(person, Driver):
            drivers.insert(random.randint(0, len(drivers)), person)
        else:
            riders.insert(random.randint(0, len(riders)), person)
    return replace(instance, drivers=tuple(drivers), riders=tuple(riders))


def solved(instance: Instance, budget: Budget = NO_BUDGET) -> Plan:
    return solve(instance, seconds=None, rounds=5, seed=3, budget=budget)


@pytest.mark.parametrize("budget", [NO_BUDGET, Budget()])
@pytest.mark.parametrize("people", [(10, 25), (120, 200)])
def test_a_crowd_travels_as_if_they_were_absent(people: tuple[int, int], budget: Budget) -> None:
    crowd = a_crowd(*people, 4, towns=2)
    bad = impossible_people()
    plan, without = solved(among_others(crowd, bad, Random(1)), budget), solved(crowd, budget)
    assert plan.trips == without.trips
    assert (plan.score, plan.bound) == (without.score, without.bound)
    assert {one.id for one in plan.unmatched or ()} >= {one.id for one in bad}
    assert [one for one in plan.unmatched or () if not one.id.startswith("bad")] == list(
        without.unmatched or ()
    )


@settings(max_examples=40, deadline=None)
@given(instances(pinned=False), st.randoms(use_true_random=False))
def test_so_does_everybody_of_any_instance_on_roads(instance: Instance, random: Random) -> None:
    roads = replace(instance, matrix=None, pairs=None)
    plan = solved(among_others(roads, impossible_people(), random))
    assert plan.trips == solved(roads).trips


@settings(max_examples=150, deadline=None)
@given(instances())
def test_nobody_is_set_aside_who_is_in_a_best_plan(instance: Instance) -> None:
    if pin_faults(instance):
        return
    kept = without_impossible(compile_data(instance))
    assert best_plan(kept).score == pytest.approx(best_plan(instance).score, abs=1e-9)
    plan = solved(instance)
    assert violations(instance, plan) == []
    assert {one.id for one in plan.unmatched or ()} | set(_travelling(plan)) == set(instance.index)


def _travelling(plan: Plan) -> list[str]:
    return [one for trip in plan.trips for one in (trip.driver, *trip.riders)]


def test_whoever_is_named_stays() -> None:
    far = a_rider("far", lat=60.9, max_travel_minutes=1.0)
    plain = an_instance(a_driver(), a_rider("r"), far, a_rider("s"))
    assert "far" not in without_impossible(compile_data(plain)).index
    for names in (
        {"together": (("far", "s"),)},
        {"published": (PublishedTrip("d", "e", ("far",)),)},
        {"pinned": (PinnedTrip("d", "e", ("far",), force=True),)},
    ):
        assert "far" in without_impossible(compile_data(replace(plain, **names))).index
    apart = replace(plain, apart=(("far", "r"), ("r", "s")))
    assert without_impossible(compile_data(apart)).apart == (("r", "s"),)


def test_an_instance_in_which_all_can_travel_is_the_very_same() -> None:
    instance = an_instance(a_driver(), a_rider("r"))
    assert without_impossible(compile_data(instance)) is instance


def test_nobody_rests_on_a_car_that_goes_nowhere() -> None:
    """Else they would be in the way of the others only as long as that car is listed."""
    bus = a_driver("bus", seats=50, ready_at=NIGHT)
    crowd = an_instance(a_driver(), a_rider("r"), a_rider("class", party=40), bus)
    assert set(without_impossible(compile_data(crowd)).index) == {"d", "r"}


def test_the_certificate_proves_its_bound_among_all() -> None:
    """An event without a limit has places for those who were set aside as well, and whoever recomputes counts them."""
    event = an_event(wanted=1)
    bad = [a_rider(f"bad{n}", ready_at=NIGHT) for n in range(50)]
    instance = an_instance(a_driver(seats=3), *(a_rider(f"r{n}") for n in range(3)), *bad, events=(event,))
    found = list[Certificate]()
    plan = solve(instance, seconds=None, rounds=3, budget=NO_BUDGET, certify=found.append)
    assert plan.score is not None and found[-1].bound >= plan.score
    verdict = verify(instance, found[-1])
    assert verdict.holds, verdict.objections()
