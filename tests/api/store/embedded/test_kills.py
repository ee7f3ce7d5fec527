"""Processes are killed for good, and the next start finds everything that was committed."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from api.store.embedded import EmbeddedServer, running, start, stop
from api.store.embedded.cluster import Cluster
from tests.api.store.embedded.helpers import Spawn, fill, line, names


def postmaster(cluster: Cluster) -> int:
    return int((cluster.folder / "postmaster.pid").read_text().split()[0])


def kill_server(cluster: Cluster) -> None:
    """Kills the database's first process; the others notice and end, which may take them a moment."""
    os.kill(postmaster(cluster), signal.SIGKILL)


def wait_until_dead(cluster: Cluster) -> None:
    while cluster.is_alive():
        time.sleep(0.01)


def test_a_killed_user_leaves_a_server_that_the_next_one_takes_over(data: Path, spawn: Spawn) -> None:
    process = spawn(
        "server = start(Path(sys.argv[1])); print(server.socket_folder, flush=True); time.sleep(600)"
    )
    folder = line(process)
    process.kill()
    process.wait()
    server = start(data)
    assert str(server.socket_folder) == folder
    fill(server)
    stop(server)
    assert not server.cluster.is_alive()


def test_a_killed_user_does_not_take_the_server_from_the_others(server: EmbeddedServer, spawn: Spawn) -> None:
    process = spawn("server = start(Path(sys.argv[1])); print('up', flush=True); time.sleep(600)")
    assert line(process) == "up"
    process.kill()
    process.wait()
    fill(server)
    assert names(server) == ["Ann"]


def test_a_killed_server_is_recovered_at_the_same_address(server: EmbeddedServer, data: Path) -> None:
    fill(server)
    for _ in range(3):
        kill_server(server.cluster)
        again = start(data)
        assert again == server
        assert names(server) == ["Ann"]
        stop(again)
    assert "was not properly shut down" in server.cluster.log.read_text()


def test_a_server_killed_with_a_busy_connection_is_recovered(server: EmbeddedServer, data: Path) -> None:
    with closing(psycopg.connect(server.conninfo)) as connection:
        connection.execute("CREATE TABLE half_written (id int)")
        kill_server(server.cluster)
        with running(data) as again, psycopg.connect(again.conninfo) as other:
            assert other.execute("SELECT to_regclass('half_written')").fetchone() == (None,)


@contextmanager
def process_of_the_account(cluster: Cluster) -> Iterator[int]:
    """The id of a living process that has nothing to do with the database, but is the same user's."""
    uid, gid = cluster.account.uid, cluster.account.gid
    with subprocess.Popen(
        ["sleep", "600"], user=uid, group=gid, extra_groups=None if uid is None else []
    ) as sleeper:
        try:
            yield sleeper.pid
        finally:
            sleeper.kill()


def test_a_process_id_that_went_to_another_process_does_not_stop_the_start(data: Path) -> None:
    """As after a reboot: the file names a living process, and PostgreSQL alone would refuse to start."""
    server = start(data)
    fill(server)
    kill_server(server.cluster)
    wait_until_dead(server.cluster)
    file = server.cluster.folder / "postmaster.pid"
    with process_of_the_account(server.cluster) as pid:
        file.write_text(file.read_text().replace(file.read_text().split()[0], str(pid), 1))
        with running(data) as again:
            assert names(again) == ["Ann"]
    stop(server)


def test_a_creation_that_was_killed_is_begun_again(data: Path, spawn: Spawn) -> None:
    process = spawn("start(Path(sys.argv[1]))")
    unfinished = data / "postgres" / "cluster.new"
    while not (unfinished / "base").exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert not (data / "postgres" / "cluster").exists()
    with running(data) as server:
        fill(server)
        assert names(server) == ["Ann"]


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.1, 0.15])
def test_a_kill_at_any_moment_of_a_later_start_is_harmless(data: Path, spawn: Spawn, delay: float) -> None:
    with running(data) as server:
        fill(server)
    process = spawn("print('go', flush=True); start(Path(sys.argv[1])); time.sleep(600)")
    assert line(process) == "go"
    time.sleep(delay)
    process.kill()
    process.wait()
    with running(data) as again:
        assert names(again) == ["Ann"]
    assert not again.cluster.is_alive()
