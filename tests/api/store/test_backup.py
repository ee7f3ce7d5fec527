"""The parts of a backup: its file, the programs that make it, and the list of who was erased."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from api.store import backup
from api.store.backup import Tombstone, programs
from api.store.backup.file import Header, dump_of, writing
from api.store.embedded import DatabaseUnavailable, EmbeddedServer, wheel_programs

HEADER = Header("2026-11-26T20:00:00+00:00", "0025", "0.1.0", "18", {"person": 2}, "3:ab")
WRITES_FOR_EVER = """
import sys
from pathlib import Path
from api.store.backup.file import writing
with writing(Path(sys.argv[1])) as (writer, header):
    while True:
        writer.write(b"x" * 1000)
"""


def written(path: Path, content: bytes) -> Header:
    with writing(path) as (writer, header):
        for start in range(0, len(content), 7):
            writer.write(content[start : start + 7])
        header.append(Header(**{**HEADER.__dict__, "bytes": writer.bytes, "sha256": writer.sha256}))
    return header[0]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.backup"
    said = written(path, b"what pg_dump wrote")
    assert backup.verify(path) == said == backup.read_header(path)
    assert b"".join(dump_of(path)) == b"what pg_dump wrote"
    assert path.stat().st_mode & 0o077 == 0


def test_one_that_is_killed_leaves_what_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "one.backup"
    said = written(path, b"the one before")
    with subprocess.Popen(
        [sys.executable, "-c", WRITES_FOR_EVER, str(path)], env=os.environ.copy()
    ) as process:
        while not any(one.stat().st_size > 100_000 for one in tmp_path.glob("*.unfinished")):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert backup.verify(path) == said


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no room"), writing(tmp_path / "one.backup") as (writer, _):
        writer.write(b"half")
        raise OSError("no room")
    assert list(tmp_path.iterdir()) == []


def test_the_password_is_in_no_list_of_processes_and_no_log(server: EmbeddedServer) -> None:
    found = programs.programs_for(server.url)
    assert found.password == server.password
    assert server.password not in " ".join(found.command("pg_dump", found.conninfo)) + repr(found)
    assert found.environment["PGPASSWORD"] == server.password


def test_programs_as_old_as_the_server_or_those_that_came_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "pg_dump"
    fake.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 16.4'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert programs._folder(16) == tmp_path
    assert programs._folder(15) == programs._folder(18) == wheel_programs()
    with pytest.raises(DatabaseUnavailable, match="PostgreSQL 19"):
        programs._folder(19)


def test_what_a_program_says_about_rows_is_not_repeated() -> None:
    said = b"psql: ERROR:  duplicate key\nDETAIL:  Key (email)=(dora@example.org) already exists.\nCONTEXT: Dora\n"
    assert programs.reason("psql", said).message == "psql failed: psql: ERROR:  duplicate key"


def test_the_list_is_read_as_it_was_kept(tmp_path: Path) -> None:
    today = date(2026, 11, 26)
    some = {Tombstone(today, what, uuid4()) for what in ("person", "host", "coordinator")}
    assert backup.keep(tmp_path, some, today) == 3
    assert backup.read(tmp_path / backup.NAME) == some
    assert backup.read(tmp_path / "none") == set()
    for damaged in ("2026-11-26 person x", "2026-11-26 nobody " + str(uuid4()), "rubbish"):
        (tmp_path / backup.NAME).write_text(damaged)
        with pytest.raises(ValueError):
            backup.read(tmp_path / backup.NAME)
