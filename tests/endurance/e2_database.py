"""PostgreSQL ends and begins anew in the middle of everything: forms come in, messages go out, a run is solved.

By turns it is stopped as an administrator does it and killed as a power cut does. Web, worker and solver must come
back by themselves within a minute, in the same processes, and lose nothing that was acknowledged.
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from api.services import demo, matching
from api.services.demo import Demo
from api.store import embedded
from api.store.embedded import EmbeddedServer
from api.store.session import open_session
from api.store.tables import Campaign, Coordinator
from tests.endurance.e1_restarts import MISSING, UNSENT, loaded
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import campaign
from tests.promises.stack import LOOKS_EVERY, Stack, database, stack

PEOPLE, SOLVING_SECONDS = 60, 8.0
BACK_SECONDS = 60
PATIENCE_SECONDS = 180
STATE = "SELECT state FROM run WHERE id = :id"


@dataclass(frozen=True)
class Restart:
    """How long the web service, and the run, took to be back and over, and what became of the run."""

    web: float
    run: float
    state: str
    same: bool


def measure(size: Size) -> Outcome:
    times = size.pick(1, 12, 40)
    with database() as server, stack(server) as made, campaign(made.url) as (engine, path):
        with open_session(engine) as db:
            day = demo.create(db, "correct horse battery", people=PEOPLE)
            db.commit()
        made.start("serve")
        made.answers()
        made.start("worker")
        with loaded([made.site], path) as load:
            found = [_one(server, made, engine, day, number) for number in range(times)]
        unsent = _waited(lambda: _asked(engine, UNSENT) == 0)
        lost = _asked(engine, MISSING, keys=load.accepted)
    web, over = max(one.web for one in found), max(one.run for one in found)
    states, same = sorted({one.state for one in found}), all(one.same for one in found)
    figure = (
        f"{times} × stopped or killed while {len(load.accepted):,} forms came in and a run was solved: pages back after "
        f"{web:.0f} s, the run {' or '.join(states)} after {over:.0f} s (limit {BACK_SECONDS} s), web and worker the "
        f"same processes: {'yes' if same else 'NO'}; {lost} forms lost, confirmations all sent: {'yes' if unsent else 'NO'}"
    )
    # A form that comes just then is answered with 503, which its sender tries again.
    odd = [one for one in load.errors if not one.startswith("503")]
    if odd:
        figure += f"; first error: {odd[0]}"
    kept = (
        web <= BACK_SECONDS and over - SOLVING_SECONDS <= BACK_SECONDS and set(states) <= {"done", "failed"}
    )
    return Outcome(figure, kept and same and not lost and unsent and not odd)


def _one(server: EmbeddedServer, made: Stack, engine: Engine, day: Demo, number: int) -> Restart:
    run_id = _begun(engine, day)
    before = {part: process.pid for part, process in made.parts.items()}
    time.sleep(1 + number % 4)
    begun = time.monotonic()
    _restart(server, signal.SIGINT if number % 2 else signal.SIGQUIT)
    made.answers()
    web = time.monotonic() - begun
    _waited(lambda: _state(engine, run_id) in ("done", "failed"))
    over = time.monotonic() - begun
    same = all(
        made.parts[part].pid == pid and made.parts[part].poll() is None for part, pid in before.items()
    )
    return Restart(web, over, _state(engine, run_id), same)


def _begun(engine: Engine, day: Demo) -> UUID:
    with open_session(engine) as db:
        found, who = db.get_one(Campaign, day.campaign.id), db.get_one(Coordinator, day.coordinator.id)
        run_id = matching.start(db, found, day.day, who, seconds=SOLVING_SECONDS).id
        db.commit()
    _waited(lambda: _state(engine, run_id) != "queued")
    return run_id


def _restart(server: EmbeddedServer, number: signal.Signals) -> None:
    """End it, wait until it has ended, and start it again, as its keeper does."""
    os.kill(int((server.cluster.folder / "postmaster.pid").read_text().split()[0]), number)
    while server.cluster.is_alive():
        time.sleep(LOOKS_EVERY)
    embedded.revive(server)


def _state(engine: Engine, run_id: UUID) -> str:
    try:
        with engine.begin() as connection:
            return str(connection.execute(text(STATE), {"id": run_id}).scalar_one())
    except OperationalError:
        return "not known"


def _asked(engine: Engine, statement: str, **values: object) -> int:
    with engine.begin() as connection:
        return int(connection.execute(text(statement), values).scalar_one())


def _waited(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


PROMISE = Promise(2, "the database may begin anew at any moment", measure)

if __name__ == "__main__":
    run(PROMISE)
