"""Paths are used as they are; addresses are fetched over https only and leave nothing behind."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.importing.fetching import MAX_REDIRECTS, local_file
from api.importing.refusal import ImportRefused

Start = Callable[..., Any]


def site(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """A small download site: a file, redirects within https, out of it and without end, no other page."""
    path = environ["PATH_INFO"]
    redirects = {
        "/moved": "https://elsewhere.example/ls.csv",
        "/insecure": "http://elsewhere.example/ls.csv",
        "/round": "https://files.example/round",
    }
    if path in redirects:
        start_response("302 Found", [("Location", redirects[path])])
        return []
    if path == "/ls.csv":
        start_response("200 OK", [("Content-Type", "text/csv")])
        return [b"a,b\r\n", b"1,2\r\n" * 1000]
    start_response("404 Not Found", [])
    return [b"no such file"]


@pytest.fixture
def client() -> Iterable[httpx.Client]:
    with httpx.Client(transport=httpx.WSGITransport(app=site)) as client:
        yield client


@pytest.mark.parametrize("page", ["ls.csv", "moved"])
def test_an_https_address_is_fetched_and_the_copy_goes_away(client: httpx.Client, page: str) -> None:
    with local_file(f"https://files.example/{page}", client=client) as path:
        assert path.read_bytes() == b"a,b\r\n" + b"1,2\r\n" * 1000
        assert path.name == page
    assert not path.exists() and not path.parent.exists()


def test_a_path_is_used_as_it_is(tmp_path: Path) -> None:
    with local_file(str(tmp_path)) as path:
        assert path == tmp_path
    assert tmp_path.exists()


@pytest.mark.parametrize(
    "source", ["http://files.example/ls.csv", "ftp://files.example/ls.csv", "https://files.example/insecure"]
)
def test_nothing_but_https_is_fetched(client: httpx.Client, source: str) -> None:
    with pytest.raises(ImportRefused, match="https://"), local_file(source, client=client):
        pass


def test_what_is_too_large_is_refused(client: httpx.Client) -> None:
    with (
        pytest.raises(ImportRefused, match="at most 4,999 bytes"),
        local_file("https://files.example/ls.csv", client=client, max_bytes=4_999),
    ):
        pass


def test_redirects_without_end_are_refused(client: httpx.Client) -> None:
    with (
        pytest.raises(ImportRefused, match=f"at most {MAX_REDIRECTS} redirects"),
        local_file("https://files.example/round", client=client),
    ):
        pass


def test_a_missing_page_and_a_missing_file_are_refused_without_the_secrets_in_the_address(
    client: httpx.Client, tmp_path: Path
) -> None:
    with (
        pytest.raises(ImportRefused) as refused,
        local_file("https://me:hush@files.example/none?key=hush", client=client),
    ):
        pass
    assert "status 404" in refused.value.message and "hush" not in refused.value.message
    with pytest.raises(ImportRefused, match="a file, a folder"), local_file(str(tmp_path / "none.csv")):
        pass


def test_a_server_that_does_not_answer_is_refused_in_words() -> None:
    with (
        pytest.raises(ImportRefused, match=r"an answer from 127\.0\.0\.1"),
        local_file("https://127.0.0.1:9/ls.csv"),
    ):
        pass
