"""An embedded PostgreSQL 18 in the data folder, shared by all our processes; the last one out stops it.

Each process that uses the database holds a share in a lock file, which the kernel takes back when the process
ends, however it ends. Starting and stopping happen one at a time, behind a second lock.
"""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from .cluster import DATABASE, PORT, USER, Cluster, open_cluster
from .locks import Lease, exclusive, is_held
from .programs import DatabaseUnavailable, wheel_programs

__all__ = [
    "DatabaseUnavailable",
    "EmbeddedServer",
    "create_database",
    "drop_database",
    "running",
    "start",
    "stop",
    "wheel_programs",
]

HOUSEKEEPING_SECONDS = 20.0
ADOPT_SECONDS = 60


@dataclass(frozen=True)
class EmbeddedServer:
    """A running server and our share in it. The addresses hold the password, so they stay out of `repr`."""

    socket_folder: Path
    password: str = field(repr=False)
    cluster: Cluster = field(repr=False)
    lease: Lease = field(repr=False, compare=False)

    @property
    def url(self) -> str:
        """The service's database, for SQLAlchemy."""
        return self.url_of(DATABASE)

    @property
    def conninfo(self) -> str:
        """The service's database, for psycopg and libpq's programs."""
        return self.conninfo_of(DATABASE)

    def url_of(self, database: str) -> str:
        """Another database of this server, for SQLAlchemy."""
        query = urlencode({"host": str(self.socket_folder), "port": PORT, "require_auth": "scram-sha-256"})
        return f"postgresql+psycopg://{USER}:{quote(self.password)}@/{quote(database)}?{query}"

    def conninfo_of(self, database: str) -> str:
        """Another database of this server, for psycopg and libpq's programs."""
        return make_conninfo(
            host=str(self.socket_folder),
            port=PORT,
            user=USER,
            password=self.password,
            dbname=database,
            require_auth="scram-sha-256",
        )


def start(data: Path) -> EmbeddedServer:
    """The server of the data folder `data`: the one that runs already, or made, started or recovered.

    Raises `DatabaseUnavailable` in plain words. Every start needs one `stop`, or the end of the process.
    """
    cluster = open_cluster(data)
    try:
        with exclusive(cluster.home / "gate.lock"):
            lease = Lease(cluster.home / "users.lock")
            try:
                return _adopt_or_launch(cluster, lease)
            except BaseException:
                # Ctrl-C may come while the server starts; what went wrong first is what to report.
                with suppress(DatabaseUnavailable):
                    _leave(cluster, lease)
                raise
    except OSError as error:
        raise DatabaseUnavailable(f"The database in {cluster.home} cannot be used: {error}") from error


def stop(server: EmbeddedServer) -> None:
    """Gives our share back, and stops the server if nobody else uses it. A second call does nothing."""
    cluster = server.cluster
    with exclusive(cluster.home / "gate.lock"):
        _leave(cluster, server.lease)


def revive(server: EmbeddedServer) -> bool:
    """Starts the server again if it has died, at the same address; whether it had."""
    cluster = server.cluster
    with exclusive(cluster.home / "gate.lock"):
        if cluster.is_alive():
            return False
        cluster.launch()
        return True


@contextmanager
def running(data: Path) -> Iterator[EmbeddedServer]:
    """The server of `data` for the block, stopped afterwards, also when SIGTERM or Ctrl-C ends the block."""
    with _termination_as_exit():
        server = start(data)
        try:
            yield server
        finally:
            stop(server)


def create_database(server: EmbeddedServer, name: str, template: str = "template1") -> str:
    """Makes the database `name` as a copy of `template`, to which nobody may be connected; its URL."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _execute(server, statement.format(sql.Identifier(name), sql.Identifier(template)))
    return server.url_of(name)


def drop_database(server: EmbeddedServer, name: str) -> None:
    """Removes the database `name` and ends its connections; does nothing if there is none.

    PostgreSQL's own housekeeping may be at work in it, which our role may not end, and which is soon done.
    """
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    deadline = time.monotonic() + HOUSEKEEPING_SECONDS
    while True:
        try:
            return _execute(server, statement)
        except psycopg.errors.InsufficientPrivilege:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _execute(server: EmbeddedServer, statement: sql.Composed) -> None:
    with closing(psycopg.connect(server.conninfo, autocommit=True)) as connection:
        connection.execute(statement)


def _leave(cluster: Cluster, lease: Lease) -> None:
    """Gives the share back; the last one out stops the server. The caller holds the gate."""
    lease.release()
    if not is_held(cluster.home / "users.lock"):
        cluster.halt()


def _adopt_or_launch(cluster: Cluster, lease: Lease) -> EmbeddedServer:
    """Uses the living server; one whose last processes are still ending is waited for and replaced."""
    deadline = time.monotonic() + ADOPT_SECONDS
    while cluster.is_alive():
        server = _server(cluster, lease)
        if server is not None and _answers(server):
            return server
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(
                f"The database in {cluster.folder} runs but does not answer; see {cluster.log}."
            )
        time.sleep(0.05)
    cluster.launch()
    return EmbeddedServer(cluster.socket_folder(), cluster.password(), cluster, lease)


def _server(cluster: Cluster, lease: Lease) -> EmbeddedServer | None:
    """The server as the files of its start describe it; None before the first start is through."""
    try:
        return EmbeddedServer(cluster.socket_folder(), cluster.password(), cluster, lease)
    except FileNotFoundError:
        return None


def _answers(server: EmbeddedServer) -> bool:
    """Whether the server accepts a log-in now."""
    try:
        psycopg.connect(server.conninfo, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise DatabaseUnavailable(
                f"The database does not accept the password in {server.cluster.home / 'password'}: "
                "put that file back from your backup."
            ) from error
        return False
    return True


@contextmanager
def _termination_as_exit() -> Iterator[None]:
    """SIGTERM ends the block like an exception, so that `finally` runs; another's handler is left alone."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _exit(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
