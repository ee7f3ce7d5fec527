"""A visitor without a browser: loads pages with everything that belongs to them, and weighs and times what comes."""

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlsplit

from api.commands.figures.resources import within

SECONDS = 30


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    body: bytes


@dataclass
class Loaded:
    """A page as it is first loaded: what it weighs, compressed, and the addresses on other hosts that it asks for."""

    path: str
    status: int
    weight: int = 0
    elsewhere: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


class Visitor:
    """Asks the service at `site`, with `cookie`, over one connection. What was loaded before is loaded again."""

    def __init__(self, site: str, cookie: str = "") -> None:
        self.site = site
        self._host = urlsplit(site).netloc
        self._headers = {"Cookie": cookie} if cookie else {}
        self._connection = HTTPConnection(self._host, timeout=SECONDS)

    def get(self, path: str) -> Answer:
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        return Answer(response.status, response.headers.get_content_type(), response.read())

    def load(self, path: str) -> Loaded:
        """The page and whatever it makes a browser fetch, each once."""
        page = self.get(path)
        loaded, waiting, seen = Loaded(path, page.status), [(self.site + path, page)], {self.site + path}
        while waiting:
            address, answer = waiting.pop()
            loaded.weight += len(gzip.compress(answer.body))
            if answer.status != 200 and address != self.site + path:
                loaded.broken.append(address)
            for found in within(address, answer.kind, answer.body.decode(errors="replace")):
                if found in seen:
                    continue
                seen.add(found)
                parts = urlsplit(found)
                if parts.netloc != self._host:
                    loaded.elsewhere.append(found)
                else:
                    waiting.append((found, self.get(parts._replace(scheme="", netloc="").geturl())))
        return loaded

    def close(self) -> None:
        self._connection.close()


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The median of so many turns, after one that nobody counts."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken)
