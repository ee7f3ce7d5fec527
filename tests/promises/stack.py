"""A small service of its own for a measurement: database, mail server, web and worker in processes that may be killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import httpx

from api.store import embedded
from api.store.embedded import EmbeddedServer
from api.store.migrating import migrate
from api.store.session import make_engine
from tests.api.commands.running import environment
from tests.mail import Mailbox, mail_server
from tests.promises.frame import PROJECT

os.environ["CARPOOL_TEST_PHONE_NUMBERS"] = "true"
LOOKS_EVERY, PATIENCE_SECONDS = 0.02, 60.0
MIGRATED = "migrated"
MIGRATING = threading.Lock()
"""Alembic keeps what it is doing in its modules: one at a time."""

Part = Literal["serve", "worker"]
OURS: dict[Part, tuple[str, ...]] = {"serve": ("api", "serve", "--no-worker"), "worker": ("api", "worker")}


@dataclass
class Stack:
    """Its parts run in process groups of their own: `kill` takes a part with all its children, as a power cut would."""

    server: EmbeddedServer
    url: str
    mailbox: Mailbox
    folder: Path
    port: int
    settings: dict[str, str]
    modules: dict[Part, tuple[str, ...]] = field(default_factory=lambda: dict(OURS))
    """Which module with which words is a part's program: a control runs another one."""
    parts: dict[Part, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What all its parts wrote."""
        return self.folder / "log.txt"

    def start(self, part: Part) -> None:
        ours = {
            "database_url": self.url,
            "data": str(self.folder),
            "port": str(self.port),
            "smtp_url": f"smtp://127.0.0.1:{self.mailbox.port}",
            "test_phone_numbers": "true",
            "trusted_proxies": "127.0.0.1",
        }
        env = environment(**ours | self.settings)
        with self.log.open("ab") as log:
            self.parts[part] = subprocess.Popen(
                [sys.executable, "-m", *self.modules[part]],
                env=env,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, part: Part, number: signal.Signals = signal.SIGKILL) -> None:
        process = self.parts.pop(part)
        os.killpg(process.pid, number)
        process.wait(PATIENCE_SECONDS)

    def answers(self) -> None:
        """Wait until it does."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if httpx.get(f"{self.site}/ready", timeout=5).json()["database"] == "ok":
                    return
            except httpx.HTTPError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.site} does not answer: {self.log.read_text()[-2000:]}")
            time.sleep(LOOKS_EVERY)


@contextmanager
def database() -> Iterator[EmbeddedServer]:
    """A PostgreSQL as it is delivered, on the disk, for any number of stacks."""
    with TemporaryDirectory(prefix="carpool-prove-") as folder, embedded.running(Path(folder)) as server:
        yield server


def migrated(server: EmbeddedServer) -> None:
    """Make a template of an empty database with all tables: migrating each anew would take its time."""
    engine = make_engine(embedded.create_database(server, MIGRATED))
    migrate(engine)
    engine.dispose()


@contextmanager
def stack(server: EmbeddedServer, name: str = "one", **settings: str) -> Iterator[Stack]:
    """A stack with a migrated, empty database and no part started. Whatever runs at the end is killed."""
    url = embedded.create_database(server, name)
    engine = make_engine(url)
    with MIGRATING:
        migrate(engine)
    engine.dispose()
    with TemporaryDirectory(prefix="carpool-stack-") as folder, mail_server() as mailbox:
        made = Stack(server, url, mailbox, Path(folder), free_port(), settings)
        try:
            yield made
        finally:
            for part in list(made.parts):
                made.kill(part)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port
