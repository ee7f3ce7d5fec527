"""Asking a server for road times: what it may do wrong, and what is known all the same."""

import math
import time
from dataclasses import dataclass

import httpx
import numpy as np
import pytest

from api.routing import fetching, osrm
from api.routing.cells import Cells, cells_of
from api.routing.fetching import Answers, Asking, Noted
from api.routing.osrm import Server
from carpool.geo.place import Place
from tests.osrm import SIDE, Fault, Osrm

OK = b'{"code": "Ok", "durations": [[%s, 1], [1, 0]], "sources": [%s, %s], "destinations": [%s, %s]}'


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two tries, nor long for an answer."""
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(osrm, "TIMEOUT_SECONDS", 0.5)


@dataclass
class Round:
    """Questions about all drives between points on a line, a kilometre or so apart."""

    server: Osrm
    count: int = 4
    seconds: float = 30.0
    side: int = SIDE
    noted: Noted = lambda part: False

    def __post_init__(self) -> None:
        self.cells: Cells = cells_of([Place(52.6 + n / 100, -0.7) for n in range(self.count)])
        every = [a * self.count + b for a in range(self.count) for b in range(self.count) if a != b]
        self.drives = np.array(every, dtype=np.int64)
        self.answers = Answers.nothing(self.drives)

    def ask(self) -> "Round":
        ends = time.monotonic() + self.seconds
        with httpx.Client() as client:
            server = Server(self.server.url, client)
            Asking(server, self.cells, self.answers, ends, self.noted, self.side).through([self.drives])
        return self

    def known(self) -> int:
        return int((~np.isnan(self.answers.seconds)).sum())

    def of(self, origin: int, destination: int) -> float:
        return float(self.answers.of(np.array([origin * self.count + destination]))[0])

    def point(self, number: int) -> tuple[float, float]:
        lat, lon = self.cells.points[number].tolist()
        return lat, lon


def test_every_drive_has_its_own_minutes_there_and_back(roads: Osrm) -> None:
    asked = Round(roads).ask()
    assert (asked.known(), asked.answers.why) == (12, "")
    for a in range(4):
        for b in range(4):
            if a != b:
                assert asked.of(a, b) == roads.seconds(asked.point(a), asked.point(b))
    assert asked.of(0, 3) < asked.of(3, 0), "there and back are two drives"


def test_no_block_is_larger_than_a_server_answers(roads: Osrm) -> None:
    asked = Round(roads, count=25, side=10).ask()
    assert asked.known() == 600
    assert len(roads.tables) == 9
    assert all(len(origins) <= 10 and len(ends) <= 10 for origins, ends in roads.tables)


def test_what_is_known_is_not_asked_again(roads: Osrm) -> None:
    first = Round(roads, count=25, side=10).ask()
    roads.tables.clear()
    first.answers.seconds[first.drives % 25 == 7] = np.nan
    first.ask()
    assert first.known() == 600
    assert {end for _, ends in roads.tables for end in ends} == {first.point(7)}


def test_a_server_that_takes_only_small_tables_is_asked_for_small_ones(roads: Osrm) -> None:
    roads.most = 3
    asked = Round(roads, count=12).ask()
    assert (asked.known(), asked.answers.why) == (132, "")
    assert all(len(origins) * len(ends) <= 9 for origins, ends in roads.tables)


def test_a_place_that_is_nowhere_near_a_road_costs_nobody_else_an_answer(roads: Osrm) -> None:
    asked = Round(roads, count=6)
    roads.nowhere = {asked.point(2)}
    asked.ask()
    assert (asked.known(), asked.answers.why) == (20, "")
    assert math.isnan(asked.of(2, 3)) and math.isnan(asked.of(3, 2))


def test_a_place_off_the_map_is_not_known_and_no_other_is_taken_for_it(roads: Osrm) -> None:
    """A server with the roads of one county moves Leeds to that county's edge, and answers for the edge."""
    asked = Round(roads, count=4)
    roads.moved = {asked.point(1): (52.65, -0.9), asked.point(2): (52.6201, -0.7005)}
    asked.ask()
    assert asked.known() == 6
    assert math.isnan(asked.of(1, 0)) and math.isnan(asked.of(0, 1))
    assert not math.isnan(asked.of(2, 0)), "some metres to the next road are nothing"


def test_no_way_is_known_as_such(roads: Osrm) -> None:
    usual = roads.seconds
    asked = Round(roads)
    roads.seconds = lambda a, b: None if b == asked.point(3) else usual(a, b)
    asked.ask()
    assert asked.of(0, 3) == math.inf
    assert math.isfinite(asked.of(3, 0))
    assert asked.known() == 12


