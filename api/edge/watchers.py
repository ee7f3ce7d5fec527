"""Who may read the figures of the whole service: whoever has the token, or comes from a network that the operator named.

Neither is set at first, and then nobody may: not even from this machine, because a proxy on it makes everybody come from
there.
"""

import hmac

from starlette.requests import Request

from api.edge.addresses import peer
from api.settings import Settings

PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers of a request that came through a proxy, whose address then says nothing of who asks."""
BEARER = "bearer "


def may_watch(request: Request) -> bool:
    settings: Settings = request.app.state.settings
    return _has_token(request, settings) or _is_near(request, settings)


def _has_token(request: Request, settings: Settings) -> bool:
    said = request.headers.get("authorization", "")
    if not settings.metrics_token or not said.lower().startswith(BEARER):
        return False
    given = said[len(BEARER) :].strip()
    return hmac.compare_digest(given.encode(), settings.metrics_token.encode())


def _is_near(request: Request, settings: Settings) -> bool:
    address = peer(request)
    if address is None or any(name in request.headers for name in PASSED_ON):
        return False
    named = any(address in network for network in settings.metrics_from)
    return named and not any(address in network for network in settings.trusted_proxies)
