"""The migrations make the tables that the code expects, once, whoever runs them and however often."""

from concurrent.futures import ThreadPoolExecutor

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from api.store import embedded, tables  # noqa: F401  (tables fills the metadata)
from api.store.migrating import migrate, newest
from api.store.session import make_engine


def ours(obj: object, name: str | None, *_: object) -> bool:
    return not (name or "").startswith("procrastinate")


def test_the_migrations_make_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
        assert connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar() == 0


def test_a_second_time_changes_nothing(engine: Engine) -> None:
    assert migrate(engine) == (newest(), newest())


def test_two_processes_that_migrate_at_once_take_turns(server: embedded.EmbeddedServer) -> None:
    engine = make_engine(embedded.create_database(server, "migrated_twice"))
    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(lambda _: migrate(engine), range(2)))
    engine.dispose()
    embedded.drop_database(server, "migrated_twice")
    assert sorted(results, key=str) == [(newest(), newest()), (None, newest())]
