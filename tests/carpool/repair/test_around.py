"""The part of a day that a repair looks at: who is in it, and that its plan and what is left alone are one plan."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from carpool.check import violations
from carpool.generate import generate
from carpool.instance import CanDrive, Driver, Instance, PinnedTrip, PublishedTrip, Rider
from carpool.minutes_among import minutes_among
from carpool.plan import Plan
from carpool.repair import with_less_room
from carpool.repair.around import around
from carpool.score import score
from carpool.solver.result import in_order
from carpool.solver.solve import solve
from tests.carpool.build import a_driver, a_rider, an_event, an_instance
from tests.carpool.strategies import instances

NORTH = {"lat": 53.0, "lon": -1.5}
FAR = (a_driver("far", **NORTH), a_rider("far rider", **NORTH), an_event("there", lat=53.1, lon=-1.5))
NEAR, AWAY = PublishedTrip("d", "e", ("r",)), PublishedTrip("far", "there", ("far rider",))
EVENTS = (an_event(), FAR[2])


def the_day(*more: object, **changes: object) -> Instance:
    """A car with a rider in the south and one in the north, and `lost`, who lives in the south and has no car."""
    people = (a_driver(), a_rider(), FAR[0], FAR[1], a_rider("lost", lat=51.71), *more)
    return an_instance(*people, events=EVENTS, **{"published": (NEAR, AWAY)} | changes)  # type: ignore[arg-type]


def near(instance: Instance, *sought: str, most: int = 100) -> set[str]:
    return set(around(instance, [sought], most))


def test_the_car_on_the_way_is_in_it_with_its_people_and_the_one_far_away_is_not() -> None:
    assert near(the_day(), "lost") == {"d", "r", "lost"}


@pytest.mark.parametrize(
    ("rider", "driver"),
    [
        ({"needs": ("wheelchair",)}, {}),
        ({"company": ("woman",)}, {}),
        ({}, {"company": ("woman",)}),
        ({"events": ("there",)}, {}),
        ({"party": 4}, {}),
        ({}, {"way_back": False}),
        ({}, {"max_detour_minutes": 0.0, "lon": -1.0}),
    ],
)
def test_a_car_that_could_never_take_somebody_is_no_car_near(
    rider: dict[str, object], driver: dict[str, object]
) -> None:
    day = the_day()
    people = (*day.riders[:2], replace(day.riders[2], **rider))  # type: ignore[arg-type]
    cars = (replace(day.drivers[0], **driver), day.drivers[1])  # type: ignore[arg-type]
    assert "d" not in near(replace(day, riders=people, drivers=cars), "lost")


def test_who_has_no_trip_yet_may_fetch_somebody_and_so_may_a_rider_who_can_drive() -> None:
    free = a_rider("either", lat=51.73, can_drive=CanDrive(seats=2))
    day = the_day(a_driver("idle", lat=51.72), free, published=())
    assert near(day, "lost") == {"d", "idle", "either", "lost"}


def test_a_free_seat_comes_before_a_nearer_car_that_is_full_when_there_is_room_for_one() -> None:
    full = a_driver("full", seats=1, lat=51.711, lon=-0.301)
    told = (NEAR, AWAY, PublishedTrip("full", "e", ("inside",)))
    day = the_day(full, a_rider("inside"), published=told)
    assert near(day, "lost") == {"d", "r", "full", "inside", "lost"}
    assert near(day, "lost", most=4) == {"d", "r", "lost"}


def test_a_seat_that_is_free_looks_for_riders_without_one() -> None:
    assert near(the_day(), "d") == {"d", "r", "lost"}
    both = (NEAR, AWAY, PublishedTrip("b", "e", ("lost",)))
    assert near(the_day(a_driver("b"), published=both), "d") == {"d", "r"}


def test_who_rides_near_somebody_is_a_way_to_a_further_car() -> None:
    """The only car that reaches `lost` is full; whoever sits in it has a car near that would never reach `lost`."""
    only = a_driver("only", seats=1, max_detour_minutes=30.0)
    other = a_driver("other", lat=51.5, lon=0.1, max_detour_minutes=15.0)
    inside = a_rider("inside", lat=51.52, lon=0.08)
    told = (PublishedTrip("only", "e", ("inside",)), PublishedTrip("other", "e"))
    lost = a_rider("lost", lat=51.78, lon=-0.36)
    day = an_instance(only, other, inside, lost, published=told)
    assert near(replace(day, riders=(lost,), published=told[1:]), "lost") == {"only", "lost"}
    assert near(day, "lost") == {"only", "inside", "other", "lost"}


@pytest.mark.parametrize(
    "changes",
    [
        {"together": (("r", "far rider"),)},
        {"pinned": (PinnedTrip("far", "there", ("far rider", "r")),)},
    ],
)
def test_nobody_is_parted_from_whom_they_belong_to(changes: dict[str, object]) -> None:
    day = the_day(**changes)
    assert near(day, "lost") == set(day.index)
    friends = around(the_day(), [["lost"]], 100, bound=[("far rider", "d")])
    assert friends == day.index.keys()


def test_who_comes_first_is_in_it_first_and_who_is_gone_never() -> None:
    crowd = [a_rider(f"r{number}", lat=51.7 + number / 1000) for number in range(30)]
    day = an_instance(*crowd, *(a_driver(f"d{number}", lat=51.71) for number in range(30)))
    part = around(day, [["gone", "r3", "r4"], [rider.id for rider in crowd]], 15)
    assert {"r3", "r4"} <= part
    assert len(part) == 15
    assert len([one for one in part if one.startswith("d")]) > 7


def part_of(instance: Instance, people: frozenset[str]) -> Instance:
    """The instance of these people alone, with less room at the events to which others were told to go."""
    everybody: list[Driver | Rider] = [*instance.drivers, *instance.riders]
    party = {person.id: person.party for person in everybody}
    coming = Counter[str]()
    for trip in instance.published:
        if trip.driver not in people:
            coming[trip.event] += sum(party[person] for person in (trip.driver, *trip.riders))
    groups = (
        tuple(tuple(g) for g in groups if people.issuperset(g))
        for groups in (instance.apart, instance.together)
    )
    apart, together = groups
    drivers = tuple(driver for driver in instance.drivers if driver.id in people)
    riders = tuple(rider for rider in instance.riders if rider.id in people)
    alone = replace(
        instance, **minutes_among(instance, drivers, riders), drivers=drivers, riders=riders,
        apart=apart, together=together,
        pinned=tuple(pin for pin in instance.pinned if pin.driver in people),
        published=tuple(trip for trip in instance.published if trip.driver in people),
    )  # fmt: skip
    return with_less_room(alone, coming)


@settings(max_examples=60, deadline=None)
@given(instances(drivers=4, riders=5, pinned=False), st.integers(0, 8), st.data())
def test_the_plan_of_a_part_and_what_is_left_alone_are_one_plan(
    instance: Instance, most: int, data: st.DataObject
) -> None:
    assume(not instance.at_events and len(instance.index) > 0)
    told = solve(replace(instance, published=()), seconds=None, rounds=5).trips
    day = replace(instance, published=tuple(PublishedTrip(t.driver, t.event, t.riders) for t in told))
    sought = data.draw(st.lists(st.sampled_from(list(day.index)), max_size=3, unique=True))
    people = around(day, [sought], most)
    for trip in told:
        assert people.isdisjoint((trip.driver, *trip.riders)) or people >= {trip.driver, *trip.riders}
    part = part_of(day, people)
    found = solve(part, seconds=None, rounds=5).trips
    rest = [trip for trip in told if trip.driver not in people]
    whole = Plan(trips=in_order(day, [*found, *rest]))
    assert violations(day, whole) == []
    kept = [trip for trip in told if trip.driver in people]
    assert score(day, whole.trips) >= score(day, told) - 1e-9, kept


def test_on_a_large_day_the_part_is_small_and_finds_what_the_whole_finds() -> None:
    day = replace(generate(1500), published=(), pinned=(), apart=(), together=())
    told = solve(day, seconds=None, rounds=1).trips
    car = max(told, key=lambda trip: len(trip.riders))
    left = replace(
        day,
        drivers=tuple(driver for driver in day.drivers if driver.id != car.driver),
        riders=tuple(r for r in day.riders if r.id != car.driver),
        published=tuple(PublishedTrip(t.driver, t.event, t.riders) for t in told if t is not car),
    )
    people = around(left, [car.riders], 300)
    assert len(people) <= 320
    found = solve(part_of(left, people), seconds=None, rounds=5).trips
    again = {rider for trip in found for rider in trip.riders} & set(car.riders)
    everybody = solve(left, seconds=None, rounds=5).trips
    best = {rider for trip in everybody for rider in trip.riders} & set(car.riders)
    assert len(again) >= len(best)


def test_room_is_what_others_leave() -> None:
    event = an_event(wanted=5, capacity=7)
    day = an_instance(events=(event, replace(event, id="f", capacity=None)))
    left = with_less_room(day, {"e": 6, "f": 9})
    assert [(one.wanted, one.capacity) for one in left.events] == [(0, 1), (0, None)]
    assert with_less_room(day, {"e": 8}).events[0].capacity == 0
    assert with_less_room(day, {}).events == day.events
