"""A real HTTP server for tests that speaks Nominatim's JSON: it knows a few places, and fails where it is told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.settings import settings

STREET = {
    "lat": "53.8263", "lon": "-1.5793", "place_rank": 26, "category": "highway", "type": "primary",
    "name": "Otley Road", "display_name": "Otley Road, Headingley, Leeds, West Yorkshire, LS6 3PX, United Kingdom",
    "address": {"road": "Otley Road", "suburb": "Headingley", "city": "Leeds", "postcode": "LS6 3PX"},
}  # fmt: skip
HOUSE = STREET | {
    "lat": "53.8201", "place_rank": 30, "name": "", "type": "house",
    "address": {"house_number": "12", "road": "Otley Road", "city": "Leeds", "postcode": "LS6 2AD"},
}  # fmt: skip
TOWN = {
    "lat": "53.9054", "lon": "-1.6920", "place_rank": 18, "type": "town", "name": "Timble",
    "display_name": "Timble, Leeds, West Yorkshire, United Kingdom",
    "address": {"town": "Timble", "city": "Leeds", "county": "West Yorkshire"},
}  # fmt: skip
ISLAND = {
    "lat": "50.7002", "lon": "-1.2951", "place_rank": 26, "name": "High Street",
    "display_name": "High Street, Newport, Isle of Wight, United Kingdom",
    "address": {"road": "High Street", "town": "Newport", "county": "Isle of Wight"},
}  # fmt: skip
PLACES = {
    "otley road, leeds": STREET,
    "12 otley road, leeds": HOUSE,
    "timble": TOWN,
    "high street, newport": ISLAND,
}


@dataclass
class Fault:
    """What is answered instead, once."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0


@dataclass
class Nominatim:
    """What it was asked, and what it does next."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    requests: list[tuple[str, dict[str, list[str]], dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str, headers: dict[str, str]) -> Fault:
        parts = urlsplit(path)
        query = parse_qs(parts.query)
        name = query.get("q", [""])[0]
        self.asked.append(name)
        self.requests.append((parts.path, query, headers))
        if self.faults:
            return self.faults.pop(0)
        found: list[Any] = [PLACES[name.casefold()]] if name.casefold() in PLACES else []
        return Fault(json.dumps(found).encode())


@contextmanager
def nominatim() -> Iterator[Nominatim]:
    """The server on a free port of loopback."""
    state = Nominatim()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = state.answer(self.path, dict(self.headers))
            state.ending.wait(said.hang)
            try:
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.body)
            except OSError:
                pass  # Whoever asked has gone.

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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


@pytest.fixture(name="map_server")
def map_server() -> Iterator[Nominatim]:
    with nominatim() as server:
        yield server


@pytest.fixture(name="looks_up")
def looks_up(map_server: Nominatim, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nominatim]:
    """The operator has set a geocoder."""
    monkeypatch.setenv("CARPOOL_GEOCODER_URL", map_server.url)
    monkeypatch.setenv("CARPOOL_OPERATOR_CONTACT", "ops@example.org")
    settings.cache_clear()
    yield map_server
    settings.cache_clear()
