"""Which drives are asked for: all that a plan of a small day can need, none over water, the most important first."""

from dataclasses import replace
from itertools import pairwise, permutations

import numpy as np
import pytest

from api.routing import candidates
from api.routing.candidates import wanted
from carpool import Instance, solve
from carpool.instance import PinnedTrip, PublishedTrip
from tests.api.routing.rutland import rutland_day

Drive = tuple[int, int]


def drives(instance: Instance, most: int = candidates.MOST) -> set[Drive]:
    return {
        drive
        for kind in wanted(instance, most).kinds
        for drive in zip(*(x.tolist() for x in kind), strict=True)
    }


def legs(instance: Instance) -> set[Drive]:
    """Every drive of the best plan, out and back."""
    plan, found = solve(instance, rounds=20), set[Drive]()
    for trip in plan.trips:
        home, goal = instance.index[trip.driver], instance.event_index[trip.event]
        stops = [instance.place_index[stop.rider, stop.place] for stop in trip.stops]
        for way in ([home, *stops, goal], [goal, *reversed(stops), home]):
            found |= set(pairwise(way))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_every_leg_of_a_plan_is_asked_for(seed: int) -> None:
    day = rutland_day(8, 20, seed)
    found = legs(day)
    assert len(found) > 30
    assert found <= drives(day)


def test_each_drive_is_asked_for_once_and_none_stays_where_it_is() -> None:
    kinds = wanted(rutland_day(8, 20)).kinds
    keys = np.concatenate([origins * 1000 + destinations for origins, destinations in kinds])
    assert len(np.unique(keys)) == len(keys)
    assert all((origins != destinations).all() for origins, destinations in kinds)


def test_what_is_over_the_limit_is_the_least_important() -> None:
    day = rutland_day(8, 20)
    direct = {(day.index[d.id], e) for d in day.drivers for e in day.event_index.values()}
    few = drives(day, most=2 * len(direct))
    assert len(few) == 2 * len(direct)
    assert wanted(day).is_all and not wanted(day, most=len(few)).is_all
    assert direct | {(b, a) for a, b in direct} == few


def test_nobody_is_asked_about_what_is_far_out_of_reach() -> None:
    day = rutland_day(4, 4)
    far = replace(day.drivers[0], id="far", lat=55.95, lon=-3.19)
    near = replace(day.drivers[0], id="near", max_travel_minutes=20, lat=53.4, lon=-1.5)
    day = replace(day, drivers=(*day.drivers, far, near))
    touched = {end for drive in drives(day) for end in drive}
    assert touched.isdisjoint({day.index["far"], day.index["near"]})
    assert day.index["d0"] in touched


def test_somebody_out_of_reach_by_little_is_asked_about() -> None:
    """The road may be shorter than the model thinks."""
    day = rutland_day(1, 0)
    driver = day.drivers[0]
    minutes = day.travel.minutes(0, day.event_index["e0"])
    day = replace(day, events=day.events[:1], drivers=(replace(driver, max_travel_minutes=minutes - 2),))
    assert drives(day) == {(0, 1), (1, 0)}


def test_who_cannot_ride_in_a_car_is_not_asked_about_with_it() -> None:
    day = rutland_day(1, 2)
    home, first, second = (day.index[one] for one in ("d0", "r0", "r1"))
    day = replace(
        day,
        drivers=(replace(day.drivers[0], seats=1),),
        riders=(replace(day.riders[0], party=2, places=()), day.riders[1]),
    )
    assert (home, second) in drives(day)
    assert not {(home, first), (first, home)} & drives(day)


def test_who_only_drives_out_needs_no_way_back() -> None:
    day = rutland_day(2, 0)
    day = replace(day, drivers=(replace(day.drivers[0], way_back=False), day.drivers[1]))
    goal = day.event_index["e0"]
    assert {(0, goal), (1, goal), (goal, 1)} <= drives(day)
    assert (goal, 0) not in drives(day)


def test_events_that_somebody_does_not_want_are_not_asked_about() -> None:
    day = rutland_day(1, 0)
    day = replace(day, drivers=(replace(day.drivers[0], events=("e1",)),))
    assert {end for drive in drives(day) for end in drive} == {0, day.event_index["e1"]}


def test_no_drive_over_water_is_asked_for() -> None:
    day = rutland_day(2, 2, crossings={"isle": 1.0})
    day = replace(day, drivers=(replace(day.drivers[0], island="isle"), day.drivers[1]))
    assert 0 not in {end for drive in drives(day) for end in drive}


def test_promised_and_pinned_trips_are_asked_for_wherever_they_go() -> None:
    day = rutland_day(2, 3, seed=5)
    short = [replace(driver, max_travel_minutes=0, max_detour_minutes=0) for driver in day.drivers]
    gone = PublishedTrip("d9", "e9", ("r9",))
    for told in (
        {"published": (PublishedTrip("d0", "e1", ("r1", "r2")), gone)},
        {"pinned": (PinnedTrip("d0", "e1", ("r1", "r2"), force=True),)},
    ):
        one = replace(day, drivers=tuple(short), **told)
        spots = [one.index[who] for who in ("d0", "r1", "r2")] + [one.event_index["e1"]]
        assert set(permutations(spots, 2)) <= drives(one)


def test_a_day_without_anybody_asks_for_nothing() -> None:
    for day in (
        Instance(),
        rutland_day(0, 0),
        rutland_day(2, 2, events=()),
        rutland_day(0, 3),
        rutland_day(3, 0),
    ):
        assert drives(day) or not (day.events and (day.drivers or day.riders))


def test_only_so_many_riders_of_a_car_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "RIDERS_A_CAR", 3)
    day = rutland_day(1, 30)
    riders = set(range(1, 31)) | set(range(33, 33 + 10))
    assert len([drive for drive in drives(day) if drive[0] == 0 and drive[1] in riders]) == 3
