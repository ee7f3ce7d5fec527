"""Taking a backup while everything runs: rows are counted in the very snapshot that pg_dump writes down."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from api.store.backup.file import CHUNK, Header, Writer, writing
from api.store.backup.programs import Programs, programs_for, running
from api.store.libpq import libpq_url

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
RECORD = "SELECT id || ':' || encode(hash, 'hex') FROM audit ORDER BY id DESC LIMIT 1"


def take(url: str, path: Path, version: str) -> Header:
    """Write a backup of the database to `path`, whose folder is there.

    Raises `ProgramFailed` or `OSError`; then it is not there.
    """
    programs = programs_for(url)
    with psycopg.connect(libpq_url(url)) as connection, writing(path) as (writer, header):
        connection.execute(SNAPSHOT)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        tables, record = counted(connection)
        _dump(programs, snapshot, writer)
        revision = _one(connection, "SELECT version_num FROM alembic_version")
        said = Header(made_at, revision, version, str(programs.server), tables, record)
        header.append(Header(**{**said.__dict__, "bytes": writer.bytes, "sha256": writer.sha256}))
    return header[0]


def counted(connection: psycopg.Connection) -> tuple[dict[str, int], str]:
    """How many rows each table has, and the last entry of the record."""
    names = [str(row[0]) for row in connection.execute(TABLES).fetchall()]
    count = sql.SQL("SELECT count(*) FROM public.{}")
    tables = {}
    for name in names:
        found = connection.execute(count.format(sql.Identifier(name))).fetchone()
        tables[name] = int(found[0]) if found else 0
    return tables, _one(connection, RECORD)


def _dump(programs: Programs, snapshot: str, writer: Writer) -> None:
    words = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
    with running(programs, "pg_dump", *words, f"--dbname={programs.conninfo}") as process:
        assert process.stdout is not None
        while piece := process.stdout.read(CHUNK):
            writer.write(piece)


def _one(connection: psycopg.Connection, query: str) -> str:
    found = connection.execute(query.encode()).fetchone()
    return str(found[0]) if found else ""
