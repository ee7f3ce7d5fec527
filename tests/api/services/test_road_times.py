"""An instance with road times: whose minutes, how few at least, where the model goes on, and what is told of it."""

import json
import math
from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.routing import candidates, fetching
from api.services import road_times
from api.services.by_road import with_known
from api.services.road_times import LEAST, with_roads
from api.services.roads_view import RoadsView
from api.store.session import own_transaction
from api.store.tables import RoadTimes
from carpool import Instance, solve, violations
from carpool.files import instance_from_json, instance_to_json
from carpool.geo.travel import RoadTravel
from tests.api.routing.rutland import rutland_day
from tests.osrm import Fault, Osrm, by_road, minutes, roads

__all__ = ["by_road", "roads"]

Transaction = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def transaction(db: Session) -> Transaction:
    return lambda: own_transaction(db)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.01)


def with_times(transaction: Transaction, day: Instance, seconds: float = 30) -> tuple[Instance, RoadsView]:
    found, told = with_roads(transaction, day, lambda part: False, seconds)
    assert told is not None
    return found, told


def drives(day: Instance) -> dict[tuple[int, int], float]:
    assert day.pairs is not None
    return {(a, b): minutes_ for a, b, minutes_ in day.pairs}


def test_without_a_server_the_instance_stays_as_it_is(transaction: Transaction, db: Session) -> None:
    day = rutland_day()
    assert with_roads(transaction, day, lambda part: False) == (day, None)
    assert with_known(db, day) is day


def test_every_drive_has_the_minutes_of_its_own_direction(transaction: Transaction, by_road: Osrm) -> None:
    day = rutland_day(6, 12)
    timed, told = with_times(transaction, day)
    assert told == RoadsView(told.wanted, told.wanted, 0, "")
    known = drives(timed)
    assert len(known) == told.wanted > 300 and list(known) == sorted(known)
    model = day.travel
    for (a, b), found in known.items():
        ends = [(day.places[n].lat, day.places[n].lon) for n in (a, b)]
        least = math.ceil(100 * LEAST * model.minutes(a, b)) / 100
        # Half a hundredth is rounded up by some, and down by others.
        assert found == pytest.approx(max(minutes(by_road, *ends), least), abs=0.0101)
    assert any(known[a, b] != known[b, a] for a, b in known if (b, a) in known)


def test_no_drive_is_shorter_than_the_bound_can_bear(transaction: Transaction, by_road: Osrm) -> None:
    by_road.seconds = lambda a, b: 0.0
    timed, _ = with_times(transaction, rutland_day())
    model = RoadTravel(timed.places, {})
    assert all(found >= LEAST * model.minutes(a, b) for (a, b), found in drives(timed).items())
    assert timed.travel.ratio >= LEAST * (1 - 1e-6)  # type: ignore[attr-defined]


def test_what_there_is_no_way_for_is_not_driven(transaction: Transaction, by_road: Osrm) -> None:
    """A driver on an island that no list names: the server knows the roads there, and no way off."""
    day = rutland_day(3, 6)
    alone = (round(day.drivers[0].lat, 3), round(day.drivers[0].lon, 3))
    usual = by_road.seconds
    by_road.seconds = lambda a, b: None if alone in (a, b) else usual(a, b)
    timed, told = with_times(transaction, day)
    gone = [found for (a, b), found in drives(timed).items() if 0 in (a, b)]
    assert set(gone) == {math.inf} and told.no_way == len(gone) and told.known == told.wanted
    plan = solve(timed, rounds=20)
    assert plan.trips and all(trip.driver != "d0" for trip in plan.trips)
    again = instance_from_json(json.loads(json.dumps(instance_to_json(timed))))
    assert again == timed and violations(again, plan) == []


def test_what_the_server_does_not_know_goes_by_the_model(transaction: Transaction, by_road: Osrm) -> None:
    day = rutland_day(3, 6)
    far = (round(day.drivers[0].lat, 3), round(day.drivers[0].lon, 3))
    by_road.moved = {far: (52.0, -0.7)}
    timed, told = with_times(transaction, day)
    assert not [drive for drive in drives(timed) if 0 in drive]
    assert 0 < told.known < told.wanted and told.why == "" and told.no_way == 0
    goal = day.event_index["e0"]
    assert timed.travel.minutes(0, goal) == day.travel.minutes(0, goal)


