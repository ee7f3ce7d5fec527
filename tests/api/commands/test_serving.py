"""The service as an operator runs it: up, watched, light, and down again without a trace."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from api.store import embedded
from tests.api.commands.running import run, service
from tests.patience import until

SOLVERS = ("solver of runs", "solver of repairs")


def children(pid: int) -> list[int]:
    """The processes that a process began and that have not ended."""
    found = subprocess.run(
        ["ps", "--no-headers", "-o", "pid", "--ppid", str(pid)], capture_output=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


def child_of(parent: int, but: int = 0) -> int:
    """The one child of `parent` but `but`, when there is one. One look at the list decides: children also end."""
    seen: list[int] = []

    def looked() -> bool:
        seen[:] = [child for child in children(parent) if child != but]
        return len(seen) == 1

    until(looked, f"the one child of {parent}")
    return seen[0]


def solvers_of(worker: int) -> list[int]:
    """One for runs and one for repairs, when both are there."""
    until(lambda: len(children(worker)) == len(SOLVERS), f"the {' and the '.join(SOLVERS)} of {worker}")
    return children(worker)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_cleanly_database_included(tmp_path: Path, number: signal.Signals) -> None:
    data = tmp_path / "a folder"
    with service("serve", data=str(data)) as running:
        assert httpx.get(f"{running.url}/ready").json()["database"] == "ok"
        worker = child_of(running.process.pid)
        solvers = solvers_of(worker)
        assert running.end(number) == 0, running.output
        assert "Traceback" not in running.output
        assert not [pid for pid in (worker, *solvers) if Path(f"/proc/{pid}").exists()]
    # The last one out has stopped the database, so that whoever comes next starts it.
    assert not (next(data.rglob("PG_VERSION")).parent / "postmaster.pid").exists()


def test_a_worker_that_dies_is_replaced(database_url: str) -> None:
    with service("serve", database_url=database_url) as running:
        worker = child_of(running.process.pid)
        os.kill(worker, signal.SIGKILL)
        assert child_of(running.process.pid, but=worker) != worker
        assert running.end() == 0


def test_the_worker_ends_when_the_service_is_killed(database_url: str) -> None:
    with service("serve", database_url=database_url) as running:
        worker = child_of(running.process.pid)
        solvers = solvers_of(worker)
        running.process.kill()
        running.process.wait()
        until(lambda: not any(map(is_alive, (worker, *solvers))), "the end of the worker and its solvers")


def is_alive(pid: int) -> bool:
    """A process that ended and that nobody asked about is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_web_service_alone_is_light(database_url: str) -> None:
    """Under 250 MB after pages were served, and nothing of the solver in it."""
    with service("serve", "--no-worker", database_url=database_url) as running:
        for page in ("/", "/near?postcode=LS6+2AB", "/health"):
            assert httpx.get(running.url + page).status_code == 200
        status = Path(f"/proc/{running.process.pid}/status").read_text()
        kilobytes = int(status.partition("VmRSS:")[2].split()[0])
        assert kilobytes < 250_000
        mapped = Path(f"/proc/{running.process.pid}/maps").read_text()
        assert not [name for name in ("ortools", "numba", "scipy") if f"/{name}/" in mapped]
        assert children(running.process.pid) == []


def test_the_service_never_loads_the_solver(database_url: str) -> None:
    heavy = "{'ortools', 'numba', 'scipy', 'carpool.solver'} & set(sys.modules)"
    check = f"""
import sys
import api.commands.serving, api.commands.main
from api.app import create_app
from api.settings import Settings
create_app(Settings(database_url={database_url!r}))
sys.exit(str({heavy} or '') or 0)
"""
    done = subprocess.run([sys.executable, "-c", check], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_port_in_use_is_said_plainly_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", port=str(port), data=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == (
        f"Port {port} is in use by another program. End that one, or choose another port, "
        f"for example: PORT={port + 1}\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_is_not_this_machine(tmp_path: Path) -> None:
    done = run("serve", host="192.0.2.1", data=str(tmp_path))
    assert (done.returncode, "192.0.2.1" in done.stderr) == (2, True)


def test_senseless_mail_settings_are_said_before_anything_starts(tmp_path: Path) -> None:
    done = run("serve", smtp_url="ftp://ann:s3cret@mail", data=str(tmp_path))
    assert (done.returncode, "CARPOOL_SMTP_URL" in done.stderr) == (2, True)
    assert "s3cret" not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_it_brings_an_empty_database_up(server: embedded.EmbeddedServer) -> None:
    url = embedded.create_database(server, "empty")
    with service("serve", "--no-worker", database_url=url) as running:
        assert httpx.get(f"{running.url}/ready").json()["migrations"] == "ok"


def test_a_database_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with service("serve", "--no-worker", data=str(tmp_path)) as running:

        def health() -> str:
            return str(httpx.get(f"{running.url}/ready", timeout=30).json().get("database"))

        assert health() == "ok"
        process = next(tmp_path.rglob("postmaster.pid"))
        before = process.read_text().splitlines()[0]
        os.kill(int(before), signal.SIGKILL)
        until(lambda: process.exists() and process.read_text().splitlines()[0] != before, "another database")
        until(lambda: health() == "ok", "the service with its database")
        assert running.end() == 0, running.output
