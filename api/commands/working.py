"""The worker as a command, and as a child of `serve`."""

import os
import signal
import threading

from api.commands.database import database
from api.commands.quiet import configure_logs
from api.jobs.worker import run_worker
from api.settings import Settings

STANDARD_INPUT = 0


def work(settings: Settings, *, end_with_input: bool) -> None:
    """Work until SIGTERM or Ctrl-C; with `end_with_input` also until standard input closes, as it does when `serve` dies."""
    configure_logs(settings)
    if settings.database_url is not None:
        # A server that is away is waited for: it may be starting beside us, and the work keeps.
        _work(settings, settings.database_url, end_with_input)
        return
    with database(settings) as url:
        _work(settings, url, end_with_input)


def _work(settings: Settings, url: str, end_with_input: bool) -> None:
    if end_with_input:
        threading.Thread(target=_end_with_input, daemon=True).start()
    run_worker(settings, url)


def _end_with_input() -> None:
    """Reads past Python's own buffer, whose lock a thread that waits would take along into the end of the process."""
    while os.read(STANDARD_INPUT, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
