"""A coordinator without a browser: logs in, loads pages and sends forms over one connection, and times the answers."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

import httpx

from tests.api.pages.reading import Page

SECONDS = 300


@dataclass(frozen=True)
class Timed:
    """An answer, the milliseconds until all of it was there, and its size."""

    response: httpx.Response
    ms: float

    @property
    def size(self) -> int:
        return len(self.response.content)


class Client:
    """Somebody at the service of this address. Redirects are shown, not followed."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.http = httpx.Client(base_url=site, timeout=SECONDS, headers={"Origin": site})

    def get(self, path: str) -> Timed:
        begun = time.perf_counter()
        response = self.http.get(path)
        return Timed(response, 1000 * (time.perf_counter() - begun))

    def page(self, path: str) -> Page:
        return Page(self.get(path).response.text)

    def post(
        self, path: str, fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]] | None = None
    ) -> Timed:
        """With the token of any page of ours."""
        sent = {"csrf": self._token(), **fields}
        begun = time.perf_counter()
        response = self.http.post(path, data=sent, files=files)
        return Timed(response, 1000 * (time.perf_counter() - begun))

    def log_in(self, email: str, password: str) -> None:
        answer = self.post("/login", {"email": email, "password": password}).response
        assert answer.status_code == 303, answer.status_code

    def cookies(self) -> list[dict[str, str]]:
        """For a browser that goes on as the same person."""
        return [
            {"name": one.name, "value": str(one.value), "url": self.site} for one in self.http.cookies.jar
        ]

    def close(self) -> None:
        self.http.close()

    def _token(self) -> str:
        found = re.search(r'name="csrf"[^>]*value="([^"]+)"', self.http.get("/login").text)
        assert found is not None
        return unescape(found[1])


def path_of(response: httpx.Response) -> str:
    """Where an answer leads to."""
    return urlsplit(response.headers["location"]).path
