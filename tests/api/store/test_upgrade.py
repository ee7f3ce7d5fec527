"""An upgrade loses nothing, from whichever version: rows in every table, and the service reads them afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlmodel import Session

from api.app import create_app
from api.edge import cookies
from api.services import record
from api.settings import Settings
from api.store import embedded
from api.store.migrating import config, migrate, newest
from api.store.session import make_engine, open_session
from tests.api import world
from tests.api.conftest import browser
from tests.api.store import old_database as old
from tests.api.store import old_rows
from tests.benchmarks.console.addresses import addresses
from tests.benchmarks.console.filling import Scene

REVISIONS = [one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()][::-1]
"""From the first to the last. Each may be what somebody runs."""
NO_MORE = {"draft": {"kind"}}
"""Columns that a migration takes away on purpose: a draft is of either kind since."""
WORKED_OUT = {"planned": {"details", "back_at"}}
"""Columns that a migration works out anew for the rows that are there."""
Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


@pytest.fixture
def empty(server: embedded.EmbeddedServer) -> Iterator[Engine]:
    engine = make_engine(embedded.create_database(server, "of_old"))
    yield engine
    engine.dispose()
    embedded.drop_database(server, "of_old")


def content(connection: Connection) -> Rows:
    """Every row of ours by its key."""
    found: Rows = {}
    for name, table in old.reflected(connection).items():
        rows = connection.execute(sa.select(table)).mappings().all()
        key = [column.name for column in table.primary_key]
        found[name] = {tuple(row[one] for one in key): dict(row) for row in rows}
    return found


def lost(before: Rows, after: Rows) -> list[str]:
    """Which rows are gone, and which of their values are others than they were."""
    found = [
        f"{name} {key}" for name, rows in before.items() for key in rows if key not in after.get(name, {})
    ]
    for name, rows in before.items():
        passed_over = NO_MORE.get(name, set()) | WORKED_OUT.get(name, set())
        for key, row in rows.items():
            now = after.get(name, {}).get(key, row)
            found += [
                f"{name} {key}: {column}: {value} → {now.get(column)}"
                for column, value in row.items()
                if column not in passed_over and (column not in now or now[column] != value)
            ]
    return found


def test_nothing_is_lost_from_the_first_version_to_this_one(empty: Engine, settings: Settings) -> None:
    with empty.begin() as connection:
        old.upgrade(connection, REVISIONS[0])
        old.fill_first(connection)
        before, jobs = content(connection), queued(connection)
    assert all(before.values())
    assert migrate(empty) == (REVISIONS[0], newest())
    with empty.connect() as connection:
        assert lost(before, content(connection)) == []
        assert queued(connection) == jobs
    with open_session(empty) as db:
        pages_answer(db, empty, settings)


def test_nothing_is_lost_on_the_way_through_every_version(empty: Engine, settings: Settings) -> None:
    """Each finds a row in every table that there was; what it brings itself is filled before the next."""
    with empty.begin() as connection:
        old.upgrade(connection, REVISIONS[0])
        old.fill_first(connection)
    for revision in REVISIONS[1:]:
        with empty.begin() as connection:
            before = content(connection)
            old.upgrade(connection, revision)
            assert (revision, lost(before, content(connection))) == (revision, [])
            old.fill_empty(connection)
    with open_session(empty) as db:
        assert record.verify(db).broken_at is None
        pages_answer(db, empty, settings)


def queued(connection: Connection) -> list[object]:
    return list(connection.execute(sa.text("SELECT args FROM procrastinate_jobs")).scalars())


def pages_answer(db: Session, engine: Engine, settings: Settings) -> None:
    """The driver's, the rider's, the public ones and every one of the coordinator's."""
    app = create_app(settings, make_engine(engine.url.render_as_string(hide_password=False)))
    for cookie, words in (
        (old_rows.DRIVES, ("Rafi", old_rows.TITLE)),
        (old_rows.RIDES, ("Dora", "Ford Fiesta", old_rows.TITLE)),
    ):
        with browser(app) as volunteer:
            volunteer.cookies.set(cookies.PRIVATE.name, cookie)
            page = volunteer.get("/my")
            assert page.status_code == 200 and all(word in page.text for word in words)
            assert volunteer.get("/my/data.json").status_code == 200
            assert volunteer.get("/my/calendar.ics").status_code == 200
    with browser(app) as visitor:
        assert old_rows.TITLE in visitor.get(f"/c/{old_rows.SLUG}/places/{world.LEEDS_NORTH_WEST}").text
    with browser(app) as coordinator:
        coordinator.cookies.set(cookies.LOGIN.name, old_rows.LOGIN)
        found = addresses(app, db, Scene(old_rows.SLUG, str(old_rows.DAY), 2, 0.0))
        answers = {path: coordinator.get(path).status_code for path in found.values() if path is not None}
    assert len(answers) > 30
    assert {path: status for path, status in answers.items() if status >= 500} == {}
    assert sum(status == 200 for status in answers.values()) > 25


def test_a_lost_row_and_a_changed_value_are_seen(empty: Engine) -> None:
    """The comparison above would say so."""
    with empty.begin() as connection:
        old.upgrade(connection, REVISIONS[0])
        ids = old.fill_first(connection)
        before = content(connection)
        connection.execute(sa.text("DELETE FROM attempt"))
        connection.execute(sa.text("UPDATE person SET name = 'x' WHERE id = :id"), {"id": ids.driver})
        after = content(connection)
    assert [one.split()[0] for one in lost(before, after)] == ["attempt", "person"]
