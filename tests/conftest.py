"""What all tests share: one embedded PostgreSQL a run, a fresh migrated database a test."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.settings import Settings
from api.store import embedded
from api.store.migrating import migrate
from api.store.session import make_engine, open_session

# Ofcom keeps some numbers for drama: nobody's phone rings because of a test.
os.environ["CARPOOL_TEST_PHONE_NUMBERS"] = "true"

# Nobody presses "stop" in most tests, so nothing waits for it.
os.environ["CARPOOL_PUBLISH_WAIT_SECONDS"] = "0"

# What a developer keeps in .env for trying things out is no business of the tests.
Settings.model_config["env_file"] = None

GEO = Path(__file__).parents[2] / "shared" / "geo"
ROOM = 2 * 1024**3
TEMPLATE = "template_of_tests"
_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.EmbeddedServer]:
    """A real PostgreSQL of this test run's own, with a migrated template database; in memory where that is a folder."""
    with (
        TemporaryDirectory(prefix="carpool-tests-", dir=_memory()) as data,
        embedded.running(Path(data)) as server,
    ):
        engine = make_engine(embedded.create_database(server, TEMPLATE))
        migrate(engine)
        engine.dispose()
        yield server


def _memory() -> str | None:
    """A folder in memory with room for the database, if there is one: what tests write need not outlive the machine."""
    folder = Path("/dev/shm")  # noqa: S108
    roomy = os.access(folder, os.W_OK) and disk_usage(folder).free > ROOM
    return str(folder) if roomy else None


@pytest.fixture
def database_url(server: embedded.EmbeddedServer) -> Iterator[str]:
    """A fresh database with all tables and no rows."""
    name = f"test_{next(_numbers)}"
    yield embedded.create_database(server, name, template=TEMPLATE)
    embedded.drop_database(server, name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A database session; what a test wants others to see it commits itself."""
    with open_session(engine) as session:
        yield session


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data=tmp_path, test_phone_numbers=True)


@pytest.fixture(scope="session")
def geo() -> Path:
    """The folder of official files as published, which lies beside a developer's checkout."""
    if not GEO.is_dir():
        pytest.skip(f"the official files are not at {GEO}")
    return GEO


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last, and plainly, what was not tested."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in sorted(
        {str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple)}
    ):
        terminalreporter.write_line(f"not tested: {reason.removeprefix('Skipped: ')}", yellow=True)
