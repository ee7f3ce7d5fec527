"""The judge catches each rule of a feasible plan: a plan that keeps them all, and then one thing made wrong at a time."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from carpool.check import Rule, violations
from carpool.instance import CanDrive, Driver, Instance, PickupPlace, PinnedTrip, Rider
from carpool.plan import Trip
from tests.carpool.build import (
    a_driver,
    a_matrix,
    a_plan,
    a_rider,
    a_trip,
    a_written_plan,
    an_event,
    an_instance,
    at,
)

STATION = PickupPlace("station", 51.7, -0.3, walk_minutes=8)
EVERYWHERE = a_matrix(8)
OFFERS = {"child_seat": 1, "wheelchair": 0}


def instance(**changes: Any) -> Instance:
    """Two drivers, three riders and two events, 10 minutes from anywhere to anywhere; `changes` by whom they change."""
    people: list[Driver | Rider] = [
        a_driver("d1", seats=3, offers=OFFERS, traits=("woman",), max_detour_minutes=60.0),
        a_driver("d2", seats=2, max_detour_minutes=60.0),
        a_rider("r1", traits=("woman",), needs=("child_seat",)),
        a_rider("r2", party=2, traits=("woman",)),
        a_rider("r3", places=(STATION,), can_drive=CanDrive(seats=1, max_detour_minutes=60.0)),
    ]
    events = (an_event("e1", capacity=4), an_event("e2", starts_at=at("15:00"), ends_at=at("17:00")))
    return an_instance(
        *(replace(person, **changes.get(person.id, {})) for person in people),
        events=tuple(replace(event, **changes.get(event.id, {})) for event in events),
        matrix=changes.get("matrix", EVERYWHERE),
        **changes.get("instance", {}),
    )


TRIPS = (a_trip("d1", "e1", "r1", "r2"), a_trip("d2", "e2", ("r3", "station")))


def broken(judged: Instance, *trips: Trip) -> list[str]:
    return [str(violation) for violation in violations(judged, a_plan(*(trips or TRIPS)))]


def test_a_plan_that_keeps_every_rule() -> None:
    assert broken(instance()) == []
    assert violations(instance(), a_written_plan(instance(), *TRIPS)) == []
    assert violations(instance(), a_plan()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"d1": {"seats": 2}}, "seats: d1: people riding: 3, seats: 2, 1 too many"),
        ({"r2": {"party": 3}}, "seats: d1: people riding: 4, seats: 3, 1 too many"),
        ({"d1": {"offers": {}}}, 'needs: d1: riders who need "child_seat": 1, the car can take: 0'),
        ({"r1": {"needs": ("wheelchair",)}}, 'needs: d1: riders who need "wheelchair": 1, the car can take: 0'),
        ({"r2": {"needs": ("child_seat",)}}, 'needs: d1: riders who need "child_seat": 2, the car can take: 1'),
        ({"r1": {"at": "e1"}}, 'at: r1: is at "e1" already, and this car is not'),
        ({"d1": {"events": ("e2",)}}, 'events: d1: does not want to go to "e1"'),
        ({"r1": {"events": ("e2",)}}, 'events: r1: does not want to go to "e1"'),
        ({"e1": {"capacity": 3}}, "capacity: e1: people coming: 4, capacity: 3, 1 too many"),
        ({"r1": {"home_pickup": False, "places": (STATION,)}, "matrix": a_matrix(9)},
         "place: r1: is not to be picked up at the own place"),
        ({"d2": {"way_back": False}}, 'way_back: r3: wants a way back, and "d2" drives out only'),
        ({"d1": {"max_detour_minutes": 23.9}}, "detour: d1: the detour on the way out is too long by 0.10 minutes"),
        ({"d1": {"max_travel_minutes": 33.5}}, "travel: d1: the drive on the way out is too long by 0.50 minutes"),
        ({"r1": {"max_travel_minutes": 21.998}}, "travel: r1: the ride on the way out is too long by 0.0020 minutes"),
        ({"d1": {"ready_at": at("09:17")}}, "ready: d1: starts before being ready by 1.00 minutes"),
        ({"r3": {"ready_at": at("14:31")}}, "ready: r3: starts before being ready by 1.00 minutes"),
        ({"r3": {"home_by": at("17:17")}}, "home: r3: is home too late by 1.00 minutes"),
        ({"d2": {"home_by": at("17:21")}}, "home: d2: is home too late by 1.00 minutes"),
        ({"matrix": a_matrix(8, _5_3=None)}, "no_way: d1: there is no way for the car on the way back"),
        ({"r1": {"company": ("student",)}}, 'company: r1: rides only with "student", which "d1" does not say'),
        ({"d1": {"company": ("woman",)}, "r2": {"traits": ()}},
         'company: d1: rides only with "woman", which "r2" does not say'),
        ({"instance": {"apart": (("r2", "d2", "r1"),)}}, 'apart: r2: is in one car with "r1" in spite of apart[0]'),
        ({"instance": {"apart": (("r2", "d1"),)}}, 'apart: r2: is in one car with "d1" in spite of apart[0]'),
        ({"instance": {"together": (("r1", "r3"),)}},
         "together: together[0]: all belong in one car, but they are in several"),
        ({"instance": {"pinned": (PinnedTrip("d1", "e2"),)}}, 'pinned: d1: does not drive to "e2", as pinned'),
        ({"instance": {"pinned": (PinnedTrip("d2", "e2", ("r1",)),)}}, 'pinned: r1: is not in the car of "d2", as pinned'),
        ({"instance": {"pinned": (PinnedTrip("d1", "e1", ("r1",), full=True),)}},
         'pinned: r2: joins "d1", whose pinned trip is full'),
        ({"instance": {"pinned": (PinnedTrip("d1", "e1", ("r2", "r1"), force=True),)}},
         'pinned: d1: does not stop for "r2", "r1" in this order at their first places, as pinned with force'),
        ({"instance": {"pinned": (PinnedTrip("d2", "e2", ("r3",), force=True),)}},
         'pinned: d2: does not stop for "r3" in this order at their first places, as pinned with force'),
    ],
)  # fmt: skip
def test_one_broken_rule(changes: dict[str, Any], expected: str) -> None:
    assert expected in broken(instance(**changes))


def test_only_that_rule_is_broken() -> None:
    assert broken(instance(d1={"seats": 2})) == ["seats: d1: people riding: 3, seats: 2, 1 too many"]
    assert broken(instance(instance={"pinned": (PinnedTrip("d1", "e1", ("r2",)),)})) == []
    assert broken(instance(instance={"together": (("d1", "r2"),), "apart": (("r1", "r3"),)})) == []


def test_a_group_left_behind_in_part() -> None:
    judged = instance(instance={"together": (("d2", "r3", "r1"),)})
    expected = 'together: together[0]: all belong in one car, but "r1" is in none'
    assert broken(judged, a_trip("d2", "e2", "r3")) == [expected]
    assert broken(judged, a_trip("d1", "e1")) == []


@pytest.mark.parametrize(
    ("trips", "expected"),
    [
        ([*TRIPS, a_trip("d1", "e2")], "one_trip: d1: is in 2 trips"),
        ([a_trip("d1", "e1", "r1"), a_trip("d2", "e2", "r1")], "one_trip: r1: is in 2 trips"),
        ([a_trip("d1", "e1", "r3"), a_trip("r3", "e2")], "one_trip: r3: is in 2 trips"),
        ([a_trip("d1", "e1", "r1", "r1")], "one_trip: r1: stands 2 times in one car"),
        ([a_trip("r3", "e1", "r3")], "one_trip: r3: stands 2 times in one car"),
        ([a_trip("r1", "e1")], 'unknown: trips[0].driver: "r1" is nobody who can drive'),
        ([a_trip("d1", "e9")], 'unknown: trips[0].event: "e9" is no event'),
        ([a_trip("d1", "e1", "d2")], 'unknown: trips[0].stops[0].rider: "d2" is no rider'),
        ([a_trip("d1", "e1", ("r3", "x\x1b"))], 'unknown: trips[0].stops[0].place: "x\\u001b" is no place of "r3"'),
    ],
)  # fmt: skip
def test_who_is_where(trips: list[Trip], expected: str) -> None:
    assert expected in broken(instance(), *trips)


def test_who_can_drive_may_drive_and_the_riders_limits_do_not_apply() -> None:
    judged = instance(r3={"max_travel_minutes": 1.0, "needs": ("wheelchair",), "events": ("e1",)})
    assert broken(judged, a_trip("r3", "e2", "r1"))[0].startswith("needs: r3")
    assert broken(instance(r1={"needs": ()}), a_trip("r3", "e2", "r1")) == []


def test_force_lifts_minutes_and_hours_and_nothing_else() -> None:
    hurried: dict[str, dict[str, Any]] = {
        "d1": {
            "max_detour_minutes": 0.0,
            "max_travel_minutes": 1.0,
            "ready_at": at("09:59"),
            "home_by": at("13:01"),
        },
        "r1": {"max_travel_minutes": 1.0, "ready_at": at("09:59"), "home_by": at("13:01")},
    }
    forced = {"pinned": (PinnedTrip("d1", "e1", ("r1", "r2"), force=True),)}
    assert len(broken(instance(**hurried))) == 10
    assert broken(instance(**hurried, instance=forced)) == []
    without_force = {"pinned": (PinnedTrip("d1", "e1", ("r1", "r2"), full=True),)}
    assert len(broken(instance(**hurried, instance=without_force))) == 10
    assert len(broken(instance(d1={"seats": 2}, instance=forced))) == 1
    assert len(broken(instance(e1={"capacity": 3}, instance=forced))) == 1
    assert len(broken(instance(d1={"offers": {}}, instance=forced))) == 1
    assert len(broken(instance(r1={"events": ("e2",)}, instance=forced))) == 1
    assert broken(instance(instance=forced, matrix=a_matrix(8, _0_2=None)))[0].startswith("no_way: d1")


def test_nobody_joins_a_forced_trip() -> None:
    forced = {"pinned": (PinnedTrip("d1", "e1", ("r1",), force=True),)}
    assert broken(instance(instance=forced)) == ['pinned: r2: joins "d1", whose pinned trip is full']


def test_force_without_a_pick_up_at_home_means_the_first_place() -> None:
    pin = {"pinned": (PinnedTrip("d2", "e2", ("r3",), force=True),)}
    assert broken(instance(instance=pin, r3={"home_pickup": False})) == []
    assert broken(instance(instance=pin), TRIPS[0], a_trip("d2", "e2", "r3")) == []


def test_every_rule_of_a_feasible_plan_has_a_case_above() -> None:
    source = Path(__file__).read_text()
    feasibility = list(Rule)[: list(Rule).index(Rule.MEMBERS)]
    assert [rule for rule in feasibility if f"{rule}: " not in source] == []