def test_drives_over_water_keep_the_crossing_of_the_model(transaction: Transaction, by_road: Osrm) -> None:
    day = rutland_day(2, 2, crossings={"isle": 30.0})
    island = Instance(
        events=day.events,
        drivers=(day.drivers[0], type(day.drivers[1])("isle", 52.6, -0.7, seats=3, island="isle")),
        riders=day.riders,
        crossings={"isle": 30.0},
    )
    timed, _ = with_times(transaction, island)
    assert not [drive for drive in drives(timed) if island.index["isle"] in drive]
    assert timed.travel.minutes(1, timed.event_index["e0"]) == island.travel.minutes(
        1, island.event_index["e0"]
    )


def test_the_second_run_asks_nobody(transaction: Transaction, by_road: Osrm, db: Session) -> None:
    first = with_times(transaction, rutland_day())
    by_road.tables.clear()
    by_road.always = Fault(b"", 500)
    assert with_times(transaction, rutland_day()) == first
    assert by_road.tables == [] and len(db.exec(select(RoadTimes)).all()) > 10
    assert with_known(db, rutland_day()) == first[0]


def test_a_part_of_the_people_has_the_same_minutes(
    transaction: Transaction, by_road: Osrm, db: Session
) -> None:
    """A change by hand, a repair and publishing look at a few cars of the day, and must judge them as the run did."""
    day = rutland_day(6, 12)
    timed, _ = with_times(transaction, day)
    few = Instance(events=day.events[:1], drivers=day.drivers[2:3], riders=day.riders[4:6])
    part = with_known(db, few)
    for one in ("d2", "r4", "r5"):
        for other in ("d2", "r4", "r5"):
            assert part.travel.minutes(part.index[one], part.index[other]) == timed.travel.minutes(
                timed.index[one], timed.index[other]
            )


def test_the_server_that_is_down_costs_the_run_its_road_times_and_nothing_else(
    transaction: Transaction, by_road: Osrm
) -> None:
    by_road.always = Fault(b"", 500)
    day = rutland_day()
    timed, told = with_times(transaction, day)
    assert timed is day
    assert (told.known, told.why) == (0, "down") and told.wanted > 0


def test_what_came_before_the_server_fell_silent_is_kept(
    transaction: Transaction, by_road: Osrm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(road_times, "KEEP_EVERY_SECONDS", 0.0)
    day = rutland_day(30, 60)

    def after_some(part: float) -> bool:
        by_road.always = Fault(b"", 500) if part > 0.2 else None
        return False

    _, told = with_roads(transaction, day, after_some, 30)
    assert told is not None and told.why == "down" and 0 < told.known < told.wanted
    by_road.always = None
    seen = by_road.asked.copy()
    by_road.tables.clear()
    timed, told = with_times(transaction, day)
    assert told.known == told.wanted == len(drives(timed))
    assert by_road.asked and len(by_road.asked - seen) > 0


def test_no_home_is_told_or_kept_nearer_than_its_neighbours(
    transaction: Transaction, by_road: Osrm, engine: Engine
) -> None:
    day = rutland_day()
    with_times(transaction, day)
    asked = {point for drive in by_road.asked for point in drive}
    assert asked == {(round(place.lat, 3), round(place.lon, 3)) for place in day.places}
    assert not asked & {(place.lat, place.lon) for place in day.places if place not in (day.places[18],)}


def test_more_drives_than_are_asked_for_are_told_of(
    transaction: Transaction, by_road: Osrm, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = candidates.wanted
    monkeypatch.setattr(road_times, "wanted", lambda day: usual(day, most=100))
    timed, told = with_times(transaction, rutland_day())
    assert (told.wanted, told.known, told.why) == (100, 100, "many")
    assert len(drives(timed)) == 100


def test_neighbours_in_one_cell_go_by_the_model(transaction: Transaction, by_road: Osrm) -> None:
    day = rutland_day(1, 1)
    next_door = type(day.riders[0])("r0", day.drivers[0].lat + 0.0001, day.drivers[0].lon)
    day = Instance(events=day.events, drivers=day.drivers, riders=(next_door,))
    same = round(next_door.lat, 3) == round(day.drivers[0].lat, 3)
    timed, told = with_times(transaction, day)
    assert same and (0, 1) not in drives(timed) and told.known == told.wanted
    assert np.isclose(timed.travel.minutes(0, 1), day.travel.minutes(0, 1))
