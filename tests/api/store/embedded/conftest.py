"""A data folder for each test, with a hard path, and other processes that use the embedded database in it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.embedded import EmbeddedServer, start, stop
from api.store.embedded.cluster import open_cluster
from tests.api.store.embedded.helpers import PROJECT, USER_PROCESS, Process, Spawn


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder that does not exist yet, whose path is longer than a socket's may be, and odd.

    A server that a test leaves behind, because it killed who would have stopped it, is stopped afterwards.
    """
    folder = tmp_path / "a folder's $HOME" / ("long" * 30)
    yield folder
    if folder.is_dir() and (cluster := open_cluster(folder)).is_alive():
        cluster.halt()


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedServer]:
    """A running server in the data folder."""
    started = start(data)
    yield started
    stop(started)


@pytest.fixture
def spawn(data: Path) -> Iterator[Spawn]:
    """Starts another process that runs the given lines on the data folder; killed afterwards."""
    processes: list[Process] = []

    def run(work: str) -> Process:
        command = [sys.executable, "-c", USER_PROCESS.format(work=work), str(data)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=PROJECT, start_new_session=True
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.communicate()
