"""A gateway for text messages that sends nothing: a real HTTP server on this machine, for tests and the demonstration.

It speaks as Twilio's does, and fails where it is told to.
"""

import base64
import json
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs

ACCOUNT, TOKEN = "AC-of-the-fake-gateway", "token-of-the-fake-gateway"
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
MOST_MARKS = 1600


class Fault(Enum):
    """How a connection may end. In all but the first and the second the gateway has taken the message."""

    CUT_UNREAD = "cut before the message is read"
    HANG_UNREAD = "silent, and the message is not read"
    CUT_AFTER = "cut after the message was taken"
    HANG_AFTER = "silent after the message was taken"
    CUT_IN_ANSWER = "cut in the middle of the answer"


@dataclass(frozen=True)
class Taken:
    """A message that a gateway took, and would have sent. `answered`: whether it said so."""

    to: str
    sender: str
    text: str
    answered: bool = True


@dataclass
class FakeGateway:
    """`faults` come one a message, in order: a `Fault`, or a status with its code; None lets one pass. Then all pass."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    faults: list[Fault | tuple[int, int | str | None] | None] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def fake_gateway() -> Iterator[FakeGateway]:
    """A gateway that listens on a free port for the block."""
    gateway = FakeGateway()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.gateway, gateway.port = gateway, server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="fake gateway", daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    gateway: FakeGateway

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is gone before its answer is no fault of the gateway's."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def gateway(self) -> FakeGateway:
        return cast(_Server, self.server).gateway

    def do_POST(self) -> None:
        self.close_connection = True
        fault = self.gateway.faults.pop(0) if self.gateway.faults else None
        if fault is Fault.HANG_UNREAD:
            self.gateway.ended.wait()
        if fault in (Fault.CUT_UNREAD, Fault.HANG_UNREAD):
            return self._cut()
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        if isinstance(fault, tuple):
            return self._answer(fault[0], {"code": fault[1], "message": f"No, not to {form.get('To')}"})
        if refused := self._refused(form):
            return self._answer(*refused)
        answered = not isinstance(fault, Fault)
        self.gateway.taken.append(Taken(form["To"][0], form["From"][0], form["Body"][0], answered))
        if fault is Fault.HANG_AFTER:
            self.gateway.ended.wait()
        if fault in (Fault.CUT_AFTER, Fault.HANG_AFTER):
            return self._cut()
        return self._answer(201, {"sid": "SM0", "status": "queued"}, cut=fault is Fault.CUT_IN_ANSWER)

    def _refused(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]] | None:
        """Status and answer for what Twilio's would refuse too."""
        known = f"Basic {base64.b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}"
        if self.headers.get("Authorization") != known or self.path != PATH:
            return 401, {"code": 20003, "message": "Authenticate"}
        if not form.get("From"):
            return 400, {"code": 21603, "message": "A 'From' phone number is required"}
        if not form.get("To", [""])[0].startswith("+"):
            return 400, {"code": 21211, "message": "Invalid 'To' phone number"}
        if not 0 < len(form.get("Body", [""])[0]) <= MOST_MARKS:
            return 400, {"code": 21617, "message": "The message body is empty or too long"}
        return None

    def _answer(self, status: int, document: dict[str, Any], *, cut: bool = False) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:5] if cut else body)
        if cut:
            self._cut()

    def _cut(self) -> None:
        """Break the connection off as a machine does that goes down, not as one that takes its leave."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the line would hold who was written to."""
