"""An instance built in Python is checked like one that was read, and knows where everything is."""

from datetime import datetime

import pytest

from carpool.errors import InvalidInstance
from carpool.instance import CanDrive, Instance, PickupPlace
from tests.carpool.build import a_driver, a_matrix, a_rider, an_event, an_instance, at

STATION = PickupPlace("station", 51.71, -0.31, walk_minutes=8)


@pytest.mark.parametrize(
    ("person", "line"),
    [
        (a_driver(seats=-1), "drivers[0].seats: -1: expected a number of at least 0 and at most 1e6"),
        (a_driver(max_detour_minutes=float("nan")), "drivers[0].max_detour_minutes: NaN: expected a number of at least 0"),
        (a_driver(lat=float("inf")), "drivers[0].lat: Infinity: expected 49 to 61.5 degrees"),
        (a_driver(ready_at=datetime(2029, 5, 3, 9)), 'drivers[0].ready_at: "2029-05-03T09:00:00": expected a time with'),  # noqa: DTZ001
        (a_rider(events=()), "riders[0].events: an empty list: expected null for any event"),
        (a_rider(can_drive=CanDrive(seats=-1)), "riders[0].can_drive.seats: -1: expected a number"),
        (a_rider(island="wight"), 'riders[0].island: "wight": expected null or an island'),
    ],
)  # fmt: skip
def test_it_refuses_what_cannot_be(person: object, line: str) -> None:
    with pytest.raises(InvalidInstance) as refused:
        an_instance(person)  # type: ignore[arg-type]  # a driver or a rider
    assert str(refused.value).startswith(line)


def test_an_event_without_an_offset_is_told_once() -> None:
    with pytest.raises(InvalidInstance) as refused:
        an_instance(events=(an_event(starts_at=datetime(2029, 5, 3, 9)),))  # noqa: DTZ001  # That is the fault.
    assert [fault.path for fault in refused.value.faults] == ["events[0].starts_at"]
    assert refused.value.field == "events[0].starts_at"


def instance() -> Instance:
    riders = (
        a_rider("r1", places=(STATION,)),
        a_rider("r2", can_drive=CanDrive(seats=1, home_by=at("20:00")), party=2),
    )
    return an_instance(a_driver("d"), *riders, matrix=a_matrix(5), apart=(("d", "r1"), ("r1", "r2")))


def test_places_are_numbered_as_in_a_matrix() -> None:
    found = instance()
    assert found.index == {"d": 0, "r1": 1, "r2": 2}
    assert found.event_index == {"e": 3}
    assert found.place_index == {("r1", None): 1, ("r2", None): 2, ("r1", "station"): 4}
    assert [place.lat for place in found.places] == [51.75, 51.70, 51.70, 51.60, 51.71]


def test_who_may_drive() -> None:
    found = instance()
    assert list(found.driver_by_id) == ["d", "r2"] and found.riders[0].as_driver() is None
    driver = found.driver_by_id["r2"]
    assert (driver.seats, driver.party, driver.home_by, driver.max_detour_minutes) == (
        1,
        2,
        at("20:00"),
        20.0,
    )


def test_groups_by_person() -> None:
    found = instance()
    assert found.apart_groups == {"d": (0,), "r1": (0, 1), "r2": (1,)} and found.together_groups == {}
