"""Promise 3, beside its kills: a worker that is not dead but frozen, as a machine that is moved, and goes on later.

Another has taken its run over by then. Both believe that it is theirs.
"""

import os
import signal
import time

from sqlalchemy import Engine

from api.store.session import make_engine
from tests.connections import IN_TRANSACTION, count
from tests.patience import until
from tests.promises.p03_runs import PEOPLE, is_whole, row_of, wait
from tests.promises.scenes import demo_day, start_run, value
from tests.promises.stack import database, stack

SOLVING_SECONDS = 3.0
DOING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"


def _freeze(worker: int, engine: Engine) -> None:
    """Stop the worker between its transactions: in one, its locks would keep the other waiting for minutes."""
    while True:
        os.killpg(worker, signal.SIGSTOP)
        # What the database was doing for it ends.
        time.sleep(0.3)
        if count(engine, IN_TRANSACTION) == 0:
            return
        os.killpg(worker, signal.SIGCONT)
        time.sleep(0.05)


def test_what_the_other_worker_found_stays() -> None:
    with database() as server, stack(server) as made:
        made.modules["worker"] = ("tests.promises.hurried",)
        engine = make_engine(made.url)
        day = demo_day(engine, PEOPLE)
        made.start("worker")
        run_id = start_run(engine, day, SOLVING_SECONDS)
        assert wait(engine, run_id, ("running",)) == "running"
        frozen = made.parts.pop("worker")
        _freeze(frozen.pid, engine)
        try:
            made.start("worker")
            assert wait(engine, run_id, ("done", "failed")) == "done"
            found = row_of(engine, run_id)
            os.killpg(frozen.pid, signal.SIGCONT)
            # It ends what it was at, and is told that the run is over.
            time.sleep(SOLVING_SECONDS)
            until(lambda: value(engine, DOING) == 0, "the frozen worker's run")
            after = row_of(engine, run_id)
            assert is_whole(engine, run_id)
            assert (after.plan, after.finished_at) == (found.plan, found.finished_at)
        finally:
            os.killpg(frozen.pid, signal.SIGKILL)
            frozen.wait()
        engine.dispose()
