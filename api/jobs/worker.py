"""The worker: empties the queue until it is told to end, through restarts of the database as well.

It works with tables of its own version only, and waits while they are of another.

At SIGTERM or Ctrl-C it takes no more jobs and finishes those it is at. A matching run that is going ends with the
best plan so far, which its coordinator sees as "stopped" and can improve by another run; a solver that has none to
give within ten seconds is ended, and the run begins again with the next worker.
"""

import asyncio
import os
import signal
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg import AsyncConnection, OperationalError
from sqlalchemy.exc import OperationalError as DatabaseAway

from api.jobs.outward import ways_out
from api.jobs.rescue import HEARTBEAT_SECONDS, retry_stalled
from api.jobs.solving import Solver
from api.jobs.tasks import make_app
from api.jobs.tools import Tools
from api.jobs.turns import MOST
from api.jobs.versions import OtherTables, check_tables
from api.logs import log
from api.messages.house import house_of
from api.services.watching import GONE_SECONDS
from api.settings import Settings
from api.store.libpq import libpq_url
from api.store.queue import DEFAULT_QUEUE, LETTERS_QUEUE, REPAIRS_QUEUE, RUNS_QUEUE, TEXTS_QUEUE
from api.store.session import CONNECT_SECONDS, make_engine

# Letters and texts wait for other people's servers, so there are hands for many, of which few talk at once (`Turns`); runs
# have one solver, and a lane of their own so that they never keep a letter waiting.
# So have repairs: somebody stands in the rain. docs/decisions/0024-repairs.md says why there are two solvers.
LANES = {DEFAULT_QUEUE: 4, LETTERS_QUEUE: MOST, TEXTS_QUEUE: MOST, RUNS_QUEUE: 1, REPAIRS_QUEUE: 1}
POOL = 15
"""Connections at rest; as many more while they are wanted. Whoever waits for a server has none."""
LOOK_SECONDS = {REPAIRS_QUEUE: 1.0}
"""How often a lane looks for jobs whose time has come, where it is not every five seconds."""
RESCUE_SECONDS = 10.0
RECONNECT_SECONDS = 2.0
NICE = 10
"""A letter may wait for a second, somebody at a form not: what they send makes letters, and each takes as long as the form."""


def _step_back() -> None:
    """Behind whoever waits for a page on the same machine.

    Linux shares its cores out among sessions first, and weighs processes only within one: a worker that leads a session of its
    own would have as much as all the pages, however nice.
    """
    os.nice(NICE)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(NICE))


def run_worker(settings: Settings, database_url: str) -> None:
    """Work until SIGTERM or Ctrl-C."""
    _step_back()
    engine = make_engine(database_url, pool_size=POOL)
    solver, repairer = Solver(), Solver()
    try:
        with ways_out(settings, engine) as (mails, texts):
            solver.warm()
            repairer.warm()
            tools = Tools(engine, mails, house_of(settings), solver, texts, repairer)
            asyncio.run(_work(tools, database_url))
    finally:
        solver.close()
        repairer.close()
        engine.dispose()


async def _work(tools: Tools, database_url: str) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(sum(LANES.values()) + 2, thread_name_prefix="job"))
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, tools, ending)
    log.info("worker started")
    other_tables = False
    while not ending.is_set():
        try:
            await _try(tools, database_url, ending)
        except (ConnectorException, OperationalError, DatabaseAway):
            log.warning("the database is away; the worker tries again")
        except OtherTables:
            if not other_tables:
                log.warning("the tables are of another version; the worker waits until they are of its own")
            other_tables = True
        else:
            break
        with suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), RECONNECT_SECONDS)
    log.info("worker ended")


async def _try(tools: Tools, database_url: str, ending: asyncio.Event) -> None:
    """Work until `ending`, or until the database goes away or its tables change."""
    conninfo = libpq_url(database_url)
    pool: dict[str, Any] = {"max_size": 2 * len(LANES) + 2, "timeout": CONNECT_SECONDS}
    app = make_app(PsycopgConnector(conninfo=conninfo, **pool), tools)
    # The pool would wait for half a minute and say nothing.
    await (await AsyncConnection.connect(conninfo, connect_timeout=CONNECT_SECONDS)).close()
    await asyncio.to_thread(check_tables, tools.engine)
    async with app.open_async():
        await _work_until(app, tools, ending)


def _end(tools: Tools, ending: asyncio.Event) -> None:
    tools.solver.wind_up()
    tools.repairer.wind_up()
    tools.letters_turns.end()
    tools.texts_turns.end()
    ending.set()


async def _work_until(app: App, tools: Tools, ending: asyncio.Event) -> None:
    """Run all lanes until `ending`, or until one of them breaks off because the database went away or changed."""
    parts: list[Coroutine[Any, Any, None]] = [_lane(app, queue, most) for queue, most in LANES.items()]
    tasks = [asyncio.create_task(part) for part in (*parts, _rescue(app, tools))]
    told = asyncio.create_task(ending.wait())
    await asyncio.wait((told, *tasks), return_when=asyncio.FIRST_COMPLETED)
    for task in (told, *tasks):
        task.cancel()
    outcomes = await asyncio.gather(told, *tasks, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def _lane(app: App, queue: str, most: int) -> None:
    await app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=most,
        fetch_job_polling_interval=LOOK_SECONDS.get(queue, 5.0),
        delete_jobs="successful",
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=GONE_SECONDS,
    )
    raise ConnectorException  # Nobody told it to end: it lost its connection.


async def _rescue(app: App, tools: Tools) -> None:
    while True:
        await asyncio.to_thread(check_tables, tools.engine)
        await retry_stalled(app)
        await asyncio.sleep(RESCUE_SECONDS)
