"""X-Forwarded-For is believed as far as our own proxies wrote it, and no further."""

from ipaddress import ip_address
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from api.edge.addresses import UNKNOWN, client_address, household
from tests.api.conftest import settings_of


def seen(peer: str | None, forwarded: list[str], trusted: str) -> str:
    settings = settings_of(trusted_proxies=trusted)
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    app = SimpleNamespace(state=SimpleNamespace(settings=settings))
    client = (peer, 1) if peer else None
    return str(client_address(Request({"type": "http", "app": app, "headers": headers, "client": client})))


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("203.0.113.9", ["198.51.100.1"], "", "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1"], "", "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1"], "127.0.0.1", "198.51.100.1"),
        ("203.0.113.9", ["198.51.100.1"], "127.0.0.1", "203.0.113.9"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1"], "127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6", "198.51.100.1"], "127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1, 10.0.0.7"], "127.0.0.1, 10.0.0.0/8", "198.51.100.1"),
        ("127.0.0.1", ["10.0.0.8, 10.0.0.7"], "127.0.0.1,10.0.0.0/8", "10.0.0.8"),
        ("127.0.0.1", ["198.51.100.1, nonsense"], "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", ["nonsense, 198.51.100.1"], "127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", [""], "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", [], "127.0.0.1", "127.0.0.1"),
        ("::1", ["2001:db8::1"], "::1", "2001:db8::1"),
        ("::ffff:127.0.0.1", ["198.51.100.1"], "127.0.0.1", "198.51.100.1"),
        (None, ["198.51.100.1"], "0.0.0.0/0", str(UNKNOWN)),
        ("testclient", ["198.51.100.1"], "0.0.0.0/0", str(UNKNOWN)),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours(
    peer: str | None, forwarded: list[str], trusted: str, expected: str
) -> None:
    assert seen(peer, forwarded, trusted) == expected


def test_a_household_is_one_however_many_addresses_it_has() -> None:
    assert household(ip_address("2001:db8:1:2::1")) == household(ip_address("2001:db8:1:2:ffff::9"))
    assert household(ip_address("2001:db8:1:2::1")) != household(ip_address("2001:db8:1:3::1"))
    assert household(ip_address("198.51.100.1")) == "198.51.100.1"
