"""A real OSRM server with the roads of Rutland, built and run from the binaries in the `osrm-bindings` wheel.

The wheel wants Python 3.12 or newer; its programs want none. So it is fetched by `pip download` for that Python, taken apart
as the archive that it is, and its own `osrm-extract`, `osrm-partition`, `osrm-customize` and `osrm-routed` are run, with
the car profile that it brings. That takes some seconds, and nothing is installed.
"""

import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import GEO

EXTRACT = GEO / "rutland-latest.osm.pbf"
STEPS = (
    ("osrm-extract", "-p", "{profiles}/car.lua", "{data}/rutland.osm.pbf"),
    ("osrm-partition", "{data}/rutland.osrm"),
    ("osrm-customize", "{data}/rutland.osrm"),
)
FETCH_SECONDS, STEP_SECONDS, START_SECONDS = 120, 120, 30


@dataclass(frozen=True)
class RealOsrm:
    """The server and what it says of its build."""

    url: str
    version: str

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.url}{path}", timeout=10).json()


@pytest.fixture(scope="session")
def rutland(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealOsrm]:
    """The server on a free port of loopback, for the whole run of the tests."""
    if not EXTRACT.is_file():
        pytest.skip(f"road times of a real server: there is no {EXTRACT}")
    folder = tmp_path_factory.mktemp("osrm")
    wheel = _wheel(folder)
    programs, data = wheel / "osrm" / "bin", folder / "data"
    data.mkdir()
    shutil.copyfile(EXTRACT, data / "rutland.osm.pbf")
    for program, *arguments in STEPS:
        words = [word.format(profiles=wheel / "osrm" / "share" / "profiles", data=data) for word in arguments]
        _run([str(programs / program), *words], STEP_SECONDS)
    port = _free_port()
    listening = ["--algorithm", "mld", "--ip", "127.0.0.1", "--port", str(port), "--verbosity", "WARNING"]
    said = (folder / "routed.log").open("wb")
    server = subprocess.Popen(
        [str(programs / "osrm-routed"), *listening, str(data / "rutland.osrm")], stdout=said, stderr=said
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _await(server, url, folder / "routed.log")
        yield RealOsrm(url, _run([str(programs / "osrm-routed"), "--version"], 10).strip())
    finally:
        server.terminate()
        server.wait(10)
        said.close()


def _wheel(folder: Path) -> Path:
    """The wheel, taken apart. Skips where it cannot be had, or is for another kind of machine."""
    fetching = [
        sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--disable-pip-version-check",
        "--python-version", "3.12", "--only-binary=:all:", "--dest", str(folder), "osrm-bindings",
    ]  # fmt: skip
    try:
        done = subprocess.run(fetching, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"road times of a real server: no osrm-bindings within {FETCH_SECONDS} s")
    found = next(folder.glob("osrm_bindings-*.whl"), None)
    if done.returncode or found is None:
        reason = (done.stderr.strip().splitlines() or ["no wheel"])[-1]
        pytest.skip(f"road times of a real server: no osrm-bindings ({reason[:200]})")
    target = folder / "wheel"
    with zipfile.ZipFile(found) as archive:
        archive.extractall(target)
    for program in (target / "osrm" / "bin").iterdir():
        program.chmod(0o755)
    try:
        subprocess.run(
            [str(target / "osrm" / "bin" / "osrm-routed"), "--version"], capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"road times of a real server: its programs do not run here ({error})")
    return target


def _run(command: list[str], seconds: int) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        assert server.poll() is None, log.read_text(errors="replace")
        try:
            httpx.get(f"{url}/nearest/v1/driving/-0.73,52.67", timeout=1)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server does not answer: {log.read_text(errors='replace')}")
