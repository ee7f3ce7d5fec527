"""Limits hold across processes, restarts and many tries at once, and hurt nobody else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api import limits
from api.app import create_app
from api.settings import Settings
from tests.api.conftest import ORIGIN, settings_of
from tests.api.probe import hidden_fields, with_probes


@contextmanager
def from_address(app: FastAPI, address: str) -> Iterator[TestClient]:
    headers = {"Origin": ORIGIN}
    with TestClient(app, ORIGIN, headers=headers, client=(address, 1), follow_redirects=False) as client:
        yield client


def send(client: TestClient) -> int:
    token = hidden_fields(client.get("/probe/form").text)["csrf"]
    return int(client.post("/probe/few", data={"csrf": token}).status_code)


def test_the_limit_is_the_limit(probed: FastAPI) -> None:
    with from_address(probed, "198.51.100.1") as client:
        assert [send(client) for _ in range(limits.FORMS.most)] == [200] * limits.FORMS.most
        assert send(client) == 429
    with from_address(probed, "198.51.100.2") as other:
        assert send(other) == 200


def test_it_says_when_to_come_back(probed: FastAPI) -> None:
    with from_address(probed, "198.51.100.1") as client:
        for _ in range(limits.FORMS.most):
            send(client)
        token = hidden_fields(client.get("/probe/form").text)["csrf"]
        answer = client.post("/probe/few", data={"csrf": token})
    assert re.fullmatch(r"3[56]\d\d", answer.headers["retry-after"])
    assert "wait" in answer.text


def test_another_process_counts_along(probed: FastAPI, settings: Settings, engine: Engine) -> None:
    with from_address(probed, "198.51.100.1") as client:
        for _ in range(limits.FORMS.most):
            send(client)
    with from_address(with_probes(create_app(settings, engine)), "198.51.100.1") as restarted:
        assert send(restarted) == 429


def test_a_claimed_address_does_not_help(probed: FastAPI) -> None:
    with from_address(probed, "198.51.100.1") as client:
        for number in range(limits.FORMS.most):
            client.headers["X-Forwarded-For"] = f"203.0.113.{number}"
            assert send(client) == 200
        assert send(client) == 429


def test_behind_our_own_proxy_each_address_has_its_own(settings: Settings, engine: Engine) -> None:
    behind = settings_of(**{**settings.model_dump(), "trusted_proxies": "127.0.0.1"})
    with from_address(with_probes(create_app(behind, engine)), "127.0.0.1") as client:
        for number in range(limits.FORMS.most + 1):
            client.headers["X-Forwarded-For"] = f"203.0.113.{number}"
            assert send(client) == 200


@pytest.mark.parametrize("column", ["what", "who"])
def test_no_address_is_kept(probed: FastAPI, engine: Engine, column: str) -> None:
    with from_address(probed, "198.51.100.1") as client:
        assert send(client) == 200
    with engine.connect() as connection:
        kept = connection.execute(text(f"SELECT {column} FROM attempt")).scalars().one()  # noqa: S608  fixed names
    assert "198.51" not in str(kept)
    assert b"198.51" not in bytes(str(kept), "utf-8")
