"""Times of a trip, worked out by hand on small matrices: dwells, walks, way back, excesses, written form."""

import math
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from carpool.instance import CanDrive, Instance, PickupPlace
from carpool.schedule import Excess, Limit, Schedule, limit_excesses, make_schedule, trip_from_schedule
from tests.carpool.build import a_driver, a_matrix, a_rider, an_event, an_instance, at

# Places of `two_riders`: 0 the driver, 1 rider a, 2 rider b, 3 the event, 4 the station of a.
OUT = {"_0_1": 5.0, "_1_2": 7.0, "_2_3": 11.0, "_0_3": 13.0, "_1_3": 17.0, "_0_4": 3.0, "_4_3": 19.0}
BACK = {"_3_2": 6.0, "_2_1": 8.0, "_1_0": 4.0, "_3_0": 12.0, "_2_0": 9.0, "_3_4": 21.0, "_4_0": 2.0}


def two_riders(driver: dict[str, Any] | None = None, **rider_a: Any) -> Instance:
    station = PickupPlace("station", 51.7, -0.3, walk_minutes=8)
    first = a_rider("a", places=(station,), **rider_a)
    return an_instance(
        a_driver("d", **(driver or {})),
        first,
        a_rider("b", dwell_minutes=3.5),
        matrix=a_matrix(5, **OUT, **BACK),
    )


def schedule(instance: Instance, *stops: tuple[str, str | None]) -> Schedule:
    driver = next(iter(instance.driver_by_id.values()))
    return make_schedule(instance, driver, instance.events[0], stops)


def test_two_stops_out_and_back() -> None:
    found = schedule(two_riders(), ("a", None), ("b", None))
    assert found.drive_minutes == 5 + 2 + 7 + 3.5 + 11
    assert found.detour_minutes == 28.5 - 13
    assert [p.minutes for p in found.pickups] == [-23.5, -14.5]
    assert [p.ride_minutes for p in found.pickups] == [21.5, 11]
    assert found.walk_minutes == 0
    assert found.back is not None
    assert [(p.rider.id, minutes) for p, minutes in found.back.drops] == [("b", 6), ("a", 6 + 3.5 + 8)]
    assert found.back.drive_minutes == 6 + 3.5 + 8 + 2 + 4
    assert found.back.detour_minutes == 23.5 - 12
    assert found.people == 3


def test_a_place_is_walked_to_and_used_on_the_way_back() -> None:
    found = schedule(two_riders(), ("a", "station"))
    assert (found.drive_minutes, found.walk_minutes) == (3 + 2 + 19, 8)
    assert found.back is not None and found.back.drive_minutes == 21 + 2 + 2


def test_without_riders_both_ways_are_direct() -> None:
    found = schedule(two_riders())
    assert (found.drive_minutes, found.detour_minutes, found.pickups) == (13, 0, ())
    assert found.back is not None
    assert (found.back.drops, found.back.drive_minutes, found.back.detour_minutes) == ((), 12, 0)


def test_who_stays_is_not_dropped() -> None:
    found = schedule(two_riders(way_back=False), ("a", None), ("b", None))
    assert found.back is not None
    assert [p.rider.id for p, _ in found.back.drops] == ["b"]
    assert found.back.drive_minutes == 6 + 3.5 + 9
    assert schedule(two_riders(driver={"way_back": False}), ("b", None)).back is None


def test_a_rider_who_can_drive_starts_from_the_riders_place() -> None:
    instance = two_riders(can_drive=CanDrive(seats=2), max_travel_minutes=1.0, needs=("child_seat",))
    found = make_schedule(instance, instance.driver_by_id["a"], instance.events[0], [("b", None)])
    assert found.drive_minutes == 7 + 3.5 + 11
    assert limit_excesses(found) == ()


