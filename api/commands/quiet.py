"""Logs of a command that runs for long: our own, and of libraries what somebody should look at."""

import logging

from api.logs import configure
from api.settings import Settings

# At each step they say that there is a step; we log what comes of it.
TALKATIVE = ("alembic", "httpx", "procrastinate", "uvicorn.error")


def configure_logs(settings: Settings) -> None:
    """Everything through the allow-list of `api.logs`; every word of the libraries only when debugging."""
    configure(settings)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.NOTSET if settings.log_level == "debug" else logging.WARNING)
