"""What the tests of the embedded database share: a table with a row, and another process."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg

from api.store.embedded import EmbeddedServer

PROJECT = Path(__file__).resolve().parents[4]

# What another process does: it starts the database, says so, does what it is told, and waits for its end.
USER_PROCESS = """
import sys, time
from pathlib import Path
from api.store.embedded import running, start
{work}
"""

Process = subprocess.Popen[str]
Spawn = Callable[[str], Process]


def names(server: EmbeddedServer) -> list[str]:
    """What the table of these tests holds."""
    with psycopg.connect(server.conninfo) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM person ORDER BY name").fetchall()]


def fill(server: EmbeddedServer) -> None:
    """Makes the table of these tests with one row, committed."""
    with psycopg.connect(server.conninfo) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('Ann')")


def line(process: Process) -> str:
    """The next line that the process says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()
