"""Two versions during an upgrade: what an older worker does about newer jobs and tables, and a newer one about older tables."""

import asyncio
import inspect
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from procrastinate import App, PsycopgConnector
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.jobs.tasks import make_app
from api.jobs.tools import Tools
from api.store import embedded
from api.store.libpq import libpq_url
from api.store.migrating import NewerTables, migrate
from api.store.session import make_engine, open_session
from tests.api import world
from tests.api.jobs.test_worker import mailbox, wait_for_line, worker
from tests.mail import Mailbox
from tests.patience import until

__all__ = ["mailbox"]
STATES = "SELECT status, attempts FROM procrastinate_jobs WHERE task_name = 'of_tomorrow'"
TOMORROWS = text("UPDATE alembic_version SET version_num = 'of_tomorrow'")
TODAYS = text("UPDATE alembic_version SET version_num = :version")

RELEASED = {
    "answer_repairs": {"timestamp"}, "carry_out_import": {"import_id"}, "carry_out_repair": {"repair_id"},
    "carry_out_run": {"run_id"}, "find_worth": {"run_id"}, "forget_failed_jobs": {"timestamp"}, "list_erased": {"timestamp"},
    "pick_up_messages": {"timestamp"}, "purge": {"timestamp"}, "release_messages": {"campaign_id", "day"},
    "remind": {"timestamp"}, "send_message": {"message_id"},
}  # fmt: skip
"""What a job of each name takes. It never changes: jobs of older versions wait in the queue. Who needs more makes a name."""


def test_a_released_job_takes_what_it_took(tools: Tools) -> None:
    tasks = make_app(PsycopgConnector(), tools).tasks
    ours = {name: one for name, one in tasks.items() if not name.startswith(("procrastinate", "builtin"))}
    takes = {name: set(inspect.signature(one.func).parameters) - {"context"} for name, one in ours.items()}
    assert takes == RELEASED


def do_what_is_due(database_url: str, tools: Tools, more: Any = None) -> None:
    """What a worker of this version does, and with `more` one of a version that has a further job."""
    app = make_app(PsycopgConnector(conninfo=libpq_url(database_url)), tools)
    if more is not None:
        App.task(app, name="of_tomorrow")(more)

    async def go() -> None:
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="successful")

    asyncio.run(go())


def queue_tomorrows(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO procrastinate_jobs (task_name, queue_name, args) VALUES ('of_tomorrow', 'default', '{\"a\": 1}')"
            )
        )


def state(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(STATES)).all()]


def test_a_job_that_an_older_worker_does_not_know_is_left_to_a_newer_one(
    database_url: str, engine: Engine, tools: Tools
) -> None:
    queue_tomorrows(engine)
    do_what_is_due(database_url, tools)
    assert state(engine) == [("todo", 1)]
    done = list[int]()
    with engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
    do_what_is_due(database_url, tools, lambda a: done.append(a))
    assert (done, state(engine)) == ([1], [])


def test_what_no_version_knows_ends_after_a_day(database_url: str, engine: Engine, tools: Tools) -> None:
    queue_tomorrows(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET attempts = 24 * 240"))
    do_what_is_due(database_url, tools)
    assert state(engine)[0][0] == "failed"


@pytest.fixture
def empty(server: embedded.EmbeddedServer) -> Iterator[Engine]:
    engine = make_engine(embedded.create_database(server, "not_migrated_yet"))
    yield engine
    engine.dispose()
    embedded.drop_database(server, "not_migrated_yet")


def waiting_for_a_mail(db: Session) -> str:
    campaign = world.add_campaign(db, coordinator := world.add_coordinator(db))
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, confirmed=False)
    db.commit()
    return world.person_of(db, offer).email


def test_a_worker_that_is_there_before_the_tables_says_so_and_waits(empty: Engine, mailbox: Mailbox) -> None:
    url = empty.url.render_as_string(hide_password=False)
    with worker(url, mailbox, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        wait_for_line(process.stderr, b"the tables are of another version")
        migrate(empty)
        with open_session(empty) as db:
            to = waiting_for_a_mail(db)
        until(lambda: mailbox.to(to), "the message")


def test_a_worker_takes_nothing_more_once_the_tables_are_newer(
    engine: Engine, db: Session, database_url: str, mailbox: Mailbox
) -> None:
    with engine.begin() as connection:
        ours = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    with worker(database_url, mailbox, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        wait_for_line(process.stderr, b"worker started")
        with engine.begin() as connection:
            connection.execute(TOMORROWS)
        wait_for_line(process.stderr, b"the tables are of another version")
        to = waiting_for_a_mail(db)
        with engine.connect() as connection:
            assert connection.execute(
                text("SELECT DISTINCT status FROM procrastinate_jobs")
            ).scalars().all() == ["todo"]
        assert mailbox.to(to) == []
        with engine.begin() as connection:
            connection.execute(TODAYS, {"version": ours})
        until(lambda: mailbox.to(to), "the message")


def test_an_older_version_leaves_newer_tables_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(TOMORROWS)
    with pytest.raises(NewerTables, match="newer version"):
        migrate(engine)
