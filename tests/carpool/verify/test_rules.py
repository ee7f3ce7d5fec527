"""Each rule of a trip by itself: the best trip of one car for two riders, with every leg 10 minutes and every stop 2."""

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from carpool.certificate import Certificate
from carpool.instance import Driver, Instance, PickupPlace, PinnedTrip, PublishedTrip
from carpool.verify import verify
from tests.carpool.build import a_driver, a_matrix, a_rider, an_event, an_instance, at

# A volunteer is worth 1 at the event, and a hundred minutes: so much are trips with nobody, one rider and both worth.
ALONE, ONE, BOTH = 1 - 0.10, 2 - 0.22, 3 - 0.34
DRIVER = a_driver(seats=2, max_detour_minutes=60.0)
WOMAN, WITH_WOMEN = {"traits": ("woman",)}, {"traits": ("woman",), "company": ("woman",)}
CHILD = {"needs": ("child_seat",)}
STATION = {"places": (PickupPlace("station", 51.6, -0.2, walk_minutes=5.0),), "home_pickup": False}


def car(**changes: Any) -> Driver:
    return replace(DRIVER, **changes)


def crowd(
    driver: Driver = DRIVER,
    first: dict[str, Any] | None = None,
    both: dict[str, Any] | None = None,
    **changes: Any,
) -> Instance:
    """The two riders with changes to the `first` or to `both`. Places are d, r1, r2, e, then other places."""
    one, two = a_rider("r1", **((both or {}) | (first or {}))), a_rider("r2", **(both or {}))
    usual: dict[str, Any] = {
        "matrix": a_matrix(4 + len(one.places) + len(two.places)),
        "minutes_per_volunteer": 100.0,
    }
    return an_instance(driver, one, two, **(usual | changes))


def riders(**changes: Any) -> Instance:
    """The two riders, both with these changes."""
    return crowd(both=changes)