@pytest.mark.parametrize(
    ("driver", "rider", "expected"),
    [
        ({"max_detour_minutes": 15.0}, {}, [("detour", "d", False, 0.5)]),
        ({"max_detour_minutes": 11.5}, {}, [("detour", "d", False, 4.0)]),
        ({"max_detour_minutes": 11.0}, {}, [("detour", "d", False, 4.5), ("detour", "d", True, 0.5)]),
        ({"max_travel_minutes": 28.0}, {}, [("travel", "d", False, 0.5)]),
        ({"max_travel_minutes": 23.0}, {}, [("travel", "d", False, 5.5), ("travel", "d", True, 0.5)]),
        ({"ready_at": at("09:22:00")}, {}, [("ready", "d", False, 0.5)]),
        ({"home_by": at("13:23:00")}, {}, [("home", "d", True, 0.5)]),
        ({}, {"max_travel_minutes": 21.0}, [("travel", "a", False, 0.5)]),
        ({}, {"max_travel_minutes": 17.0}, [("travel", "a", False, 4.5), ("travel", "a", True, 0.5)]),
        ({}, {"ready_at": at("09:27:00")}, [("ready", "a", False, 0.5)]),
        ({}, {"home_by": at("13:17:00")}, [("home", "a", True, 0.5)]),
        ({}, {"home_by": at("08:00:00"), "way_back": False}, []),
        ({"home_by": at("08:00:00"), "way_back": False}, {}, []),
        ({"max_detour_minutes": 15.5 - 0.0009}, {}, []),
        ({"ready_at": at("09:21:30")}, {"ready_at": at("09:26:30"), "home_by": at("13:17:30")}, []),
    ],
)
def test_each_limit_says_by_how_much(
    driver: dict[str, Any], rider: dict[str, Any], expected: list[tuple[str, str, bool, float]]
) -> None:
    generous = {"max_detour_minutes": 60.0, **driver}
    found = limit_excesses(schedule(two_riders(generous, **rider), ("a", None), ("b", None)))
    assert [(e.limit.value, e.who, e.back, round(e.minutes, 9)) for e in found] == expected


def test_a_walk_counts_before_the_stop_and_after_the_drop() -> None:
    # The car is at the station at 09:29 and back there at 13:21.
    times: dict[str, Any] = {"ready_at": at("09:21:30"), "home_by": at("13:28:30")}
    found = limit_excesses(schedule(two_riders(**times), ("a", "station")))
    assert found == (Excess(Limit.READY, "a", False, 0.5), Excess(Limit.HOME, "a", True, 0.5))


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        ({"_0_3": None}, [False]),
        ({"_3_0": None}, [True]),
        ({"_1_3": None}, [False]),
        ({"_1_0": None}, [True]),
        ({"_0_3": None, "_1_3": None, "_3_1": None}, [False, True]),
    ],
)
def test_no_way_is_never_driven(legs: dict[str, float | None], expected: list[bool]) -> None:
    instance = an_instance(a_driver(), a_rider(), matrix=a_matrix(3, **_renamed(legs)))
    found = limit_excesses(make_schedule(instance, instance.drivers[0], instance.events[0], [("r", None)]))
    assert [(e.limit, e.back, e.minutes) for e in found] == [(Limit.NO_WAY, b, math.inf) for b in expected]


def _renamed(legs: dict[str, float | None]) -> dict[str, float | None]:
    """Legs of the four places above as those of a driver, a rider and the event."""
    return {name.replace("3", "2"): minutes for name, minutes in legs.items()}


def test_written_times_keep_the_offset_of_their_end() -> None:
    event = an_event(starts_at=at("10:00"), ends_at=at("13:00").astimezone(ZoneInfo("UTC")))
    instance = an_instance(a_driver(), a_rider(), events=(event,), matrix=a_matrix(3, 10.004))
    trip = trip_from_schedule(make_schedule(instance, instance.drivers[0], event, [("r", None)]))
    assert trip.departs_at == at("09:28") and trip.arrives_at == at("09:50")
    assert trip.departs_at.utcoffset() == timedelta(hours=1)
    assert trip.home_at == at("13:22") and trip.home_at.utcoffset() == timedelta()
    assert (trip.drive_minutes, trip.detour_minutes, trip.stops[0].ride_minutes) == (22.01, 12.0, 10.0)
    assert trip.back is not None and trip.back[0].at == at("13:10")
    assert (
        str(trip_from_schedule(make_schedule(instance, instance.drivers[0], event, ())).detour_minutes)
        == "0.0"
    )


def test_a_clock_change_during_the_drive_is_no_hour_of_driving() -> None:
    london = ZoneInfo("Europe/London")
    starts = at("10:00").replace(month=3, day=25, hour=2, minute=10, tzinfo=london)  # 01:00 became 02:00
    event = an_event(starts_at=starts, ends_at=starts + timedelta(hours=3))
    driver = a_driver(ready_at=starts.replace(hour=0, minute=51))
    instance = an_instance(driver, events=(event,), matrix=a_matrix(2, 9.5))
    assert limit_excesses(make_schedule(instance, driver, event, ())) == (
        Excess(Limit.READY, "d", False, 0.5),
    )
