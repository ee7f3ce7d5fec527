"""Promise 20: a hundred forms a second for a minute, while a matching run is going, with the limits on.

Forms are sent when their moment comes, whether or not the ones before are answered, each from an address of its own through a
trusted proxy on loopback; a form's time runs from its moment, so that waiting in a queue counts. Web, worker, database, mail
server and sender share the machine, as they do where there is one.
"""

import asyncio
import json
import secrets
import statistics
import time
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine

from api.services.demo import Demo
from tests.api import world
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import an_address, campaign, demo_day, start_run, value
from tests.promises.stack import database, stack

RATE, CONNECTIONS, MOST_MS = 100, 40, 250
WARM_UP_SECONDS = 3
PEOPLE_MATCHED = 300
STATE = "SELECT state FROM run WHERE id = :id"
KEPT = "SELECT count(*) FROM offer WHERE idempotency_key LIKE 'v1:%'"


@dataclass
class Tally:
    """Milliseconds of every answer, and what was not the answer that it should be."""

    ms: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def measure(size: Size) -> Outcome:
    seconds = size.pick(5, 60, 60)
    with database() as server, stack(server) as made, campaign(made.url) as (engine, path):
        day = demo_day(engine, PEOPLE_MATCHED)
        made.start("serve")
        made.start("worker")
        made.answers()
        asyncio.run(_send(made.port, path, WARM_UP_SECONDS, Tally()))
        before = value(engine, KEPT)
        run_id = _run(engine, day, seconds + 60.0)
        tally = Tally()
        asyncio.run(_send(made.port, path, seconds, tally))
        going = value(engine, STATE, id=run_id) == "running"
        kept = value(engine, KEPT) - before
    p50, p99 = statistics.median(tally.ms), statistics.quantiles(tally.ms, n=100)[98]
    wanted = RATE * seconds
    figure = (
        f"{wanted:,} forms in {seconds} s, {len(tally.faults)} errors, {kept:,} kept, median {p50:.0f} ms, p99 {p99:.0f} ms "
        f"(limit {MOST_MS} ms), a matching run was going: {'yes' if going else 'NO'}"
    )
    if tally.faults:
        figure += f"; the first error: {tally.faults[0][:200]}"
    # A few seconds on a machine that does other things, too, say little about the tail.
    quick = size is Size.QUICK
    return Outcome(figure, not tally.faults and kept == wanted and going and (quick or p99 <= MOST_MS))


def _run(engine: Engine, day: Demo, seconds: float) -> UUID:
    run_id = start_run(engine, day, seconds)
    while value(engine, STATE, id=run_id) != "running":
        time.sleep(0.1)
    return run_id


async def _send(port: int, path: str, seconds: float, tally: Tally) -> None:
    """Over so many connections that stay open, in the order of their moments."""
    forms: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    # Written before, as that takes time which is the service's own.
    written = [form(path) for _ in range(int(RATE * seconds))]
    senders = [asyncio.create_task(_sender(port, forms, tally)) for _ in range(CONNECTIONS)]
    begun = asyncio.get_running_loop().time() + 0.2
    for number, sent in enumerate(written):
        at = begun + number / RATE
        await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
        forms.put_nowait((at, sent))
    for _ in senders:
        forms.put_nowait(None)
    await asyncio.gather(*senders)


async def _sender(port: int, forms: "asyncio.Queue[tuple[float, bytes] | None]", tally: Tally) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (form := await forms.get()) is not None:
        at, sent = form
        writer.write(sent)
        status, body = await answer(reader)
        tally.ms.append(1000 * (asyncio.get_running_loop().time() - at))
        if status != b"201":
            tally.faults.append(f"{status.decode()} {body.decode()}")
    writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    return head.split(b" ", 2)[1], await reader.readexactly(length)


def form(path: str) -> bytes:
    key = secrets.token_urlsafe(16)
    body = json.dumps(world.offer_form(email=f"{key}@example.org").model_dump(mode="json")).encode()
    head = (
        f"POST {path}/offers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n"
        f"X-Forwarded-For: {an_address()}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


PROMISE = Promise(20, "a hundred forms a second while a run is going", measure)

if __name__ == "__main__":
    run(PROMISE)