CASES = {
    "nothing forbids anything": (crowd(), BOTH),
    "seats": (crowd(car(seats=1)), ONE),
    "people of a party": (crowd(first={"party": 2}), 3 - 0.22),
    "a full event": (crowd(events=(an_event(capacity=2),)), ONE),
    "the rider's events": (crowd(first={"events": ("e2",)}, events=(an_event(), an_event("e2")), matrix=a_matrix(5)), ONE),
    "the driver's events": (crowd(car(events=("e2",)), events=(an_event(), an_event("e2")), matrix=a_matrix(5)), 0.0),
    "needs": (riders(**CHILD), ALONE),
    "needs of one": (crowd(car(offers={"child_seat": 1}), both=CHILD), ONE),
    "needs of both": (crowd(car(offers={"child_seat": 2}), both=CHILD), BOTH),
    "company of a rider": (crowd(first=WITH_WOMEN), ONE),
    "company of a rider among riders": (crowd(car(**WOMAN), first=WITH_WOMEN), ONE),
    "company that is there": (crowd(car(**WOMAN), first=WITH_WOMEN, both=WOMAN), BOTH),
    "company of the driver": (crowd(car(**WITH_WOMEN), first=WOMAN), ONE),
    "riders apart": (crowd(apart=(("r1", "r2"),)), ONE),
    "a rider and the driver apart": (crowd(apart=(("r1", "d"),)), ONE),
    "together": (crowd(together=(("r1", "r2"),)), BOTH),
    "together with too few seats": (crowd(car(seats=1), together=(("r1", "r2"),)), ALONE),
    "together with the driver": (crowd(first=CHILD, together=(("r1", "d"),)), 0.0),
    "together across groups": (crowd(first=CHILD, together=(("r1", "r2"), ("r2", "d"))), 0.0),
    "a detour just short enough": (crowd(car(max_detour_minutes=23.9991)), BOTH),
    "a detour too long": (crowd(car(max_detour_minutes=23.9989)), ONE),
    "a drive too long": (crowd(car(max_travel_minutes=33.0)), ONE),
    "a ride just short enough": (riders(max_travel_minutes=21.9991), BOTH),
    "a ride too long": (riders(max_travel_minutes=21.9989), ONE),
    "only the way home too long": (
        crowd(both={"max_travel_minutes": 21.0}, matrix=a_matrix(4, _1_2=5.0, _2_1=5.0, _3_1=30.0, _3_2=30.0)), ALONE
    ),
    "ready just in time": (riders(ready_at=at("09:26")), BOTH),
    "ready too late for the first stop": (riders(ready_at=at("09:27")), ONE),
    "the walk before the stop": (riders(ready_at=at("09:36"), **STATION), ALONE),
    "the driver ready just in time": (crowd(car(ready_at=at("09:16"))), BOTH),
    "the driver ready too late": (crowd(car(ready_at=at("09:17"))), ONE),
    "home just in time": (riders(home_by=at("13:22")), BOTH),
    "home too late from the last drop": (riders(home_by=at("13:21")), ONE),
    "the walk after the drop": (riders(home_by=at("13:14"), **STATION), ALONE),
    "home by when it does not matter": (crowd(first={"home_by": at("13:00"), "way_back": False}), BOTH),
    "the driver home just in time": (crowd(car(home_by=at("13:34"))), BOTH),
    "the driver home too late": (crowd(car(home_by=at("13:33"))), ONE),
    "no detour back for who stays": (
        crowd(car(home_by=at("13:22")), first={"way_back": False}), BOTH
    ),
    "no way back": (crowd(car(way_back=False)), ALONE),
    "no way back for who wants none": (crowd(car(way_back=False), first={"way_back": False}), ONE),
    "no way home for who stays": (crowd(first={"way_back": False}, matrix=a_matrix(4, _3_1=None, _2_1=None)), BOTH),
    "walks cost": (riders(**STATION), BOTH - 0.1),
    "a long stop": (crowd(first={"dwell_minutes": 9.0}), BOTH - 0.07),
    "a promise kept to a rider": (crowd(published=(PublishedTrip("d", "e", ("r1",)),)), BOTH + 6),
    "a promise of another event": (crowd(published=(PublishedTrip("d", "gone", ("r1",)),)), BOTH),
    "no direct way there": (crowd(matrix=a_matrix(4, _0_3=None)), 0.0),
    "no direct way back": (crowd(matrix=a_matrix(4, _3_0=None)), 0.0),
    "no direct way back needed": (crowd(car(way_back=False), matrix=a_matrix(4, _3_0=None)), ALONE),
    "no way from the riders": (crowd(matrix=a_matrix(4, _1_3=None, _2_3=None)), ALONE),
    "a way from the riders in one order": (crowd(matrix=a_matrix(4, _1_3=None)), BOTH),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_best_trip_by_each_rule(name: str) -> None:
    instance, worth = CASES[name]
    claimed = Certificate(bound=99.0, events={"e": 1.0}, drivers={"d": worth})
    assert verify(instance, claimed).holds
    (low,) = verify(instance, replace(claimed, drivers={"d": worth - 0.01})).low
    assert low.found == pytest.approx(worth, abs=1e-9)


def test_without_the_triangle_inequality_somebody_who_brings_nothing_may_be_fetched_for_the_short_cut() -> (
    None
):
    short = crowd(matrix=a_matrix(4, _0_1=1.0, _1_3=1.0, _3_1=1.0, _1_0=1.0))
    claimed = Certificate(
        bound=9.0, people={"r1": 1.05, "r2": 9.0}, events={"e": 1.0}, drivers={"d": 2 - 1.05 - 0.04}
    )
    assert verify(short, claimed).low == ()
    (low,) = verify(short, replace(claimed, drivers={"d": ALONE})).low
    assert low.trip is not None and low.trip.stops == (("r1", None),)


def test_times_in_other_offsets_are_the_same_times() -> None:
    event = an_event(starts_at=at("10:00").astimezone(UTC), ends_at=at("13:00"))
    claimed = Certificate(bound=9.0, events={"e": 1.0}, drivers={"d": BOTH})
    assert verify(crowd(events=(event,), both={"ready_at": at("09:26")}), claimed).low == ()


def test_the_stops_found_are_in_the_order_of_the_way_out() -> None:
    # From r1 there is no way to the event, but by way of r2.
    one_way = crowd(matrix=a_matrix(4, _1_3=None))
    (low,) = verify(one_way, Certificate(bound=9.0, events={"e": 1.0})).low
    assert low.trip is not None and low.trip.stops == (("r1", None), ("r2", None))


def test_places_that_pins_of_others_take_are_taken() -> None:
    other, event = a_driver("other", max_detour_minutes=60.0), an_event(capacity=3)
    instance = an_instance(
        DRIVER, other, a_rider("r1"), events=(event,), matrix=a_matrix(4), minutes_per_volunteer=100.0
    )
    claimed = Certificate(bound=99.0, events={"e": 1.0}, drivers={"d": ONE, "other": ONE})
    pinned = replace(instance, pinned=(PinnedTrip("other", "e", ()),))
    assert verify(pinned, claimed).low == ()
    assert [low.driver for low in verify(pinned, replace(claimed, drivers={"other": ONE})).low] == ["d"]
    full = replace(pinned, events=(an_event(capacity=2),))
    assert verify(full, replace(claimed, drivers={"d": ALONE, "other": ONE})).low == ()
