"""Pins that no plan can keep are told with the rule and by how much; those that one can keep, with a trip that does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from carpool.check import violations
from carpool.instance import CanDrive, Instance, PickupPlace, PinnedTrip
from carpool.pins import Verdict, judge_pins, pin_faults
from carpool.plan import Plan
from tests.carpool.brute_force import best_plan
from tests.carpool.build import a_driver, a_matrix, a_rider, a_trip, an_event, an_instance, at
from tests.carpool.strategies import instances

# Places: 0 d1, 1 d2, 2 r1, 3 r2, 4 r3, 5 e1, 6 e2.
BASE = an_instance(
    a_driver("d1", max_detour_minutes=60.0),
    a_driver("d2", max_detour_minutes=60.0),
    a_rider("r1"),
    a_rider("r2", party=2),
    a_rider("r3", can_drive=CanDrive(seats=2)),
    events=(an_event("e1", capacity=4), an_event("e2")),
    matrix=a_matrix(7),
)
PIN = PinnedTrip("d1", "e1", ("r1", "r2"))


def people(instance: Instance, **changes: dict[str, Any]) -> Instance:
    """The instance with members of some people and events changed, by their ids."""
    return replace(
        instance,
        events=tuple(replace(event, **changes.get(event.id, {})) for event in instance.events),
        drivers=tuple(replace(driver, **changes.get(driver.id, {})) for driver in instance.drivers),
        riders=tuple(replace(rider, **changes.get(rider.id, {})) for rider in instance.riders),
    )


def told(instance: Instance, *pins: PinnedTrip) -> list[str]:
    return [str(fault) for fault in pin_faults(replace(instance, pinned=pins or (PIN,)))]


def broken(rules: str, number: int = 0, name: str = '"d1" to "e1"') -> list[str]:
    return [f"pinned[{number}]: {name}: no plan can keep it: {rules}"]


def test_a_pin_that_can_be_kept() -> None:
    assert told(BASE) == []
    found = judge_pins(replace(BASE, pinned=(PIN, PinnedTrip("r3", "e2"))))
    assert [trip.driver for trip in found.trips] == ["d1", "r3"]
    assert violations(replace(BASE, pinned=(PIN,)), Plan(trips=found.trips)) == []


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"d1": {"seats": 2}}, "seats: d1: people riding: 3, seats: 2, 1 too many"),
        ({"r1": {"needs": ("ramp",)}}, 'needs: d1: riders who need "ramp": 1, the car can take: 0'),
        ({"r1": {"events": ("e2",)}}, 'events: r1: does not want to go to "e1"'),
        ({"d1": {"way_back": False}, "r2": {"way_back": False}},
         'way_back: r1: wants a way back, and "d1" drives out only'),
        ({"e1": {"capacity": 3}}, "capacity: e1: people coming: 4, capacity: 3, 1 too many"),
        ({"d1": {"company": ("woman",)}, "r2": {"traits": ("woman",)}},
         'company: d1: rides only with "woman", which "r1" does not say'),
        ({"d1": {"max_detour_minutes": 23.0}},
         "detour: d1: the detour on the way out is too long by 1.00 minutes, in the best order"),
        ({"d1": {"max_travel_minutes": 30.0}},
         "travel: d1: the drive on the way out is too long by 4.00 minutes, in the best order"),
        ({"r2": {"max_travel_minutes": 7.5}, "r1": {"max_travel_minutes": 7.5}},
         "travel: r2: the ride on the way out is too long by 14.50 minutes, in the best order"),
        ({"d1": {"home_by": at("13:30")}}, "home: d1: is home too late by 4.00 minutes, in the best order"),
        ({"r1": {"home_by": at("13:04")}}, "home: r1: is home too late by 6.00 minutes, in the best order"),
        ({"r1": {"ready_at": at("09:41")}}, "ready: r1: starts before being ready by 3.00 minutes, in the best order"),
        ({"d1": {"events": ("e2",)}}, 'events: d1: does not want to go to "e1"'),
        ({"r1": {"company": ("woman",)}, "r2": {"traits": ("woman",)}},
         'company: r1: rides only with "woman", which "d1" does not say'),
        ({"d1": {"ready_at": at("09:20")}}, "ready: d1: starts before being ready by 4.00 minutes, in the best order"),
        ({"d1": {"seats": 2, "way_back": False}},
         'seats: d1: people riding: 3, seats: 2, 1 too many; way_back: r1: wants a way back, and "d1" drives out only; '
         'way_back: r2: wants a way back, and "d1" drives out only'),
        ({"d1": {"seats": 2, "way_back": False}, "r1": {"needs": ("ramp",)}},
         'seats: d1: people riding: 3, seats: 2, 1 too many; needs: d1: riders who need "ramp": 1, the car can take: 0; '
         'way_back: r1: wants a way back, and "d1" drives out only; and 1 more'),
    ],
)  # fmt: skip
def test_a_pin_by_itself(changes: dict[str, dict[str, Any]], rules: str) -> None:
    assert told(people(BASE, **changes)) == broken(rules)


def test_the_order_is_looked_for() -> None:
    # Only r2 before r1 is quick, and only if r2 waits at the corner.
    corner = PickupPlace("corner", 51.7, -0.3, walk_minutes=0)
    quick = a_matrix(
        8, 30.0, _0_7=5.0, _7_2=5.0, _2_5=5.0, _0_5=10.0, _5_0=10.0, _5_2=1.0, _2_7=1.0, _7_0=1.0
    )
    with_corner = [replace(r, places=(corner,)) if r.id == "r2" else r for r in BASE.riders]
    there = replace(BASE, riders=tuple(with_corner), matrix=quick)
    there = people(there, d1={"max_detour_minutes": 9.0})
    found = judge_pins(replace(there, pinned=(PIN,)))
    assert found.faults == () and found.trips == (a_trip("d1", "e1", ("r2", "corner"), "r1"),)
    closer = people(there, d1={"max_detour_minutes": 8.5})
    assert told(closer) == broken(
        "detour: d1: the detour on the way out is too long by 0.50 minutes, in the best order"
    )


def test_the_amount_is_that_of_the_best_order() -> None:
    slow = replace(people(BASE, d1={"max_detour_minutes": 20.0}), matrix=a_matrix(7, _0_3=7.0, _3_2=7.0))
    assert told(slow) == broken(
        "detour: d1: the detour on the way back is too long by 4.00 minutes, in the best order"
    )


def test_no_way() -> None:
    nowhere = replace(BASE, matrix=a_matrix(7, _0_5=None))
    assert told(nowhere) == broken(
        "no_way: d1: there is no way for the car on the way out, in the best order"
    )
    assert told(nowhere, replace(PIN, force=True)) == broken(
        "no_way: d1: there is no way for the car on the way out"
    )


def test_force_lifts_the_limits_and_fixes_the_order() -> None:
    hurried = people(BASE, d1={"max_travel_minutes": 1.0})
    forced = replace(PIN, riders=("r2", "r1"), force=True)
    assert told(hurried)[0].startswith('pinned[0]: "d1" to "e1": no plan can keep it: travel: d1')
    found = judge_pins(replace(hurried, pinned=(forced,)))
    assert found.faults == () and found.trips == (a_trip("d1", "e1", "r2", "r1"),)
    assert told(people(hurried, d1={"seats": 1, "max_travel_minutes": 1.0}), forced)


def test_groups_come_along() -> None:
    group = replace(BASE, together=(("r1", "r3"), ("r2", "r1")))
    alone = PinnedTrip("d1", "e2", ("r2",))
    found = judge_pins(
        replace(group, pinned=(alone,), drivers=(replace(BASE.drivers[0], seats=4), BASE.drivers[1]))
    )
    assert found.faults == () and set(found.trips[0].riders) == {"r1", "r2", "r3"}
    seats = "seats: d1: people riding: 4, seats: 3, 1 too many"
    assert told(group, alone) == broken(f'together brings "r1", "r3"; {seats}', name='"d1" to "e2"')
    full = told(group, replace(alone, full=True))[0]
    assert 'together[1] brings "r1", who has no place in a full car' in full


def test_groups_over_two_pins_and_two_cars() -> None:
    group = replace(BASE, together=(("r1", "r3"),))
    first, second = told(group, PinnedTrip("d1", "e2", ("r1",)), PinnedTrip("d2", "e2", ("r3",)))
    assert first.endswith('together[0] brings "r3", who is pinned to the car of "d2"')
    assert second.startswith('pinned[1]: "d2" to "e2"')
    first, second = told(group, PinnedTrip("d1", "e2", ("r1",)), PinnedTrip("r3", "e2"))
    assert first.endswith('together[0] brings "r3", who is pinned to drive')
    assert second.endswith('together[0] brings "r1", who is pinned to the car of "d1"')
    drivers = replace(BASE, together=(("d1", "r1"), ("r1", "d2")))
    assert told(drivers, PinnedTrip("d1", "e2"))[0].endswith(
        'together[1] brings "d2", who drives and does not ride'
    )
    kept_apart = replace(BASE, apart=(("r1", "r2"),))
    assert told(kept_apart) == broken('apart: r2: is in one car with "r1" in spite of apart[0]')


def test_capacity_over_all_pins() -> None:
    second = PinnedTrip("d2", "e1")
    text = "capacity: e1: people coming, with the pins before it: 5, capacity: 4, 1 too many"
    assert told(BASE, PIN, second) == broken(text, 1, '"d2" to "e1"')


def test_somebody_else_may_shorten_the_way() -> None:
    # Straight on it takes d1 200 minutes with r1; by r2's house, a few.
    roads = a_matrix(7, 100.0, _0_3=1.0, _3_2=1.0, _2_5=1.0, _5_2=1.0, _2_3=1.0, _3_0=1.0, _0_5=1.0, _5_0=1.0)
    winding, pin = replace(BASE, matrix=roads), PinnedTrip("d1", "e1", ("r1",))
    found = judge_pins(replace(winding, pinned=(pin,)))
    assert found.faults == () and found.trips == (a_trip("d1", "e1", "r2", "r1"),)
    assert "detour: d1: the detour" in told(winding, replace(pin, full=True))[0]
    assert told(replace(winding, apart=(("d1", "r2"),)), pin) != []
    # Nor does r2 help where a friend would have to come, for whom there is no seat.
    assert told(replace(winding, together=(("r2", "r3"),)), pin) != []


def test_a_search_beyond_its_budget_lets_the_pin_pass() -> None:
    # Twelve riders all over the place, and a detour too short for them by so little that no order shows it early.
    crowd = [
        a_rider(f"r{i}", lat=51.6 + i * 7 % 12 / 100, lon=-0.4 + i * 5 % 12 / 50, max_travel_minutes=600.0)
        for i in range(12)
    ]
    instance = an_instance(a_driver("d", seats=20, max_detour_minutes=80.0, max_travel_minutes=600.0), *crowd)
    pin = PinnedTrip("d", "e", tuple(rider.id for rider in crowd))
    found = judge_pins(replace(instance, pinned=(pin,), dwell_minutes=0.1))
    assert found == Verdict((), ())


@settings(deadline=None, max_examples=150)
@given(instances(events=1, drivers=2, riders=3))
def test_the_verdict_is_that_of_trying_everything(instance: Instance) -> None:
    found = judge_pins(instance)
    assert bool(found.faults) == (best_plan(instance).trips is None)
    assert found.faults or violations(instance, Plan(trips=found.trips)) == []


# The direct ways of d1 and d2 to e1 take longer than anybody drives, those by way of a rider do not.
LONG_WAY_ROUND = replace(BASE, matrix=a_matrix(7, _0_5=200.0, _1_5=200.0))


@pytest.mark.parametrize("pins", [("d1",), ("d1", "d2")])
def test_those_who_join_because_it_is_quicker_fit_into_the_event(pins: tuple[str, ...]) -> None:
    instance = replace(LONG_WAY_ROUND, pinned=tuple(PinnedTrip(driver, "e1") for driver in pins))
    found = judge_pins(instance)
    assert [trip.driver for trip in found.trips] == list(pins)
    assert violations(instance, Plan(trips=found.trips)) == []


@pytest.mark.parametrize("drivers", [("d1",), ("d1", "d2")])
def test_a_pin_that_needs_somebody_for_whom_the_event_has_no_place(drivers: tuple[str, ...]) -> None:
    instance = people(LONG_WAY_ROUND, e1={"capacity": len(drivers)})
    lines = told(instance, *(PinnedTrip(driver, "e1") for driver in drivers))
    assert len(lines) == len(drivers)
    for driver, line in zip(drivers, lines, strict=True):
        assert line.endswith(f"travel: {driver}: the drive on the way out is too long by 80.00 minutes")
