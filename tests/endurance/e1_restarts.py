"""Restarts under load, as a deployment does them: SIGTERM, wait for the end, start again. No answer is lost, none is an error.

Once with one web process, which is away for a moment, and once with two by turns, of which one always answers. Forms go over
connections that stay open and over new ones. Whoever is refused a connection tries again, as the proxy does for them; a
connection that is closed under a request is counted by itself: nothing was answered, and the second try has the same key.
"""

import random
import secrets
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import httpx
from sqlalchemy import Engine, text

from api.store.embedded import EmbeddedServer
from tests.api import world
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import campaign
from tests.promises.stack import LOOKS_EVERY, PATIENCE_SECONDS, Part, Stack, database, free_port, stack

SENDERS = 4
BETWEEN_RESTARTS = 1.5
MISSING = (
    "SELECT count(*) FROM unnest(CAST(:keys AS varchar[])) key"
    " WHERE NOT EXISTS (SELECT FROM offer WHERE idempotency_key = key)"
)
UNSENT = "SELECT count(*) FROM message WHERE kind = 'confirm' AND state NOT IN ('sent', 'dropped')"


@dataclass
class Load:
    """Senders who try again with the same key until they have an answer. `cut`: connections closed without one."""

    sites: Sequence[str]
    path: str
    accepted: list[str] = field(default_factory=list)
    refused: int = 0
    cut: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def send(self, number: int) -> None:
        """Every second sender keeps its connections open."""
        limits = httpx.Limits(max_keepalive_connections=None if number % 2 else 0)
        with httpx.Client(timeout=60, limits=limits) as http:
            while not self.ending.is_set():
                key = secrets.token_urlsafe(16)
                if self._answered(http, key, "kept open" if number % 2 else "new"):
                    self.accepted.append(f"v1:{key}")

    def _answered(self, http: httpx.Client, key: str, kind: str) -> bool:
        body = world.offer_form(email=f"{key.lower()}@example.org").model_dump(mode="json")
        house = ".".join(str(random.randrange(1, 255)) for _ in range(3))
        headers = {"Idempotency-Key": key, "X-Forwarded-For": f"10.{house}"}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            site = random.choice(self.sites)
            try:
                answer = http.post(f"{site}{self.path}/offers", json=body, headers=headers)
            except httpx.ConnectError:
                self.refused += 1
                time.sleep(LOOKS_EVERY)
            except httpx.TransportError as error:
                self.cut[f"{kind}: {type(error).__name__}"] += 1
            else:
                if answer.status_code in (httpx.codes.OK, httpx.codes.CREATED):
                    return True
                self.errors.append(f"{answer.status_code}: {answer.text[:200]}")
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return False
                time.sleep(LOOKS_EVERY)
        self.errors.append("no answer at all")
        return False


@dataclass(frozen=True)
class Found:
    """One kind of restart: how many, what came of the forms, and how the processes ended."""

    restarts: int
    accepted: int
    lost: int
    refused: int
    cut: int
    errors: tuple[str, ...]
    unclean: int
    unsent: int
    twice: int


def measure(size: Size) -> Outcome:
    restarts, kills = size.pick(2, 24, 100), size.pick(1, 3, 3)
    with database() as server:
        found = {"one web process": _restarted(server, "alone", 1, restarts)}
        if size is not Size.QUICK:
            found["two by turns"] = _restarted(server, "rolling", 2, restarts)
        seen = _killed_is_seen(server, kills)
    figure = "; ".join(_said(what, one) for what, one in found.items())
    figure += f"; a kill -9 is seen: {'yes' if seen else 'NO'}"
    good = all(
        not (one.lost or one.errors or one.unclean or one.unsent or one.twice or one.cut)
        for one in found.values()
    )
    return Outcome(figure, good and seen)


def _said(what: str, found: Found) -> str:
    said = (
        f"{what}: {found.restarts} restarts of web and worker by SIGTERM, {found.accepted:,} forms accepted, "
        f"{found.lost} lost, "
        f"{len(found.errors)} errors, {found.refused:,} × refused while down, {found.cut} connections cut off, {found.unclean} "
        f"unclean ends, {found.unsent} confirmations unsent and {found.twice} sent twice"
    )
    return said + (f" (first error: {found.errors[0]})" if found.errors else "")


def _restarted(server: EmbeddedServer, name: str, webs: int, restarts: int) -> Found:
    with stack(server, name) as first, campaign(first.url) as (engine, path):
        stacks = [first, *(replace(first, port=free_port(), parts={}) for _ in range(webs - 1))]
        try:
            for one in stacks:
                one.start("serve")
                one.answers()
            first.start("worker")
            with loaded([one.site for one in stacks], path) as load:
                codes = [_restart(stacks, number) for number in range(restarts)]
                time.sleep(BETWEEN_RESTARTS)
            unsent = _unsent(engine)
        finally:
            for one in stacks[1:]:
                for part in list(one.parts):
                    one.kill(part)
        mails = Counter(first.mailbox.recipients)
        twice = sum(count > 1 for count in mails.values())
        return Found(
            restarts=restarts,
            accepted=len(load.accepted),
            lost=_count(engine, MISSING, keys=load.accepted),
            refused=load.refused,
            cut=load.cut.total(),
            errors=tuple(load.errors),
            unclean=sum(code != 0 for code in codes),
            unsent=unsent,
            twice=twice,
        )


def _restart(stacks: Sequence[Stack], number: int) -> int:
    """Of the worker every third time, otherwise of a web process; how it ended."""
    time.sleep(random.uniform(0.2, BETWEEN_RESTARTS))
    part: Part = "worker" if number % 3 == 1 else "serve"
    made = stacks[0] if part == "worker" else stacks[number % len(stacks)]
    process = made.parts[part]
    process.send_signal(signal.SIGTERM)
    code = process.wait(PATIENCE_SECONDS)
    made.start(part)
    if part == "serve":
        made.answers()
    return code


def _unsent(engine: Engine) -> int:
    """How many confirmations are not sent once the worker had time for them."""
    deadline = time.monotonic() + 2 * PATIENCE_SECONDS
    while (left := _count(engine, UNSENT)) and time.monotonic() < deadline:
        time.sleep(LOOKS_EVERY)
    return left


def _killed_is_seen(server: EmbeddedServer, kills: int) -> bool:
    """The control: of a web process that is killed in place of told, this measurement says that requests were cut off."""
    with stack(server, "killed") as made, campaign(made.url) as (_, path):
        made.start("serve")
        made.answers()
        with loaded([made.site], path) as load:
            for _ in range(kills):
                time.sleep(2)
                made.kill("serve")
                made.start("serve")
                made.answers()
        return load.cut.total() > 0


def _count(engine: Engine, statement: str, **values: object) -> int:
    with engine.begin() as connection:
        return int(connection.execute(text(statement), values).scalar_one())


@contextmanager
def loaded(sites: Sequence[str], path: str) -> Iterator[Load]:
    load = Load(sites, path)
    with ThreadPoolExecutor(SENDERS) as pool:
        senders = [pool.submit(load.send, number) for number in range(SENDERS)]
        try:
            yield load
        finally:
            load.ending.set()
        for sender in senders:
            sender.result()


PROMISE = Promise(1, "restarts lose nothing that was acknowledged", measure)

if __name__ == "__main__":
    run(PROMISE)
