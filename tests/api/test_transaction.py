"""Committed before the answer, rolled back on any failure, and never changed by loading a page."""

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select
from starlette.testclient import TestClient

from api.store.session import open_session
from api.store.tables import Coordinator


def count(engine: Engine) -> int:
    with open_session(engine) as db:
        return db.exec(select(func.count()).select_from(Coordinator)).one()


def test_what_a_handler_did_is_there_when_its_answer_is(visitor: TestClient, engine: Engine) -> None:
    assert visitor.post("/v1/probe/save").status_code == 200
    assert count(engine) == 1


def test_a_handler_that_refuses_leaves_nothing(visitor: TestClient, engine: Engine) -> None:
    assert visitor.post("/v1/probe/save?fail").status_code == 409
    assert count(engine) == 0


def test_a_commit_that_fails_is_no_success(visitor: TestClient, engine: Engine) -> None:
    answer = visitor.post("/v1/probe/save?cut")
    assert answer.status_code == 503
    assert "saved" not in answer.text
    assert count(engine) == 0


def test_a_broken_constraint_is_no_success(visitor: TestClient, engine: Engine) -> None:
    assert visitor.post("/v1/probe/save").status_code == 200
    assert visitor.post("/v1/probe/save").status_code == 500
    assert count(engine) == 1


def test_loading_a_page_cannot_change_anything(visitor: TestClient, engine: Engine) -> None:
    assert visitor.get("/probe/save").status_code == 500
    assert count(engine) == 0


@pytest.mark.parametrize("times", [3])
def test_a_connection_that_read_only_can_write_again(visitor: TestClient, engine: Engine, times: int) -> None:
    for number in range(times):
        assert visitor.get("/probe/named/ann").status_code == 200
        assert visitor.post(f"/v1/probe/save?email={number}").status_code == 200
    assert count(engine) == times
