"""The web process's memory stays as it is, over a hundred thousand requests: pages, forms, and what is wrong.

What is measured is the process's own share (PSS) of a real `serve`, after a warm-up in which it loads what it loads late.
"""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.api import world
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.p20_load import answer, form
from tests.promises.scenes import campaign
from tests.promises.stack import database, stack

CONNECTIONS = 4
FORMS_AMONG = 10
"""Every tenth request is a form."""
MOST_PERCENT, MOST_PERCENT_QUICK = 5.0, 30.0
SAMPLES = 18


@dataclass
class Tally:
    """How many requests are left, and the statuses of those that were answered."""

    left: int
    statuses: dict[str, int] = field(default_factory=dict)


def measure(size: Size) -> Outcome:
    warm, requests = size.pick(200, 10_000, 10_000), size.pick(360, 90_000, 490_000)
    most = MOST_PERCENT_QUICK if size is Size.QUICK else MOST_PERCENT
    with database() as server, stack(server) as made, campaign(made.url) as (_, path):
        made.start("serve")
        made.answers()
        pages = _pages(path.removeprefix("/v1/campaigns/"))
        pid = made.parts["serve"].pid
        tally = Tally(0)
        asyncio.run(_send(made.port, path, pages, warm, tally))
        shares = [_share(pid)]
        for _ in range(SAMPLES):
            asyncio.run(_send(made.port, path, pages, requests // SAMPLES, tally))
            shares.append(_share(pid))
    first = shares[0]
    grown = 100 * (max(shares) - first) / first
    shrunk = 100 * (first - min(shares)) / first
    wrong = {status: count for status, count in tally.statuses.items() if status >= "5" or status == "429"}
    figure = (
        f"{sum(tally.statuses.values()):,} requests, a tenth of them forms, {wrong or 'no'} errors; after {warm:,} the web "
        f"process held {first / 1024:.1f} MB, then {min(shares) / 1024:.1f} to {max(shares) / 1024:.1f} MB, at the end "
        f"{shares[-1] / 1024:.1f} MB: at most {grown:+.1f} % and {-shrunk:+.1f} % (limit ±{most:g} %)"
    )
    # What it gives back early may be what it needed once; only the measurement itself is as strict as the promise.
    flat = grown <= most and (shrunk <= most or size is Size.QUICK)
    return Outcome(figure, flat and not wrong)


def _pages(slug: str) -> tuple[str, ...]:
    base = f"/c/{slug}"
    return (
        "/", "/privacy", "/login", "/health", "/open", "/my", "/near?postcode=LS6+2AB", base, f"{base}/days/{world.DAY}",
        f"{base}/offer/where", f"{base}/ask/where", f"{base}/near?postcode=WF1+1AA", f"{base}/places/{world.LEEDS_NORTH_WEST}",
        f"{base}/picture.png", "/c/nothing-here", "/coordinate", "/l/not-a-link", "/static/site.css", "/v1/campaigns",
        f"/v1/campaigns/{slug}/events", f"{base}/home", "/coast.json",
    )  # fmt: skip


async def _send(port: int, path: str, pages: tuple[str, ...], requests: int, tally: Tally) -> None:
    tally.left = requests
    await asyncio.gather(*(_sender(port, path, pages, tally) for _ in range(CONNECTIONS)))


async def _sender(port: int, path: str, pages: tuple[str, ...], tally: Tally) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while tally.left > 0:
        tally.left -= 1
        writer.write(form(path) if tally.left % FORMS_AMONG == 0 else _get(random.choice(pages)))
        status, _ = await answer(reader)
        tally.statuses[status.decode()] = tally.statuses.get(status.decode(), 0) + 1
    writer.close()


def _get(page: str) -> bytes:
    house = ".".join(str(random.randrange(1, 255)) for _ in range(3))
    return f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 10.{house}\r\n\r\n".encode()


def _share(pid: int) -> int:
    """Kilobytes of memory that are this process's, shared pages counted in part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


PROMISE = Promise(3, "the web process's memory stays as it is", measure)

if __name__ == "__main__":
    run(PROMISE)
