"""The database of a command: the one that the settings name, or the embedded one for as long as the command runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine

from api.logs import log
from api.settings import Settings
from api.store import embedded
from api.store.embedded import DatabaseUnavailable, EmbeddedServer
from api.store.libpq import libpq_url
from api.store.migrating import migrate, newest, revision
from api.store.session import CONNECT_SECONDS, make_engine
from carpool.errors import CarpoolError

LOOK_SECONDS = 1.0

SETTING = "CARPOOL_DATABASE_URL"


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of a database that answers. Raises `DatabaseUnavailable` in plain words."""
    if settings.database_url is None:
        with embedded.running(settings.data) as server, _kept_alive(server):
            yield server.url
    else:
        reach(settings.database_url)
        yield settings.database_url


@contextmanager
def _kept_alive(server: EmbeddedServer) -> Iterator[None]:
    """Looks after the server during the block: nobody is there at 6 a.m. to start one again that was killed."""
    ending = threading.Event()
    keeper = threading.Thread(target=_keep_alive, args=(server, ending), name="database keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def _keep_alive(server: EmbeddedServer, ending: threading.Event) -> None:
    while not ending.wait(LOOK_SECONDS):
        try:
            if embedded.revive(server):
                log.error("the database ended by itself and was started again")
        except (DatabaseUnavailable, OSError):
            log.error("the database ended by itself and cannot be started again yet")


@contextmanager
def migrated(settings: Settings) -> Iterator[Engine]:
    """The database with the tables of this version. Only our own, embedded one is brought there unasked."""
    with database(settings) as url, engine_of(url) as engine:
        if settings.database_url is None:
            migrate(engine)
        elif revision(engine) != newest():
            raise CarpoolError(
                "The database does not have the tables of this version. Run: python -m api migrate"
            )
        yield engine


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def reach(url: str) -> None:
    """Log in once. The error says which server and why, never with which password."""
    try:
        psycopg.connect(libpq_url(url), connect_timeout=CONNECT_SECONDS).close()
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            f"The database {_name(url)} cannot be reached: {_reason(error)} See {SETTING}."
        ) from None
    except psycopg.ProgrammingError:
        raise DatabaseUnavailable(f"{SETTING} is no address of a PostgreSQL database.") from None


def _name(url: str) -> str:
    parts = conninfo_to_dict(libpq_url(url))
    return f"{parts.get('dbname', '')} at {parts.get('host', 'this machine')}:{parts.get('port', 5432)}"


def _reason(error: psycopg.OperationalError) -> str:
    """The server's last word, on one line."""
    lines = str(error).strip().splitlines() or ["it gave no reason"]
    return lines[-1].strip().rstrip(".") + "."
