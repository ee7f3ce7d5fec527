"""A real HTTP server for tests that answers as OSRM's /table does: by straight lines, and wrongly where it is told to.

`seconds` says how long a drive takes; by default 80 seconds a kilometre to the north or the east, and 100 the other way,
so that there is no drive that takes as long back as there.
"""

import json
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.settings import settings
from carpool.geo.place import Place, kilometres

Point = tuple[float, float]
"""Latitude and longitude, as they were asked for."""
SIDE = 100


def one_way(origin: Point, destination: Point) -> float | None:
    """Seconds of a drive in the land of this server."""
    pace = 80 if destination > origin else 100
    return round(pace * kilometres(Place(*origin), Place(*destination)), 1)


@dataclass
class Fault:
    """What is answered instead, once. `cut`: the connection ends in the middle of it; `drip`: a byte a tenth of a second."""

    body: bytes = b""
    status: int = 200
    hang: float = 0.0
    cut: bool = False
    drip: bool = False


@dataclass
class Osrm:
    """What it was asked, and what it does next. `most` is its `--max-table-size`; `moved` puts a point elsewhere."""

    url: str = ""
    most: int = SIDE
    tables: list[tuple[list[Point], list[Point]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    seconds: Callable[[Point, Point], float | None] = one_way
    moved: dict[Point, Point] = field(default_factory=dict)
    nowhere: set[Point] = field(default_factory=set)
    ending: threading.Event = field(default_factory=threading.Event)
    questions: int = 0

    @property
    def asked(self) -> set[tuple[Point, Point]]:
        """Every drive that it was asked for."""
        return {(a, b) for origins, ends in self.tables for a in origins for b in ends}

    def answer(self, path: str) -> Fault:
        self.questions += 1
        if self.always is not None:
            return self.always
        if self.faults:
            return self.faults.pop(0)
        parts = urlsplit(path)
        *_, service, version, profile, listed = parts.path.split("/")
        query = parse_qs(parts.query)
        if (service, version, profile) != ("table", "v1", "driving") or query["annotations"] != ["duration"]:
            return _said({"code": "InvalidUrl", "message": "not a table"}, 400)
        lon_lat = [tuple(map(float, one.split(","))) for one in listed.split(";")]
        points = [(lat, lon) for lon, lat in lon_lat]
        origins, ends = (
            [points[int(n)] for n in query[name][0].split(";")] for name in ("sources", "destinations")
        )
        if len(origins) * len(ends) > self.most**2:
            return _said({"code": "TooBig", "message": "Too many table coordinates"}, 400)
        if self.nowhere.intersection(points):
            return _said({"code": "NoSegment", "message": "Could not find a matching segment"}, 400)
        self.tables.append((origins, ends))
        rows = [[0 if a == b else self.seconds(a, b) for b in ends] for a in origins]
        return _said(
            {
                "code": "Ok",
                "durations": rows,
                "sources": self._snapped(origins),
                "destinations": self._snapped(ends),
            }
        )

    def _snapped(self, points: list[Point]) -> list[dict[str, Any]]:
        found = [self.moved.get(point, point) for point in points]
        return [{"location": [lon, lat], "name": ""} for lat, lon in found]


def _said(body: dict[str, Any], status: int = 200) -> Fault:
    return Fault(json.dumps(body).encode(), status)


@contextmanager
def osrm() -> Iterator[Osrm]:
    """The server on a free port of loopback."""
    state = Osrm()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            said = state.answer(self.path)
            state.ending.wait(said.hang)
            try:
                self.send_response(said.status)
                self.send_header("Content-Length", str(len(said.body) * (2 if said.cut else 1)))
                self.end_headers()
                _write(self, said, state.ending)
            except OSError:
                pass  # Whoever asked has gone.

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        state.ending.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _write(handler: BaseHTTPRequestHandler, said: Fault, ending: threading.Event) -> None:
    if not said.drip:
        handler.wfile.write(said.body)
    for byte in said.body if said.drip else b"":
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        if ending.wait(0.1):
            break
    if said.cut:
        handler.close_connection = True


@pytest.fixture(name="roads")
def roads() -> Iterator[Osrm]:
    with osrm() as server:
        yield server


@pytest.fixture(name="by_road")
def by_road(roads: Osrm, monkeypatch: pytest.MonkeyPatch) -> Iterator[Osrm]:
    """The operator has set a server of road times."""
    monkeypatch.setenv("CARPOOL_OSRM_URL", roads.url)
    settings.cache_clear()
    yield roads
    settings.cache_clear()


def minutes(server: Osrm, origin: Point, destination: Point) -> float:
    """What this server says of two points, as somebody who asks for them rounded hears it."""
    rounded = [(round(lat, 3), round(lon, 3)) for lat, lon in (origin, destination)]
    seconds = server.seconds(*rounded)
    return math.inf if seconds is None else round(round(seconds, 1) / 60, 2)
