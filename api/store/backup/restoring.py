"""A backup's way back, in one transaction: whoever looks sees all of what was there before, or all of what comes of it.

What must not be undone by going back in time is taken along from the database as it is: who was erased, who is kept
apart or not brought in again, whose account is off, and what was sent. All of it is done before anybody sees a row.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO

import psycopg

from api.store.backup.file import CHUNK, Header, dump_of
from api.store.backup.programs import ProgramFailed, Programs, programs_for, running
from api.store.backup.statements import AFTER, BEFORE, BEGUN, EMPTY, SINCE_17, TABLES_THERE
from api.store.backup.tombstones import Tombstone
from api.store.libpq import libpq_url

FIRST_WITH_TIMEOUT = 17


@dataclass(frozen=True)
class Restored:
    """What became of it. `uncertain`: messages that were on their way when the backup was made, and may have gone out since."""

    header: Header
    stayed_erased: int
    uncertain: int


def is_empty(url: str) -> bool:
    """Whether nobody has begun anything in this database."""
    with psycopg.connect(libpq_url(url)) as connection:
        return _number(connection, TABLES_THERE) < 2 or not _number(connection, BEGUN)


def others(url: str) -> int:
    """How many connections somebody else holds to this database."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with psycopg.connect(libpq_url(url)) as connection:
        return _number(connection, query)


def restore(url: str, path: Path, header: Header, erased: Iterable[Tombstone]) -> Restored:
    """Put the database back to what the backup holds, in place of all that is in it.

    Raises `ProgramFailed`; nothing is changed then.
    """
    programs = programs_for(url)
    _replace(programs, path, list(erased))
    with psycopg.connect(libpq_url(url)) as connection:
        gone = _number(connection, "SELECT stayed_erased FROM public.restored")
        uncertain = _number(connection, "SELECT uncertain FROM public.restored")
        connection.execute("DROP TABLE public.restored")
    return Restored(header, gone, uncertain)


def _replace(programs: Programs, path: Path, erased: list[Tombstone]) -> None:
    words = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--file=-")
    to = f"--dbname={programs.conninfo}"
    # Killed before its last word it commits nothing.
    with running(programs, "psql", *words, to, stdin=PIPE, stdout=DEVNULL) as process:
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            for piece in _script(programs, path, erased):
                process.stdin.write(piece)
        with suppress(BrokenPipeError):
            process.stdin.close()


def _script(programs: Programs, path: Path, erased: list[Tombstone]) -> Iterator[bytes]:
    yield BEFORE.encode()
    for one in erased:
        # A word that we know, a number and a day: nothing in them can be SQL.
        values = f"('{one.what}', '{one.id}', '{one.day}')"
        yield f"INSERT INTO carried_erased VALUES {values} ON CONFLICT DO NOTHING;\n".encode()  # noqa: S608
    yield EMPTY.encode()
    pieces = _statements(programs, path)
    first = next(pieces, b"")
    yield first.replace(SINCE_17, b"") if programs.server < FIRST_WITH_TIMEOUT else first
    yield from pieces
    yield AFTER.encode()


def _statements(programs: Programs, path: Path) -> Iterator[bytes]:
    """The backup as SQL, all of it or an error."""
    words = ("--no-owner", "--no-privileges", "--exit-on-error", "--file=-")
    with running(programs, "pg_restore", *words, stdin=PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        feeder = threading.Thread(target=_feed, args=(path, process.stdin), daemon=True)
        feeder.start()
        while piece := process.stdout.read(CHUNK):
            yield piece
        feeder.join()


def _feed(path: Path, pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError), pipe:
        for piece in dump_of(path):
            pipe.write(piece)


def _number(connection: psycopg.Connection, query: str) -> int:
    found = connection.execute(query.encode()).fetchone()
    return int(found[0]) if found else 0


__all__ = ["ProgramFailed", "Restored", "is_empty", "others", "restore"]
