"""Connections: one that has rested is tried before it is used, and none keeps its locks for ever."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from api.store import session
from api.store.session import make_engine, open_session, own_transaction
from tests.connections import END_OTHERS

LOCK = text("SELECT pg_advisory_xact_lock(20260605)")
IDLE = text("SHOW idle_in_transaction_session_timeout")


def after_a_restart(engine: Engine) -> int:
    """What the pool's one connection answers after the database has ended it."""
    pooled = make_engine(engine.url.render_as_string(hide_password=False))
    with pooled.connect() as connection:
        connection.execute(text("SELECT 1"))
    with engine.begin() as connection:
        connection.execute(text(END_OTHERS))
    try:
        with pooled.connect() as connection:
            return int(connection.execute(text("SELECT 1")).scalar_one())
    finally:
        pooled.dispose()


def test_one_that_has_rested_is_made_anew_where_it_is_gone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "REST_SECONDS", 0.0)
    assert after_a_restart(engine) == 1


def test_one_that_was_used_a_moment_ago_is_not_tried(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "REST_SECONDS", 60.0)
    with pytest.raises(OperationalError):
        after_a_restart(engine)


def test_a_transaction_whose_machine_is_frozen_gives_its_locks_back(engine: Engine) -> None:
    frozen = make_engine(engine.url.render_as_string(hide_password=False), idle_seconds=0.5)
    with frozen.connect() as one, engine.begin() as other:
        one.execute(LOCK)
        other.execute(LOCK)
        with pytest.raises(OperationalError, match="idle-in-transaction"):
            one.execute(text("SELECT 1"))
    frozen.dispose()


def test_every_connection_asks_for_that(engine: Engine) -> None:
    pooled = make_engine(engine.url.render_as_string(hide_password=False))
    with open_session(pooled) as db, own_transaction(db) as own:
        assert [each.connection().execute(IDLE).scalar_one() for each in (db, own)] == ["3min", "3min"]
    pooled.dispose()
