"""Reasons: each by an instance made for it, and all of them against a slow oracle that asks only the judge."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from carpool.explain import explain
from carpool.instance import CanDrive, Instance, PinnedTrip
from carpool.pins import pin_faults
from carpool.plan import Reason, Trip
from carpool.solver.growth import Budget
from carpool.solver.solve import solve
from tests.carpool.build import a_driver, a_matrix, a_rider, a_trip, an_event, an_instance, at
from tests.carpool.explain.reasons_oracle import Oracle
from tests.carpool.strategies import instances


def reasons(instance: Instance, *trips: Trip) -> dict[str, str]:
    return {left.id: left.reason for left in explain(instance, trips) if left.reason is not None}


def text_and_fix(reason: Reason) -> tuple[str, str]:
    """What the person of this reason's case is told."""
    instance, trips = CASES[reason]
    left = next(left for left in explain(instance, trips) if left.id == "r")
    assert left.text is not None
    assert left.fix is not None
    return left.text, left.fix


FAR: dict[str, Any] = {"lat": 53.8, "lon": -1.55}
CASES: dict[Reason, tuple[Instance, tuple[Trip, ...]]] = {
    Reason.NO_EVENT_ALLOWED: (an_instance(a_rider(), events=()), ()),
    Reason.NO_EVENT_IN_REACH: (an_instance(a_driver("d"), a_rider(**FAR)), (a_trip("d", "e"),)),
    Reason.PARTY_TOO_LARGE: (an_instance(a_driver(), a_rider(party=4)), (a_trip("d", "e"),)),
    Reason.NO_DRIVER_IN_REACH: (
        an_instance(a_driver(max_detour_minutes=1.0), a_rider()),
        (a_trip("d", "e"),),
    ),
    Reason.EVENT_FULL: (
        an_instance(a_driver(), a_rider(), events=(an_event(capacity=1),)),
        (a_trip("d", "e"),),
    ),
    Reason.NOT_HOME_IN_TIME: (an_instance(a_driver(), a_rider(home_by=at("13:20"))), (a_trip("d", "e"),)),
    Reason.NOT_READY_IN_TIME: (an_instance(a_driver(), a_rider(ready_at=at("09:30"))), (a_trip("d", "e"),)),
    Reason.NEEDS_NOT_OFFERED: (an_instance(a_driver(), a_rider(needs=("wheelchair",))), (a_trip("d", "e"),)),
    Reason.COMPANY_NOT_MET: (an_instance(a_driver(), a_rider(company=("woman",))), (a_trip("d", "e"),)),
    Reason.TOGETHER_NOT_MET: (
        an_instance(a_driver(seats=1), a_rider(), a_rider("other"), together=(("r", "other"),)),
        (a_trip("d", "e"),),
    ),
    Reason.KEPT_APART: (an_instance(a_driver(), a_rider(), apart=(("d", "r"),)), (a_trip("d", "e"),)),
    Reason.SEATS_TAKEN: (
        an_instance(a_driver(seats=1), a_rider(), a_rider("other")),
        (a_trip("d", "e", "other"),),
    ),
    Reason.NOT_WORTH_THE_DRIVE: (
        an_instance(a_driver(), a_rider(), minutes_per_volunteer=1.0),
        (a_trip("d", "e"),),
    ),
    Reason.SEARCH_ENDED: (an_instance(a_driver(), a_rider()), (a_trip("d", "e"),)),
}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_case(reason: Reason) -> None:
    instance, trips = CASES[reason]
    assert reasons(instance, *trips)["r"] == reason
    assert all(text_and_fix(reason))


@pytest.mark.parametrize(
    ("changes", "event", "reason"),
    [
        (FAR, {}, Reason.NO_EVENT_IN_REACH),
        ({}, {"capacity": 0}, Reason.EVENT_FULL),
        ({"home_by": at("13:20")}, {}, Reason.NOT_HOME_IN_TIME),
        ({"ready_at": at("09:30")}, {}, Reason.NOT_READY_IN_TIME),
        ({}, {"weight": 0.01}, Reason.NOT_WORTH_THE_DRIVE),
        ({}, {}, Reason.SEARCH_ENDED),
    ],
)
def test_a_driver_s_reasons_look_at_the_driver_alone(
    changes: dict[str, Any], event: dict[str, Any], reason: Reason
) -> None:
    instance = an_instance(a_driver(**changes), a_rider(), events=(an_event(**event),))
    assert reasons(instance)["d"] == reason


