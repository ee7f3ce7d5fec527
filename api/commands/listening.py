"""The web service's socket, taken before anything else starts: a port that is in use is said at once and plainly."""

import errno
import socket

from api.settings import Settings
from carpool.errors import CarpoolError

Socket = socket.socket


def listen(settings: Settings) -> Socket:
    """A listening socket at the settings' host and port. Raises `CarpoolError`."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        raise CarpoolError(_say(host, port, error), "CARPOOL_PORT") from None
    # Connections inherit it. asyncio sets it only on sockets that name their protocol, and without it the second part of
    # an answer waits 40 ms for the receipt of the first.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def _say(host: str, port: int, error: OSError | UnicodeError) -> str:
    code = getattr(error, "errno", None)
    if code == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. End that one, or choose another port, for example: PORT={port + 1}"
    if code == errno.EACCES:
        return f"Port {port} may not be used by this user. Choose one from 1024 up, for example: PORT=8000"
    return f"The service cannot listen at {host}:{port}: {getattr(error, 'strerror', None) or error}. See CARPOOL_HOST."
