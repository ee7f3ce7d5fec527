"""The pool's connections: one that has rested is tried before it is used."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from api.store import session
from api.store.session import make_engine
from tests.connections import END_OTHERS


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
