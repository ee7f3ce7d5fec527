"""Who gets the figures for Prometheus, over real HTTP, and what a look at them leaves in the log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import Engine

from api.settings import Settings
from api.store.session import make_engine
from tests.api.test_health import NOWHERE
from tests.api.test_logs import EMAIL, POSTCODE, SECRETS, TOKEN, serving
from tests.api.watched import KEY, SIGNED, app_with, samples

HERE = ip_network("127.0.0.1/32")


@pytest.fixture
def watched(settings: Settings, engine: Engine) -> FastAPI:
    return app_with(settings, engine, metrics_token=KEY)


def test_nobody_gets_them_unless_it_is_set_up(app: FastAPI) -> None:
    with serving(app) as address:
        for headers in ({}, SIGNED, {"Authorization": "Bearer"}):
            answer = httpx.get(f"{address}/metrics", headers=headers)
            assert (answer.status_code, "carpool_" in answer.text) == (404, False)


def test_whoever_has_the_token_gets_them_and_nobody_else(watched: FastAPI) -> None:
    with serving(watched) as address:
        assert httpx.get(f"{address}/metrics", headers=SIGNED).status_code == 200
        for wrong in ("", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", f"Basic {KEY}", KEY, "Bearer Kéy"):
            answer = httpx.get(f"{address}/metrics", headers={b"Authorization": wrong.encode()})
            assert (answer.status_code, "carpool_" in answer.text) == (404, False), wrong
        assert httpx.get(f"{address}/metrics", params={"token": KEY}).status_code == 404


@contextmanager
def from_here(settings: Settings, engine: Engine, *networks: str, **values: Any) -> Iterator[str]:
    named = tuple(map(ip_network, networks))
    with serving(app_with(settings, engine, metrics_from=named, **values)) as address:
        yield f"{address}/metrics"


def test_an_address_that_is_named_gets_them(settings: Settings, engine: Engine) -> None:
    with from_here(settings, engine, "127.0.0.0/8") as address:
        assert httpx.get(address).status_code == 200
    with from_here(settings, engine, "10.0.0.0/8") as address:
        assert httpx.get(address).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_comes_through_a_proxy_has_no_address(settings: Settings, engine: Engine, header: str) -> None:
    """On this machine, too: everybody would come from there."""
    with from_here(settings, engine, "127.0.0.0/8") as address:
        assert httpx.get(address, headers={header: "127.0.0.1"}).status_code == 404
    with from_here(settings, engine, "127.0.0.0/8", trusted_proxies=(HERE,)) as address:
        assert httpx.get(address, headers={header: "127.0.0.1"}).status_code == 404
        assert httpx.get(address).status_code == 404


def test_a_short_token_is_refused_in_production() -> None:
    there = {"environment": "production", "secret_key": "k" * 48, "base_url": "https://lifts.example.org"}
    assert Settings(**there, metrics_token="t" * 32).metrics_token  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="CARPOOL_METRICS_TOKEN"):
        Settings(**there, metrics_token="t" * 31)  # type: ignore[arg-type]
    assert KEY not in repr(Settings(metrics_token=KEY))


def test_looks_are_logged_quietly_and_without_the_token(
    settings: Settings, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    loud = {"environment": "production", "log_level": "debug", "metrics_token": KEY}
    with serving(app_with(settings, engine, **loud)) as address:
        httpx.get(f"{address}/metrics?postcode={POSTCODE}", headers=SIGNED)
        httpx.get(f"{address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        httpx.get(f"{address}/ready?email={EMAIL}", headers={"Authorization": f"Bearer {TOKEN}"})
    written = capfd.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    shown = [(line["route"], line["status"], line["level"]) for line in lines if line["event"] == "request"]
    assert shown == [("/metrics", 200, "debug"), ("/metrics", 404, "debug"), ("/ready", 200, "debug")]
    assert [secret for secret in (*SECRETS, KEY) if secret.lower() in written.lower()] == []


def test_a_failed_look_is_logged_by_its_kind(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    quiet = {"environment": "production", "metrics_token": KEY}
    with serving(app_with(settings, make_engine(NOWHERE), **quiet)) as address:
        samples(address)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    (line,) = [line for line in lines if line["event"] == "figures not read"]
    assert line["error"] == "OperationalError"
    assert "nobody" not in json.dumps(line)
