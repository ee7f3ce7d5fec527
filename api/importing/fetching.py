"""Turns a path or an https address into a file on this machine, with limits on time and size."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import httpx

from api.importing.refusal import ImportRefused

MAX_BYTES = 200 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT = httpx.Timeout(30.0, connect=10.0)


@contextmanager
def local_file(
    source: str, *, client: httpx.Client | None = None, max_bytes: int = MAX_BYTES
) -> Iterator[Path]:
    """The file or folder at a path as it is, or a copy of what an https address holds, deleted afterwards.

    Every redirect must lead to https too. Raises `ImportRefused` if there is nothing there, if it cannot be
    reached within the time allowed, or if it is larger than `max_bytes`.
    """
    if "://" not in source:
        path = Path(source)
        if not path.exists():
            raise ImportRefused(source, "a file, a folder or an https:// address")
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        # Kept under the name it has at the other end, because refusals name the file.
        copy = Path(folder) / (Path(httpx.URL(source).path).name or "download")
        with copy.open("wb") as target:
            if client is not None:
                _download(client, source, target, max_bytes)
            else:
                with httpx.Client(timeout=TIMEOUT) as own:
                    _download(own, source, target, max_bytes)
        yield copy


def _download(client: httpx.Client, source: str, target: BinaryIO, max_bytes: int) -> None:
    name = _public(httpx.URL(source))
    written = 0
    try:
        response = _answer(client, source)
        try:
            for chunk in response.iter_bytes(64 * 1024):
                written += len(chunk)
                if written > max_bytes:
                    raise ImportRefused(name, f"at most {max_bytes:,} bytes")
                target.write(chunk)
        finally:
            response.close()
    except httpx.HTTPError as error:
        raise ImportRefused(name, f"an answer from {httpx.URL(source).host} ({_why(error)})") from error


def _answer(client: httpx.Client, source: str) -> httpx.Response:
    """The answer behind all redirects, its body not read yet."""
    # Compressed transfer is declined, so that the size on the wire is the size on the disk.
    request: httpx.Request | None = client.build_request(
        "GET", source, headers={"Accept-Encoding": "identity"}
    )
    for _ in range(MAX_REDIRECTS + 1):
        if request is None:
            break
        if request.url.scheme != "https":
            raise ImportRefused(_public(request.url), "a file, a folder or an https:// address")
        response = client.send(request, stream=True, follow_redirects=False)
        request = response.next_request
        if request is None:
            return _found(response)
        response.close()
    raise ImportRefused(_public(httpx.URL(source)), f"at most {MAX_REDIRECTS} redirects")


def _found(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    response.close()
    raise ImportRefused(_public(response.url), "a file there", value=f"status {response.status_code}")


def _public(url: httpx.URL) -> str:
    """The address without what may be secret: a password before the host, a key after the question mark."""
    return str(url.copy_with(userinfo=b"", query=None, fragment=None))


def _why(error: httpx.HTTPError) -> str:
    return (
        "it took too long"
        if isinstance(error, httpx.TimeoutException)
        else str(error) or type(error).__name__
    )
