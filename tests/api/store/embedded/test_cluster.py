"""What cannot work is refused in plain words, and nothing is half-made."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.embedded import DatabaseUnavailable, EmbeddedServer, running, start
from api.store.embedded.cluster import LARGEST_LOG, explain


def cluster_of(data: Path) -> Path:
    return data / "postgres" / "cluster"


def test_a_folder_of_another_version_is_refused(data: Path) -> None:
    with running(data):
        pass
    (cluster_of(data) / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseUnavailable, match=r"made by PostgreSQL 17.*runs PostgreSQL 18"):
        start(data)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DatabaseUnavailable, match=r"data folder .*data.* cannot be used: File exists"):
        start(tmp_path / "data")


def test_a_missing_password_is_said_and_its_return_heals(data: Path) -> None:
    with running(data):
        pass
    password = data / "postgres" / "password"
    password.rename(data / "aside")
    with pytest.raises(DatabaseUnavailable, match=r"password is missing"):
        start(data)
    (data / "aside").rename(password)
    with running(data):
        pass


def test_a_wrong_password_is_said_at_once(server: EmbeddedServer, data: Path) -> None:
    password = data / "postgres" / "password"
    password.write_text("another")
    with pytest.raises(DatabaseUnavailable, match="does not accept the password"):
        start(data)


def test_the_operators_own_settings_are_kept(data: Path) -> None:
    with running(data):
        pass
    (cluster_of(data) / "local.conf").write_text("no_such_setting = 1\n")
    (cluster_of(data) / "local.conf").chmod(0o644)
    with pytest.raises(DatabaseUnavailable, match="no_such_setting"):
        start(data)
    (cluster_of(data) / "local.conf").unlink()
    with running(data):
        pass


def test_a_long_log_is_put_aside(data: Path) -> None:
    with running(data) as server:
        pass
    with server.cluster.log.open("a") as log:
        log.write("x" * LARGEST_LOG)
    with running(data):
        assert server.cluster.log.stat().st_size < LARGEST_LOG
        assert (cluster_of(data) / "server.log.1").stat().st_size > LARGEST_LOG


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 30 MB, too small for a cluster; only root may make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can make a small file system")
    mount = ["mount", "-t", "tmpfs", "-o", "size=30m,mode=700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no file systems can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_leaves_nothing_half_made(small_disk: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"disk that holds .* is full"):
        start(small_disk)
    assert not cluster_of(small_disk).exists()
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    with running(small_disk):
        pass


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("initdb: error: could not write file: No space left on device", "is full"),
        ("FATAL:  could not create any Unix-domain sockets", "cannot open its socket"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "not enough memory"),
        ('FATAL:  lock file "postmaster.pid" already exists', "stop it first"),
        ("something\n\nelse", "failed (pg_ctl). It said:\n  something\n  else"),
    ],
)
def test_postgresql_is_put_in_plain_words(said: str, words: str) -> None:
    assert words in explain("pg_ctl", Path("data"), said)
