"""A real OSRM server with the roads of one county: our minutes are its own, and no plan drives where it knows no way.

It is fetched, built and run as `tests/real_osrm.py` says; where that does not work, these tests are skipped with the reason.
"""

import json
import math
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random

import httpx
import numpy as np
import pytest
from sqlmodel import Session

from api.routing.blocks import Block
from api.routing.cells import Cells, cells_of
from api.routing.osrm import Server, TooMuch
from api.services.road_times import LEAST, with_roads
from api.settings import settings
from api.store.session import own_transaction
from carpool import Instance, solve, violations
from carpool.files import instance_from_json, instance_to_json
from carpool.geo.place import Place
from carpool.geo.travel import RoadTravel
from tests.api.routing.rutland import KETTON, OAKHAM, UPPINGHAM, rutland_day
from tests.real_osrm import RealOsrm

SAME_SECONDS = 0.11
"""Its services round on their own."""


@pytest.fixture
def set_up(rutland: RealOsrm, monkeypatch: pytest.MonkeyPatch) -> RealOsrm:
    monkeypatch.setenv("CARPOOL_OSRM_URL", rutland.url)
    settings.cache_clear()
    return rutland


@pytest.fixture(autouse=True)
def forgotten() -> None:
    settings.cache_clear()


def with_times(db: Session, day: Instance) -> tuple[Instance, int, int]:
    transaction: Callable[[], AbstractContextManager[Session]] = lambda: own_transaction(db)  # noqa: E731
    timed, told = with_roads(transaction, day, lambda part: False)
    assert told is not None and told.why == ""
    return timed, told.known, told.wanted


def ask(server: RealOsrm, cells: Cells, block: Block) -> np.ndarray:
    with httpx.Client() as client:
        return Server(server.url, client).ask(cells, block, time.monotonic() + 10)


def route_seconds(server: RealOsrm, cells: Cells, origin: int, destination: int) -> float:
    """The seconds of the same drive by another of its services."""
    found = server.get(f"/route/v1/driving/{cells.name(origin)};{cells.name(destination)}?overview=false")
    return float(found["routes"][0]["duration"])


def test_it_is_a_release_of_the_real_thing(rutland: RealOsrm) -> None:
    assert re.fullmatch(r"v\d+\.\d+\.\d+", rutland.version)


def test_minutes_are_those_of_its_own_routes(rutland: RealOsrm) -> None:
    cells = cells_of([OAKHAM, UPPINGHAM, KETTON])
    numbers = np.arange(3)
    table = ask(rutland, cells, Block(numbers, numbers))
    for origin in range(3):
        for destination in range(3):
            if origin != destination:
                expected = route_seconds(rutland, cells, origin, destination)
                assert table[origin, destination] == pytest.approx(expected, abs=SAME_SECONDS)
    assert 6 * 60 < table[cells.of_place[0], cells.of_place[1]] < 20 * 60, "Oakham to Uppingham is six miles"


def test_a_run_has_its_minutes_and_they_are_near_the_model(set_up: RealOsrm, db: Session) -> None:
    """Every known drive is what /route says of the rounded points, but for the floor."""
    day = rutland_day(40, 80)
    timed, known, wanted = with_times(db, day)
    assert timed.pairs is not None and known == len(timed.pairs) and known > 0.9 * wanted > 3000
    cells, pairs = cells_of(day.places), list(timed.pairs)
    model = RoadTravel(day.places, {})
    for a, b, minutes in Random(1).sample(pairs, 60):
        expected = route_seconds(set_up, cells, *cells.of_place[[a, b]].tolist()) / 60
        least = math.ceil(100 * LEAST * model.minutes(a, b)) / 100
        assert minutes == pytest.approx(max(expected, least), abs=SAME_SECONDS / 60 + 0.011)
    ratios = np.array([minutes / model.minutes(a, b) for a, b, minutes in pairs])
    assert 0.5 < np.median(ratios) < 1.5
    assert ratios.min() >= LEAST
    assert any(timed.travel.minutes(a, b) != timed.travel.minutes(b, a) for a, b, _ in pairs[:200])


def test_a_plan_by_road_is_solved_checked_and_read_back(set_up: RealOsrm, db: Session) -> None:
    timed, _, _ = with_times(db, rutland_day(12, 24))
    plan = solve(timed, rounds=30)
    assert plan.trips and violations(timed, plan) == []
    again = instance_from_json(json.loads(json.dumps(instance_to_json(timed))))
    assert again == timed and violations(again, plan) == []
    assert violations(rutland_day(12, 24), plan), "by the model these times are others"


def test_a_place_that_is_not_on_its_map_goes_by_the_model(set_up: RealOsrm, db: Session) -> None:
    """It would take Leicester for a lane at the county's edge, and answer for that."""
    leicester = Place(52.6369, -1.1398)
    cells = cells_of([OAKHAM, leicester])
    oakham, away = cells.of_place.tolist()
    table = ask(set_up, cells, Block(np.array([oakham]), np.array([away])))
    assert np.isnan(table).all()
    raw = set_up.get(f"/table/v1/driving/{cells.name(oakham)};{cells.name(away)}")
    assert raw["durations"][0][1] is not None, "the server itself does answer"
    day = rutland_day(2, 2)
    people = (*day.drivers, type(day.drivers[0])("far", leicester.lat, leicester.lon, seats=3))
    timed, known, wanted = with_times(db, Instance(events=day.events, drivers=people, riders=day.riders))
    goal = timed.event_index["e0"]
    assert 0 < known < wanted and timed.pairs is not None
    assert timed.travel.minutes(2, goal) == RoadTravel(timed.places, {}).minutes(2, goal)


def test_it_refuses_what_is_larger_than_our_blocks_and_nothing_smaller(rutland: RealOsrm) -> None:
    cells = cells_of([Place(52.60 + n / 1000, -0.73) for n in range(101)])
    with pytest.raises(TooMuch):
        ask(rutland, cells, Block(np.arange(101), np.arange(100)))
    assert ask(rutland, cells, Block(np.arange(100), np.arange(100))).shape == (100, 100)
