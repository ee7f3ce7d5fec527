"""How long each coordinator's page takes at the server: every one of the route table, several times."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

import typer

from tests.benchmarks.console.report import Figure, most
from tests.benchmarks.console.visitor import Client, path_of

TIMES = 7
LIMIT_MS = 300
SLOW_MS = 3000
"""A page that takes longer is asked for twice only: it is known by then."""
FOLLOWED = 5


@dataclass(frozen=True)
class Measured:
    """A page by its route: where it was loaded at last, what it answered, how long it took, and how large it is."""

    route: str
    path: str
    status: int
    times: tuple[float, ...]
    size: int
    whole: bool
    """No part of a page, which a script puts into one."""

    @property
    def ms(self) -> float:
        return median(self.times)

    @property
    def fits(self) -> bool:
        return self.status == 200 and self.ms <= LIMIT_MS


def measure(client: Client, addresses: Mapping[str, str | None]) -> tuple[list[Figure], list[Measured]]:
    """A table, and a line for the slowest page and for those that could not be measured."""
    found = [_page(client, route, path) for route, path in addresses.items() if path is not None]
    typer.echo(
        f"\n{'ms':>7} {'worst':>7} {'KiB':>7}  coordinator’s page, at the server, median and worst of {TIMES}"
    )
    for page in sorted(found, key=lambda page: -page.ms):
        note = "" if page.status == 200 else f"  answers {page.status}"
        note += "" if page.fits or note else "  TOO SLOW"
        typer.echo(f"{page.ms:7.0f} {max(page.times):7.0f} {page.size / 1024:7.0f}  {page.route}{note}")
    typer.echo("")
    return list(_figures(found, addresses)), found


def _figures(found: list[Measured], addresses: Mapping[str, str | None]) -> Iterator[Figure]:
    answered = [page for page in found if page.status == 200]
    slowest = max(answered, key=lambda page: page.ms)
    over = sum(not page.fits for page in answered)
    more = f"({slowest.route}; {over} of {len(answered)} pages over the limit)"
    yield most("Slowest coordinator’s page at the server, median", LIMIT_MS, slowest.ms, more=more)
    wrong = [f"{page.route}: {page.status}" for page in found if page.status != 200]
    wrong += [f"{route}: no address known" for route, path in addresses.items() if path is None]
    yield Figure(
        "Coordinators’ pages that could not be measured", "0", f"{len(wrong)} {'; '.join(wrong)}", not wrong
    )


def _page(client: Client, route: str, path: str) -> Measured:
    """A page that leads on to another is measured there."""
    first = client.get(path)
    for _ in range(FOLLOWED):
        if first.response.status_code not in (302, 303, 307):
            break
        path = path_of(first.response)
        first = client.get(path)
    times = [first.ms]
    for _ in range(1 if first.ms > SLOW_MS else TIMES - 1):
        times.append(client.get(path).ms)
    whole = "</html>" in first.response.text
    return Measured(route, path, first.response.status_code, tuple(times), first.size, whole)