ODD = [
    Fault(b""), Fault(b"<html>bad gateway", 502), Fault(b"busy", 429), Fault(b"["), Fault(b"null"), Fault(b"7"), Fault(b"{}"),
    Fault(b'{"code": "Ok"}'), Fault(b'{"code": "Ok", "durations": []}'), Fault(b"[" * 100_000), Fault(b"\xff\xfe"),
    Fault(b'{"code": "NoTable"}', 400), Fault(b'{"code": ["Ok"]}'), Fault(b"{", cut=True), Fault(b"", cut=True),
    Fault(b'{"code": "Ok", "durations": ' + b"[[" + b"1," * 5_000_000, 200),
    *(Fault(OK % (seconds, *4 * [b'{"location": [-0.7, 52.6]}'])) for seconds in
      (b"-1", b"NaN", b"Infinity", b'"1"', b"true", b"1e9", b"[1]")),
    *(Fault(OK % (b"0", *4 * [point])) for point in
      (b"{}", b"7", b"null", b'{"location": [1]}', b'{"location": [-0.7, 99]}', b'{"location": [true, "x"]}')),
]  # fmt: skip


@pytest.mark.parametrize("fault", ODD, ids=lambda fault: repr(fault.body[:40]))
def test_nonsense_is_asked_again_and_is_never_taken_for_an_answer(roads: Osrm, fault: Fault) -> None:
    roads.faults = [fault]
    asked = Round(roads, count=2).ask()
    assert (asked.known(), asked.answers.why) == (2, "")
    assert asked.of(0, 1) == roads.seconds(asked.point(0), asked.point(1))


@pytest.mark.parametrize("fault", ODD, ids=lambda fault: repr(fault.body[:40]))
def test_a_server_that_talks_nothing_but_nonsense_is_left_alone(roads: Osrm, fault: Fault) -> None:
    roads.always = fault
    asked = Round(roads, count=30, side=5).ask()
    assert (asked.known(), asked.answers.why) == (0, "down")


def test_a_server_that_is_not_there_is_left_alone(roads: Osrm) -> None:
    roads.url = "http://127.0.0.1:9"
    asked = Round(roads, count=30, side=5).ask()
    assert (asked.known(), asked.answers.why) == (0, "down")


def test_one_bad_block_leaves_the_others(roads: Osrm) -> None:
    roads.faults = [Fault(b"", 500)] * fetching.TRIES
    asked = Round(roads, count=10, side=5).ask()
    assert asked.answers.why == ""
    assert asked.known() == 90 - 20, "the first block of five by five has no answer"


@pytest.mark.parametrize("fault", [Fault(b"{}", hang=60), Fault(b" " * 1000, drip=True)])
def test_a_server_that_is_slow_is_not_waited_for(roads: Osrm, fault: Fault) -> None:
    roads.faults = [fault]
    asked = Round(roads, count=2).ask()
    assert (asked.known(), asked.answers.why) == (2, "")


def test_when_the_time_is_up_what_is_known_stays(roads: Osrm) -> None:
    asked = Round(roads, count=20, side=5)

    def hang_soon(part: float) -> bool:
        roads.always = Fault(b"{}", hang=60) if part > 0.3 else None
        return False

    asked.noted = hang_soon
    asked.seconds = 1.0
    asked.ask()
    assert asked.answers.why == "late"
    assert 0 < asked.known() < 380


def test_nobody_is_asked_when_there_is_no_time(roads: Osrm) -> None:
    asked = Round(roads, seconds=0.0).ask()
    assert (asked.known(), asked.answers.why, roads.tables) == (0, "late", [])


def test_a_coordinator_who_stops_is_heard_between_two_blocks(roads: Osrm) -> None:
    parts: list[float] = []
    asked = Round(roads, count=20, side=5)

    def stop_soon(part: float) -> bool:
        parts.append(part)
        return len(parts) > 3

    asked.noted = stop_soon
    asked.ask()
    assert asked.answers.why == "stopped" and len(roads.tables) == 3
    assert parts == sorted(parts) and 0 == parts[0] < parts[-1] < 1


def test_the_log_names_no_place(roads: Osrm, capfd: pytest.CaptureFixture[str]) -> None:
    roads.always = Fault(b"52.6 -0.7 no", 500)
    Round(roads, count=2).ask()
    written = "".join(capfd.readouterr())
    assert "did not answer" in written and "52.6" not in written and "-0.7" not in written
