"""The jobs of a worker that is gone go to another."""

import asyncio

from procrastinate import App, PsycopgConnector
from sqlalchemy import Engine, text

from api.jobs.rescue import HEARTBEAT_SECONDS, retry_stalled
from api.services.watching import GONE_SECONDS
from api.store.libpq import libpq_url


async def begin_a_job(app: App) -> None:
    """What a worker does first with a job; this one will do nothing more."""
    worker = await app.job_manager.register_worker()
    assert await app.job_manager.fetch_job(queues=None, worker_id=worker) is not None


def rescued(database_url: str, engine: Engine, silent_seconds: float) -> tuple[int, str]:
    """How many jobs are given back after a silence, and the state of the one there is."""
    app = App(connector=PsycopgConnector(conninfo=libpq_url(database_url)))

    async def go() -> int:
        async with app.open_async():
            await app.configure_task("send_message", allow_unknown=True).defer_async(message_id="1")
            await begin_a_job(app)
            with engine.begin() as connection:
                silence = text(
                    "UPDATE procrastinate_workers SET last_heartbeat = now() - :s * interval '1 second'"
                )
                connection.execute(silence, {"s": silent_seconds})
            return await retry_stalled(app)

    found = asyncio.run(go())
    with engine.connect() as connection:
        return found, str(connection.execute(text("SELECT status FROM procrastinate_jobs")).scalar_one())


def test_a_silent_workers_job_is_given_back(database_url: str, engine: Engine) -> None:
    assert rescued(database_url, engine, GONE_SECONDS + 1) == (1, "todo")


def test_a_living_workers_job_is_left_alone(database_url: str, engine: Engine) -> None:
    assert rescued(database_url, engine, GONE_SECONDS / 2) == (0, "doing")


def test_a_worker_may_miss_a_few_heartbeats() -> None:
    assert GONE_SECONDS >= 3 * HEARTBEAT_SECONDS
