"""The worker of a simulated day: every job of the queue, and the periodic ones when the simulated clock says so.

The real worker goes by the real clock in its heartbeats and its cron, which cannot run a hundred times as fast. So its jobs are
done in this process, by the same queue and the same code; the database's own `now()` is the simulated one as well.
"""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from procrastinate import App, PsycopgConnector
from procrastinate.periodic import PeriodicDeferrer
from sqlalchemy import Engine, text

from api.jobs.solving import Solver
from api.jobs.tasks import make_app
from api.jobs.tools import Tools
from api.messages.channels import channel_for
from api.messages.house import house_of
from api.settings import Settings
from api.store.libpq import libpq_url
from tests.clock import Clock

PAUSE_SECONDS = 0.2
FOR_EVER = 10**9
# Names are looked up here first, so that what the queue calls now() is this.
SIMULATED = (
    "CREATE SCHEMA simulated",
    "CREATE TABLE simulated.clock (real timestamptz, shown timestamptz, fast double precision)",
    "CREATE FUNCTION simulated.now() RETURNS timestamptz LANGUAGE sql STABLE AS"
    " 'SELECT shown + (pg_catalog.clock_timestamp() - real) * fast FROM simulated.clock'",
    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database())"
    " || ' SET search_path = simulated, pg_catalog, public'; END $$",
)


def simulate(engine: Engine, clock: Clock, fast: float) -> None:
    """From now on the database's clock is `clock`, for whoever connects anew."""
    with engine.begin() as connection:
        for statement in SIMULATED:
            connection.exec_driver_sql(statement)
        row = "INSERT INTO simulated.clock VALUES (pg_catalog.clock_timestamp(), :shown, :fast)"
        connection.execute(text(row), {"shown": clock.now(), "fast": fast})
    engine.dispose()


@contextmanager
def working(settings: Settings, engine: Engine, url: str, clock: Clock) -> Iterator[None]:
    """Do what is due, all the while."""
    solver, repairer, ending = Solver(), Solver(), threading.Event()
    solver.warm()
    repairer.warm()
    tools = Tools(engine, channel_for(settings), house_of(settings), solver, own_repairer=repairer)
    app = make_app(PsycopgConnector(conninfo=libpq_url(url), max_size=12), tools)
    failure = list[BaseException]()

    def work() -> None:
        try:
            asyncio.run(_work(app, clock, ending))
        except BaseException as error:  # noqa: BLE001  It is raised where it is waited for.
            failure.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        ending.set()
        worker.join()
        solver.close()
        repairer.close()
    if failure:
        raise failure[0]


async def _work(app: App, clock: Clock, ending: threading.Event) -> None:
    async with app.open_async():
        due = PeriodicDeferrer(app.periodic_registry)
        while not ending.is_set():
            # Of what was due more than once since the last look, once.
            latest = {
                one.task.name: (one, moment)
                for one, moment in due.get_previous_tasks(at=clock.now().timestamp())
            }
            await due.defer_jobs(latest.values())
            await app.run_worker_async(
                wait=False,
                concurrency=10,
                install_signal_handlers=False,
                delete_jobs="successful",
                stalled_worker_timeout=FOR_EVER,
            )
            await asyncio.sleep(PAUSE_SECONDS)


class Errors(logging.Handler):
    """What was logged as an error, or worse."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines = list[str]()

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[1] if isinstance(record.exc_info, tuple) else ""
        self.lines.append(f"{record.name}: {record.getMessage()[:300]} {kind!r:.300}")
