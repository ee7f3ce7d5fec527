"""Which cars come of a move, and where they stop."""

from itertools import permutations

import pytest

from carpool.errors import CarpoolError
from carpool.hands import Corner, Drive, Ride, Stay, Swap, TakeOut, moved
from carpool.hands.arrange import arranged
from carpool.instance import PickupPlace
from carpool.schedule import limit_excesses, schedule_of
from tests.carpool.build import a_driver, a_rider, a_trip, an_event, an_instance

TWO_EVENTS = (an_event("e"), an_event("f", lat=51.62))
PEOPLE = (
    a_driver("d"), a_driver("c", lat=51.80), a_driver("idle"), a_rider("r"), a_rider("s", lat=51.72), a_rider("t"),
)  # fmt: skip
CORNER = Corner(an_instance(*PEOPLE, events=TWO_EVENTS), (a_trip("d", "e", "r", "s"), a_trip("c", "f", "t")))


def cars(corner: Corner, *args: object) -> dict[str, tuple[str, set[str]]]:
    return {trip.driver: (trip.event, set(trip.riders)) for trip in moved(corner, *args)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (Ride("r", "c"), {"d": ("e", {"s"}), "c": ("f", {"t", "r"})}),
        (Swap("d", "c"), {"c": ("e", {"r", "s"}), "d": ("f", {"t"})}),
        (Drive("d", "f"), {"d": ("f", {"r", "s"}), "c": ("f", {"t"})}),
        (Drive("idle", "f"), {"d": ("e", {"r", "s"}), "c": ("f", {"t"}), "idle": ("f", set())}),
        (TakeOut("s"), {"d": ("e", {"r"}), "c": ("f", {"t"})}),
        (TakeOut("d"), {"c": ("f", {"t"})}),
        (Stay("d"), {"d": ("e", {"r", "s"}), "c": ("f", {"t"})}),
    ],
)
def test_a_move_changes_the_cars_that_it_names(
    move: object, expected: dict[str, tuple[str, set[str]]]
) -> None:
    assert cars(CORNER, move) == expected


def test_swapped_drivers_drive_to_each_other_s_event() -> None:
    found = cars(CORNER, Swap("d", "c"))
    assert {driver: event for driver, (event, _) in found.items()} == {"d": "f", "c": "e"}


def test_somebody_left_over_gets_a_place() -> None:
    corner = Corner(CORNER.instance, (a_trip("d", "e", "s"),))
    assert cars(corner, Ride("r", "d")) == {"d": ("e", {"s", "r"})}


@pytest.mark.parametrize(
    "move",
    [
        Ride("r", "d"), Ride("c", "d"), Ride("r", "idle"), Ride("r", "t"), Swap("d", "d"), Swap("d", "idle"),
        Drive("d", "e"), Drive("r", "f"), TakeOut("idle"), Stay("idle"), Stay("r"),
    ],
)  # fmt: skip
def test_what_cannot_be_moved_is_said(move: object) -> None:
    with pytest.raises(CarpoolError):
        cars(CORNER, move)


def test_a_new_rider_is_fetched_where_it_costs_least() -> None:
    far = PickupPlace("far", 52.2, -1.0, walk_minutes=1)
    near = PickupPlace("near", 51.69, -0.29, walk_minutes=4)
    instance = an_instance(a_driver(), a_rider("r"), a_rider("s", lat=51.9, lon=0.3, places=(far, near)))
    trip = arranged(instance, "d", "e", [("r", None)], ["s"])
    assert trip.stops[-1].rider == "s" and trip.stops[-1].place == "near", "nearest the event, so last"
    forced = arranged(instance, "d", "e", [("r", None)], ["s"], forced=True)
    assert {stop.place for stop in forced.stops} == {None}, "a pin with force stops at everybody's own place"


def test_the_order_stays_unless_it_breaks_a_limit() -> None:
    riders = [a_rider("a", lat=51.74), a_rider("b", lat=51.68), a_rider("c", lat=51.64)]
    odd = [("c", None), ("a", None), ("b", None)]
    patient = an_instance(a_driver(max_detour_minutes=500, max_travel_minutes=500), *riders)
    assert arranged(patient, "d", "e", odd).riders == ("c", "a", "b")
    hasty = an_instance(a_driver(max_detour_minutes=33), *riders)
    trip = arranged(hasty, "d", "e", odd)
    best = min(schedule_of(hasty, a_trip("d", "e", *order)).drive_minutes for order in permutations("abc"))
    assert not limit_excesses(schedule_of(hasty, trip))
    assert schedule_of(hasty, trip).drive_minutes == pytest.approx(best)


def test_a_car_of_many_is_filled_without_trying_every_order() -> None:
    riders = [a_rider(f"r{n}", lat=51.62 + n / 100) for n in range(9)]
    instance = an_instance(a_driver(seats=9, lat=51.8, max_detour_minutes=1), *riders)
    trip = arranged(instance, "d", "e", [], [rider.id for rider in riders])
    assert trip.riders == tuple(f"r{n}" for n in reversed(range(9)))
