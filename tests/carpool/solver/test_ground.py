"""The arrays of the engine say of every person and pick-up what the data say."""

import tracemalloc

import numpy as np

from carpool.generate import generate
from carpool.instance import Event, Instance
from carpool.solver.candidates import NEVER, make_scene, stamp
from carpool.solver.data import compile_data
from carpool.solver.ground import make_ground
from tests.carpool.build import a_driver, a_rider, an_event, an_instance


def test_rows_say_of_every_pickup_what_its_rider_says() -> None:
    data = compile_data(generate(300, seed=4))
    field = make_ground(data, make_scene(data).limits)
    rows = field.ground.rows
    assert len(field.pickups) > len(field.riders)
    for row, pickup in enumerate(field.pickups):
        rider = data.passengers[pickup.person]
        assert field.riders[rows.rider[row]] is rider
        assert (rows.place[row], rows.walk[row]) == (pickup.place, pickup.walk)
        assert (rows.party[row], rows.dwell[row], rows.max_ride[row]) == (
            rider.party,
            rider.dwell,
            rider.max_ride,
        )
        assert rows.way_back[row] == rider.way_back
        assert rows.ready[row] == stamp(rider.ready_at, -NEVER)
        assert rows.home[row] == stamp(rider.home_by, NEVER)


def test_riders_are_kept_from_their_enemies_alone() -> None:
    people = (a_driver("d"), a_rider("a"), a_rider("b"), a_rider("c"))
    data = compile_data(an_instance(*people, apart=(("a", "d"), ("a", "b"))))
    field = make_ground(data, make_scene(data).limits)
    riders = field.ground.riders
    number = {rider.person: n for n, rider in enumerate(field.riders)}
    kept = [riders.apart[riders.apart_first[n] : riders.apart_first[n + 1]].tolist() for n in range(3)]
    a, b, c = (number[data.instance.index[name]] for name in "abc")
    assert sorted(kept[a]) == sorted([b, -1 - field.car_of[data.instance.index["d"]]])
    assert kept[b] == [a]
    assert kept[c] == []


def a_country(drivers: int, events: int) -> Instance:
    places = np.linspace(51.0, 52.0, drivers).tolist()
    goals: tuple[Event, ...] = tuple(an_event(f"e{n}") for n in range(events))
    return an_instance(*(a_driver(f"d{n}", lat=lat) for n, lat in enumerate(places)), events=goals)


def test_drivers_to_the_same_events_share_one_list_of_them() -> None:
    """A set of 300 events takes 16 kB: with one for each driver, 30,000 people took half a gigabyte."""
    data = compile_data(a_country(drivers=2_000, events=300))
    scene = make_scene(data)
    tracemalloc.start()
    try:
        make_ground(data, scene.limits)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10e6
