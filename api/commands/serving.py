"""Running the service: database, migrations, worker, web. It ends in the reverse order, cleanly, with exit code 0."""

import gc
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import NoReturn

import typer
import uvicorn
from sqlalchemy import Engine

from api.app import SERVER_OPTIONS, create_app
from api.commands.database import database, engine_of
from api.commands.listening import Socket, listen
from api.commands.quiet import configure_logs
from api.commands.web import WebServer
from api.logs import log
from api.messages.channels import channel_for, text_channel_for
from api.settings import Settings
from api.store.migrating import migrate

WORKER_ENDS_SECONDS = 60
WORKER_AGAIN_SECONDS = 2.0
ANSWERS_END_SECONDS = 10

First = Callable[[Settings, Engine], None]


def serve(settings: Settings, *, with_worker: bool, first: First | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C. `first` runs before the web service answers, with the worker at work."""
    configure_logs(settings)
    for senseless_is_said_now in (
        channel_for,
        text_channel_for,
    ):  # Not by a worker that ends again and again.
        senseless_is_said_now(settings)
    with _signals_as_exit(), listen(settings) as bound, database(settings) as url, engine_of(url) as engine:
        migrate(engine)
        with worker_beside() if with_worker else nullcontext():
            if first is not None:
                first(settings, engine)
            port = bound.getsockname()[1]
            shown = settings.base_url or f"http://localhost:{port}"
            typer.echo(f"The service is at {shown} (Ctrl-C ends it).")
            _run_web(settings.model_copy(update={"database_url": url, "port": port}), bound)


def _run_web(settings: Settings, bound: Socket) -> None:
    """Our own logs say what is needed; uvicorn's would hold addresses, and with them private links."""
    app = create_app(settings)
    # What is there now stays, so the collector need not look at it again and again.
    gc.freeze()
    config = uvicorn.Config(app, timeout_graceful_shutdown=ANSWERS_END_SECONDS, **SERVER_OPTIONS)
    WebServer(config).run(sockets=[bound])


@contextmanager
def _signals_as_exit() -> Iterator[None]:
    """SIGTERM and Ctrl-C unwind everything that was started, once: a second one does not cut the unwinding short.

    uvicorn handles both while it runs, and sends them again when it has ended.
    """
    before = {number: signal.signal(number, _exit) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit(_number: int, _frame: FrameType | None) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker in a process of its own for the block, started again if it dies. It ends when this process does."""
    ending = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(ending,), name="worker keeper")
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def _keep_worker(ending: threading.Event) -> None:
    while not ending.is_set():
        with _worker() as process:
            while process.poll() is None and not ending.wait(0.2):
                pass
            if not ending.is_set():
                log.error("the worker ended by itself and is started again", state=str(process.returncode))
        ending.wait(WORKER_AGAIN_SECONDS)


@contextmanager
def _worker() -> Iterator[subprocess.Popen[bytes]]:
    """Its standard input stays open as long as we live. In a group of its own, it hears of Ctrl-C from us alone."""
    command = [sys.executable, "-m", "api", "worker", "--until-closed"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(WORKER_ENDS_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
