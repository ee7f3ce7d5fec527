"""Promise 1: an accepted form is never lost. Web, worker and database are killed while forms come in.

Every form that was answered with "received" must be in the database at the end. Outages that do not kill (a database that is
away, a form that is kept for its sender) are tests/api/test_outage.py.
"""

import os
import random
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import psycopg
from sqlalchemy import Engine
from sqlmodel import select

from api.store import embedded
from api.store.session import open_session
from api.store.tables import Offer
from tests.api import world
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import an_address, campaign
from tests.promises.stack import LOOKS_EVERY, Part, database, stack

STACKS, SENDERS = 3, 4
BETWEEN_KILLS = 1.0
"""At most so many seconds of load between the service's answering again and the next kill."""
ACCEPTED = (httpx.codes.OK, httpx.codes.CREATED)
SYNCS = "SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'"
ALONE = 50
"""Forms sent one after the other, when each must have cost the disk at least one sync."""


@dataclass
class Load:
    """Senders who each try again with the same key until they have an answer, as the pages and programs do."""

    site: str
    path: str
    accepted: list[str] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def send(self) -> None:
        with httpx.Client(base_url=self.site, timeout=30) as http:
            while not self.ending.is_set():
                key = secrets.token_urlsafe(16)
                if self.answered(http, key):
                    self.accepted.append(f"v1:{key}")

    def answered(self, http: httpx.Client, key: str) -> bool:
        body = world.offer_form(email=f"{key}@example.org").model_dump(mode="json")
        headers = {"Idempotency-Key": key, "X-Forwarded-For": an_address()}
        while not self.ending.is_set():
            try:
                answer = http.post(f"{self.path}/offers", json=body, headers=headers)
            except httpx.HTTPError:
                time.sleep(LOOKS_EVERY)
                continue
            if answer.status_code in ACCEPTED:
                return True
            # Out of order for a moment; anything else is no answer that this measurement knows.
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                raise AssertionError(f"{answer.status_code}: {answer.text[:300]}")
        return False


def measure(size: Size) -> Outcome:
    kills = size.pick(4, 27, 200)
    stacks = size.pick(1, STACKS, STACKS)
    with database() as server, ThreadPoolExecutor(stacks) as pool:
        jobs = [pool.submit(_killed, server, f"stack_{number}", kills // stacks) for number in range(stacks)]
        found = [job.result() for job in jobs]
    accepted, lost = sum(one for one, _ in found), sum(one for _, one in found)
    careless = _careless(size.pick(2, 3, 10))
    crashes, crashed_accepted, crashed_lost = _database_killed(size.pick(1, 5, 20))
    commits, syncs = _synced()
    figure = (
        f"{kills // stacks * stacks} × kill -9 of web and worker, {crashes} of the database, "
        f"{accepted + crashed_accepted:,} accepted, {lost + crashed_lost} lost; {syncs} syncs of the disk for {commits} forms "
        f"sent one by one; if it answered before it wrote: {careless} lost"
    )
    return Outcome(figure, lost + crashed_lost == 0 and syncs >= commits and careless > 0)


def _killed(server: embedded.EmbeddedServer, name: str, kills: int) -> tuple[int, int]:
    """Accepted and lost after so many kills, of the web service and of the worker by turns."""
    with stack(server, name) as made, campaign(made.url) as (engine, path):
        made.start("serve")
        made.start("worker")
        made.answers()
        with _loaded(made.site, path) as load:
            for number in range(kills):
                time.sleep(random.uniform(0, BETWEEN_KILLS))
                part: Part = "worker" if number % 3 == 2 else "serve"
                made.kill(part)
                made.start(part)
                made.answers()
        return len(load.accepted), _missing(engine, load.accepted)


def _careless(kills: int) -> int:
    """How many a service loses that answers before it has written: this measurement sees it."""
    with database() as server, stack(server) as made, campaign(made.url) as (engine, path):
        made.modules["serve"] = ("tests.promises.careless",)
        made.start("serve")
        made.answers()
        with _loaded(made.site, path) as load:
            for _ in range(kills):
                time.sleep(BETWEEN_KILLS)
                made.kill("serve")
                made.start("serve")
                made.answers()
        return _missing(engine, load.accepted)


def _database_killed(kills: int) -> tuple[int, int, int]:
    with database() as server, stack(server) as made, campaign(made.url) as (engine, path):
        made.start("serve")
        made.answers()
        with _loaded(made.site, path) as load:
            for _ in range(kills):
                time.sleep(random.uniform(0, BETWEEN_KILLS))
                os.kill(
                    int((server.cluster.folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT
                )
                while server.cluster.is_alive():
                    time.sleep(LOOKS_EVERY)
                embedded.revive(server)
                made.answers()
                time.sleep(BETWEEN_KILLS)
        return kills, len(load.accepted), _missing(engine, load.accepted)


def _synced() -> tuple[int, int]:
    """Forms sent one after the other, and the syncs that they took."""
    with database() as server, stack(server) as made, campaign(made.url) as (engine, path):
        made.start("serve")
        made.answers()
        engine.dispose()
        load = Load(made.site, path)
        with (
            httpx.Client(base_url=made.site, timeout=30) as http,
            psycopg.connect(server.conninfo) as connection,
        ):
            connection.autocommit = True
            before = connection.execute(SYNCS).fetchone()
            for _ in range(ALONE):
                load.answered(http, secrets.token_urlsafe(16))
            # What a connection has counted is known at the latest when it ends.
            made.kill("serve", signal.SIGTERM)
            after = connection.execute(SYNCS).fetchone()
        assert before is not None and after is not None
        return ALONE, int(after[0] - before[0])


@contextmanager
def _loaded(site: str, path: str) -> Iterator[Load]:
    load = Load(site, path)
    with ThreadPoolExecutor(SENDERS) as pool:
        senders = [pool.submit(load.send) for _ in range(SENDERS)]
        try:
            yield load
        finally:
            load.ending.set()
        for sender in senders:
            sender.result()


def _missing(engine: Engine, keys: list[str]) -> int:
    """How many of the accepted forms' keys are not in the database."""
    with open_session(engine) as db:
        there = set(db.exec(select(Offer.idempotency_key)).all())
    return len(set(keys) - there)


PROMISE = Promise(1, "an accepted form is never lost", measure)

if __name__ == "__main__":
    run(PROMISE)
