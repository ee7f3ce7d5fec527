"""Running the commands as an operator does: in processes of their own."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from typer.testing import CliRunner

from api.commands.main import app
from carpool.errors import CarpoolError

PROJECT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 120


def environment(**settings: str) -> dict[str, str]:
    """Ours with the settings, by their names in lower case, and no others."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CARPOOL_")}
    return clean | {f"CARPOOL_{name.upper()}": value for name, value in settings.items()}


def run(*words: str, typed: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """One command from beginning to end."""
    return subprocess.run(
        [sys.executable, "-m", "api", *words],
        input=typed,
        env=environment(**settings),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def call(*words: str, typed: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """The same as `run` but in this process, which is quicker; what `main` does with errors is done here."""
    ours = dict.fromkeys((name for name in os.environ if name.startswith("CARPOOL_")), None)
    env = {**ours, **environment(**settings)}
    result = CliRunner().invoke(app, list(words), input=typed, env=env)
    if isinstance(result.exception, CarpoolError):
        return subprocess.CompletedProcess(words, 2, result.stdout, result.exception.message)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess(words, result.exit_code, result.stdout, result.stderr)


@dataclass
class Service:
    """A service that runs, with what it has printed so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    up: threading.Event = field(default_factory=threading.Event)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    @property
    def url(self) -> str:
        """Where it said that it is."""
        found = re.search(r"The service is at (\S+)", self.output)
        assert found, self.output
        return found[1]

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith("The service is at"):
                self.up.set()
        self.up.set()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def service(*words: str, **settings: str) -> Iterator[Service]:
    """`serve` or `demo` on a free port, with a short wait after publishing, ready to answer.

    Ended by force if the block does not end it.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "api", *words],
        env=environment(**({"port": "0", "publish_wait_seconds": "2"} | settings)),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        started = Service(process)
        reader = threading.Thread(target=started.read)
        reader.start()
        try:
            assert started.up.wait(PATIENCE_SECONDS), started.output
            yield started
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(PATIENCE_SECONDS)
            reader.join()
