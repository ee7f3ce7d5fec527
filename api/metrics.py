"""Figures of the service for Prometheus. They say nothing of anybody: counts and ages, by route, state and queue alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.auth import watcher
from api.edge.meters import Meters
from api.logs import log
from api.services import watching
from api.store.queries.watching import Figures
from api.store.session import open_session

router = APIRouter(include_in_schema=False)


@router.get("/metrics", dependencies=[Depends(watcher)])
def metrics(request: Request) -> Response:
    """What this process counted, and how it stands in the database at this moment."""
    meters: Meters = request.app.state.meters
    return Response(generate_latest(meters.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


@dataclass(frozen=True)
class FromDatabase(Collector):
    """Looks when it is asked, and keeps nothing: whichever process is asked, the answer is the same."""

    engine: Engine

    def describe(self) -> Iterable[Metric]:
        """Nothing yet, so that starting does not ask the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        yield _gauge("pool_connections", "Connections to the database that this process uses.", self._used())
        found = self._figures()
        yield _gauge(
            "database_up", "1 if the figures below could be read from the database.", int(found is not None)
        )
        if found is not None:
            yield from _families(found)

    def _figures(self) -> Figures | None:
        readonly = self.engine.execution_options(postgresql_readonly=True)
        try:
            with open_session(readonly) as db:
                return watching.figures(db)
        except SQLAlchemyError as error:
            log.warning("figures not read", error=type(error).__name__)
            return None

    def _used(self) -> int:
        used = getattr(self.engine.pool, "checkedout", None)
        return int(used()) if used else 0


def _families(found: Figures) -> Iterator[Metric]:
    yield _by(
        "messages", "Messages, by state.", ("state",), {(state,): n for state, n in found.messages.items()}
    )
    yield _gauge(
        "oldest_waiting_message_seconds",
        "How long the message has waited that waits longest and that nobody keeps back; 0 if none waits.",
        found.oldest_waiting or 0,
    )
    yield _by("jobs", "Jobs, by queue and state; later: not before a moment.", ("queue", "state"), found.jobs)
    yield _gauge("stalled_jobs", "Jobs of workers that are gone.", found.stalled)
    yield _by(
        "runs", "Matching runs, by state.", ("state",), {(state,): n for state, n in found.runs.items()}
    )
    yield _gauge(
        "worker_heartbeat_age_seconds",
        "How long ago a worker was heard of; +Inf if there is none.",
        _or_never(found.heartbeat_age),
    )
    yield _gauge(
        "backup_age_seconds", "Age of the last backup; +Inf if there was none.", _or_never(found.backup_age)
    )
    yield _gauge("backup_bytes", "Size of the last backup.", found.backup_bytes or 0)
    yield _gauge("database_connections", "Connections to the database, of everybody.", found.connections)
    yield _gauge("database_connections_most", "How many the server allows.", found.most_connections)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"carpool_{name}", words, value=value)


def _by(name: str, words: str, labels: tuple[str, ...], values: Mapping[Any, int]) -> Metric:
    family = GaugeMetricFamily(f"carpool_{name}", words, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric(key, value)
    return family


def _or_never(age: float | None) -> float:
    """What never happened is older than whatever an alarm asks for."""
    return inf if age is None else age
