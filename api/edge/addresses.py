"""Which address a request comes from. What a header claims counts only as far as our own proxies wrote it."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from api.settings import Settings

Address = IPv4Address | IPv6Address
UNKNOWN = ip_address("0.0.0.0")  # noqa: S104  Not an address to listen on: who comes by a socket without one.
HOUSEHOLD_BITS = 64


def client_address(request: HTTPConnection) -> Address:
    """The nearest address that is no trusted proxy. Each proxy appends the one it saw: read from the right."""
    settings: Settings = request.app.state.settings
    address = peer(request)
    if address is None:
        return UNKNOWN
    for claimed in reversed(_forwarded(request.headers)):
        if not _is_trusted(address, settings):
            break
        before = _parsed(claimed)
        if before is None:
            break
        address = before
    return address


def peer(request: HTTPConnection) -> Address | None:
    """Who is at the other end of the connection, be it a proxy; None for a socket without an address."""
    return _parsed(request.client.host) if request.client else None


def household(address: Address) -> str:
    """What limits are counted by: for IPv6 the network, as whoever has one address has 2⁶⁴ of them."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, HOUSEHOLD_BITS), strict=False))


def _forwarded(headers: Headers) -> list[str]:
    return [part.strip() for line in headers.getlist("x-forwarded-for") for part in line.split(",")]


def _is_trusted(address: Address, settings: Settings) -> bool:
    return any(address in network for network in settings.trusted_proxies)


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
