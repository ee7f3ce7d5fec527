"""A mail server behind a connection that fails: cut before or after the letter was taken, busy, silent, or fine."""

import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from uuid import UUID

MESSAGE_ID = re.compile(rb"^Message-ID: <([0-9a-f-]{36})@", re.IGNORECASE | re.MULTILINE)
NOBODY_BEGINS = "nobody"
NOBODY = re.compile(rf"^RCPT TO:<({NOBODY_BEGINS}[^>]*)>".encode(), re.IGNORECASE | re.MULTILINE)
LAST_LINE = re.compile(rb"^\d{3} [^\n]*\r\n\Z", re.MULTILINE)
END = b"\r\n.\r\n"
SILENT_SECONDS = 60.0


class Fault(Enum):
    """What may happen to a connection, each as often as the others."""

    REFUSED = "cut at once"
    CUT_BEFORE = "cut before the letter"
    CUT_AFTER = "cut after the letter, before the answer"
    BUSY = "421 instead of a greeting"
    LATER = "451 to the recipient"
    SILENT = "taken, and not a word"


@dataclass
class Proxy:
    """Listens on `port` for a mail server on `target`; `share` of the connections fail. Addresses of `nobody…` are refused.

    `cut`: the letters whose answer was cut off. `refused`: when the server first would not take one to whom.
    """

    target: int
    share: float
    port: int = 0
    chance: Random = field(default_factory=lambda: Random(6))
    faults: Counter[Fault] = field(default_factory=Counter)
    cut: set[UUID] = field(default_factory=set)
    refused: dict[str, float] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def fault(self) -> Fault | None:
        if self.chance.random() >= self.share:
            return None
        chosen = self.chance.choice(list(Fault))
        self.faults[chosen] += 1
        return chosen

    def serve(self, client: socket.socket) -> None:
        fault = self.fault()
        with suppress(OSError), client:
            if fault is Fault.SILENT:
                self.ended.wait(SILENT_SECONDS)
            if fault is Fault.BUSY:
                client.sendall(b"421 Too busy, come back later\r\n")
            elif fault in (Fault.REFUSED, Fault.SILENT):
                _cut(client)
            else:
                with socket.create_connection(("127.0.0.1", self.target)) as server:
                    self._pass_on(client, server, fault)

    def _pass_on(self, client: socket.socket, server: socket.socket, fault: Fault | None) -> None:
        """One line of talk at a time: what the server says, then what the client answers."""
        letter: UUID | None = None
        while answer := _answer(server):
            if letter is not None and answer.startswith(b"250") and fault is Fault.CUT_AFTER:
                self.cut.add(letter)
                break
            client.sendall(answer)
            said = _said(client, is_letter=answer.startswith(b"354"))
            if not said or (fault is Fault.CUT_BEFORE and said.upper().startswith(b"DATA")):
                break
            if nobody := NOBODY.search(said):
                self.refused.setdefault(nobody[1].decode(), time.monotonic())
                client.sendall(b"550 No such user here\r\n")
                return
            if fault is Fault.LATER and said.upper().startswith(b"RCPT"):
                client.sendall(b"451 Come back later\r\n")
                return
            found = MESSAGE_ID.search(said) if answer.startswith(b"354") else None
            letter = UUID(found[1].decode()) if found else None
            server.sendall(said)
        _cut(client)


def _answer(server: socket.socket) -> bytes:
    """All lines of the server's answer; nothing if it has left."""
    read = b""
    while not LAST_LINE.search(read):
        more = server.recv(65536)
        if not more:
            return b""
        read += more
    return read


def _said(client: socket.socket, *, is_letter: bool) -> bytes:
    """All of the client's next line, or of its letter; nothing if it has left."""
    read = b""
    while not read.endswith(END if is_letter else b"\r\n"):
        more = client.recv(65536)
        if not more:
            return b""
        read += more
    return read


def _cut(connection: socket.socket) -> None:
    """As a machine does that goes down, not as one that takes its leave."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def faulty(target: int, share: float) -> Iterator[Proxy]:
    """A proxy for the block."""
    proxy = Proxy(target, share)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        listening.settimeout(0.2)
        proxy.port = listening.getsockname()[1]
        accepting = threading.Thread(target=_accept, args=(proxy, listening), daemon=True)
        accepting.start()
        try:
            yield proxy
        finally:
            proxy.ended.set()
            accepting.join()


def _accept(proxy: Proxy, listening: socket.socket) -> None:
    while not proxy.ended.is_set():
        with suppress(TimeoutError):
            client, _ = listening.accept()
            client.settimeout(SILENT_SECONDS)
            threading.Thread(target=proxy.serve, args=(client,), daemon=True).start()


def passing_on(client: socket.socket, target: int) -> None:
    """Let a client talk to the mail server on a port, without any fault."""
    Proxy(target, share=0.0).serve(client)
