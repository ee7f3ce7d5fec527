"""A service that is watched: its figures as whoever has the token reads them."""

from typing import Any

import httpx
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from api.app import create_app
from api.settings import Settings

KEY = "a token that only the watcher has, and nobody else".replace(" ", "-")
SIGNED = {"Authorization": f"Bearer {KEY}"}
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def app_with(settings: Settings, engine: Engine, **values: Any) -> FastAPI:
    return create_app(settings.model_copy(update=values), engine)


def samples(address: str) -> Samples:
    answer = httpx.get(f"{address}/metrics", headers=SIGNED, timeout=30)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found[f"carpool_{name}", tuple(sorted(labels.items()))]
