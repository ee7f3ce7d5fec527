"""PostgreSQL's own programs for a database: those on the path if they are as old as its server, else those of the wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api.store.embedded.programs import MAJOR_VERSION, DatabaseUnavailable, wheel_programs
from api.store.libpq import libpq_url
from carpool.errors import CarpoolError

VERSION_NUMBER = 10_000


class ProgramFailed(CarpoolError):
    """pg_dump, pg_restore or psql ended with an error."""


@dataclass(frozen=True)
class Programs:
    """Where they are, and how they reach the database.

    The password goes by the environment, where no list of processes shows it.
    """

    folder: Path
    conninfo: str
    server: int
    password: str = field(repr=False, default="")

    def command(self, name: str, *words: str) -> list[str]:
        return [str(self.folder / name), *words]

    @property
    def environment(self) -> dict[str, str]:
        secret = {"PGPASSWORD": self.password} if self.password else {}
        return {"PATH": os.defpath, "LC_ALL": "C", "PGCLIENTENCODING": "UTF8", **secret}


def programs_for(url: str) -> Programs:
    """Raises `DatabaseUnavailable` if there are none that know the server's version."""
    parts = conninfo_to_dict(libpq_url(url))
    password = str(parts.pop("password", "") or "")
    with psycopg.connect(libpq_url(url)) as connection:
        server = connection.info.server_version // VERSION_NUMBER
    return Programs(_folder(server), make_conninfo("", **parts), server, password)


def _folder(server: int) -> Path:
    found = shutil.which("pg_dump")
    if found and server != int(MAJOR_VERSION) and _major(Path(found)) == server:
        return Path(found).parent
    if server <= int(MAJOR_VERSION):
        return wheel_programs()
    raise DatabaseUnavailable(
        f"The server is PostgreSQL {server}: put its own pg_dump, pg_restore and psql on the path, "
        f"those that come with this service are of version {MAJOR_VERSION}."
    )


def _major(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)\.", said)
    return int(found[1]) if found else 0


@contextmanager
def running(
    programs: Programs, name: str, *words: str, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[bytes]]:
    """One of them for the block, which reads and writes to its end. A block that breaks off kills it.

    Raises `ProgramFailed` with what it said if it ended with an error.
    """
    with subprocess.Popen(
        programs.command(name, *words),
        env=programs.environment,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read()
    if process.returncode:
        raise reason(name, said)


def reason(program: str, said: bytes) -> ProgramFailed:
    """What the program said first, without the lines that quote rows: some of what they hold is personal."""
    lines = said.decode(errors="replace").splitlines()
    words = next(
        (line for line in lines if "rror" in line or "ERROR" in line),
        lines[-1] if lines else "it gave no reason",
    )
    return ProgramFailed(f"{program} failed: {words.strip()[:300]}")