def test_who_can_drive_is_not_left_for_want_of_a_driver() -> None:
    alone = an_instance(a_rider(party=9, can_drive=CanDrive(seats=0)))
    assert reasons(alone) == {"r": Reason.SEARCH_ENDED}


def test_when_a_driver_who_stays_is_home_does_not_matter() -> None:
    driver = a_driver(way_back=False, home_by=at("09:00"))
    instance = an_instance(driver, a_rider(way_back=False))
    assert reasons(instance, a_trip("d", "e")) == {"r": Reason.SEARCH_ENDED}


def test_nobody_drives_at_all() -> None:
    assert reasons(an_instance(a_rider(party=9))) == {"r": Reason.NO_DRIVER_IN_REACH}


def test_a_full_pin_takes_the_seats() -> None:
    pin = PinnedTrip("d", "e", full=True)
    instance = an_instance(a_driver(), a_rider(), pinned=(pin,))
    assert reasons(instance, a_trip("d", "e")) == {"r": Reason.SEATS_TAKEN}


def test_the_words_give_the_figures() -> None:
    assert text_and_fix(Reason.NO_EVENT_IN_REACH) == (
        "The nearest event is 230 minutes away by car; you asked for at most 120.",
        "An event nearer to you, or a journey of up to 230 minutes.",
    )
    too_many, _ = text_and_fix(Reason.PARTY_TOO_LARGE)
    assert too_many == "You are 4 people, and no car has more than 3 free seats."
    needs, offer = text_and_fix(Reason.NEEDS_NOT_OFFERED)
    assert "wheelchair" in needs
    assert "wheelchair" in offer
    assert text_and_fix(Reason.NOT_READY_IN_TIME)[1].startswith("Being ready 7 minutes earlier")
    assert text_and_fix(Reason.NOT_HOME_IN_TIME)[1].startswith("Being home 5 minutes later")
    assert "11 minutes longer" in text_and_fix(Reason.NO_DRIVER_IN_REACH)[1]


def test_the_limit_told_is_the_one_that_is_in_the_way() -> None:
    can_drive = CanDrive(seats=0, max_travel_minutes=5.0, events=("e",))
    far = an_event("far", **FAR)
    rider = a_rider(events=("far",), can_drive=can_drive)
    told = explain(an_instance(rider, events=(an_event(), far)), ())[0].text
    assert told == "The nearest event is 25 minutes away by car; you asked for at most 5."


def test_the_fix_would_have_helped() -> None:
    instance, trips = CASES[Reason.NO_EVENT_IN_REACH]
    rider = replace(instance.riders[0], max_travel_minutes=230.0)
    assert reasons(replace(instance, riders=(rider,)), *trips) != {"r": Reason.NO_EVENT_IN_REACH}
    instance, trips = CASES[Reason.NO_DRIVER_IN_REACH]
    driver = replace(instance.drivers[0], max_detour_minutes=12.0)
    assert reasons(replace(instance, drivers=(driver,)), *trips) == {"r": Reason.SEARCH_ENDED}


def test_no_way_at_all_is_said() -> None:
    instance = an_instance(a_driver(), a_rider(), matrix=a_matrix(3, None, _0_2=10.0, _2_0=10.0))
    left = explain(instance, [a_trip("d", "e")])[0]
    assert left.reason == Reason.NO_EVENT_IN_REACH
    assert left.text == "There is no way by car from you to an event that you would come to."


@settings(max_examples=80, deadline=None)
@given(instances())
def test_reasons_are_what_the_judge_says(instance: Instance) -> None:
    if pin_faults(instance):
        return
    for budget in (Budget(), Budget(labels=0)):
        plan = solve(instance, seconds=None, rounds=0, budget=budget)
        assert plan.unmatched is not None
        for left in plan.unmatched:
            assert left.reason in Oracle(instance, plan).reasons(left.id)
            said = f"{left.text} {left.fix}"
            assert not any(re.search(rf"\b{other}\b", said) for other in set(instance.index) - {left.id})
