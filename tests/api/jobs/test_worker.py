"""The worker as a process: it takes jobs from the real queue, survives what can be survived, and ends when told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.jobs.worker import NICE
from api.services import demo, matching
from api.store import embedded
from api.store.migrating import migrate
from api.store.queries import runs
from api.store.session import make_engine, open_session
from api.store.tables import Offer, Run
from tests.api import world
from tests.mail import Mailbox, mail_server
from tests.patience import PATIENCE_SECONDS, until


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@contextmanager
def worker(
    database_url: str, mailbox: Mailbox, *options: str, **pipes: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is ended by force at the end of the block, if it has not ended before."""
    settings = {"CARPOOL_DATABASE_URL": database_url, "CARPOOL_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}"}
    command = [sys.executable, "-m", "api", "worker", *options]
    with subprocess.Popen(command, env=os.environ | settings, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def a_day(db: Session) -> tuple[Offer, UUID]:
    """A driver who waits for the first message, and a run that waits for a worker."""
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    world.add_offer(db, campaign)
    world.add_request(db, campaign)
    waiting = world.add_offer(db, campaign, confirmed=False)
    run = matching.start(db, campaign, world.DAY, coordinator, seconds=5)
    db.commit()
    return waiting, run.id


def run_of(db: Session, run_id: UUID) -> Run:
    db.rollback()
    run = runs.by_id(db, run_id)
    assert run is not None
    return run


def is_done(db: Session, run_id: UUID) -> bool:
    run = run_of(db, run_id)
    assert run.state != "failed", run.error
    return run.state == "done"


def test_messages_are_sent_and_runs_carried_out(db: Session, database_url: str, mailbox: Mailbox) -> None:
    offer, run_id = a_day(db)
    with worker(database_url, mailbox) as process:
        until(lambda: mailbox.to(world.person_of(db, offer).email), "the message")
        until(lambda: is_done(db, run_id), "the run")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    plan = run_of(db, run_id).plan
    assert plan is not None
    assert plan["volunteers"] == 2


def test_a_killed_workers_run_and_message_are_carried_out_by_the_next(
    engine: Engine, db: Session, database_url: str, mailbox: Mailbox
) -> None:
    """Killed while it waits for the mail server and while it solves; the run is whole or not there at all."""
    made = demo.create(db, "correct horse battery", people=100)
    offer = world.add_offer(db, made.campaign, confirmed=False, day=made.day)
    run_id = matching.start(db, made.campaign, made.day, made.coordinator, seconds=4).id
    db.commit()
    mailbox.hang = 300.0
    with worker(database_url, mailbox) as process:
        until(lambda: is_done(db, run_id) or run_of(db, run_id).progress, "the run's beginning")
        process.kill()
    assert run_of(db, run_id).plan is None
    mailbox.hang = 0.0
    with engine.begin() as connection:
        # As if the time had passed after which a silent worker is taken for dead, and its messages for nobody's.
        for statement in (
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'",
            "UPDATE message SET claimed_at = claimed_at - interval '1 hour'",
        ):
            connection.execute(text(statement))
    with worker(database_url, mailbox):
        until(lambda: is_done(db, run_id), "the run")
        until(lambda: mailbox.to(world.person_of(db, offer).email), "the message")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told(database_url: str, mailbox: Mailbox, number: signal.Signals) -> None:
    with worker(database_url, mailbox, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        wait_for_line(process.stderr, b"worker started")
        process.send_signal(number)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_it_ends_with_the_process_that_began_it(database_url: str, mailbox: Mailbox) -> None:
    with worker(
        database_url, mailbox, "--until-closed", stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        wait_for_line(process.stderr, b"worker started")
        process.stdin.close()
        assert process.wait(PATIENCE_SECONDS) == 0


def wait_for_line(stream: IO[bytes], word: bytes) -> None:
    for line in stream:
        if word in line:
            return
    raise AssertionError(f"it ended without saying {word!r}")


def test_it_waits_for_a_database_that_is_away(mailbox: Mailbox) -> None:
    with worker("postgresql://nobody@127.0.0.1:1/nothing", mailbox, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        wait_for_line(process.stderr, b"the database is away")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_it_outlives_the_database(tmp_path: Path, mailbox: Mailbox) -> None:
    """Killed and started again, the database finds a worker that goes on as if nothing had been."""
    with embedded.running(tmp_path) as server:
        with database(server) as db:
            first, _ = a_day(db)
            to = world.person_of(db, first).email
        with worker(server.url, mailbox) as process:
            until(lambda: mailbox.to(to), "the first message")
            os.kill(int((server.cluster.folder / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            again = embedded.start(tmp_path)
            try:
                with database(again) as db:
                    second, _ = a_day(db)
                    to = world.person_of(db, second).email
                until(lambda: mailbox.to(to), "the second message")
                process.send_signal(signal.SIGTERM)
                assert process.wait(PATIENCE_SECONDS) == 0
            finally:
                embedded.stop(again)


@contextmanager
def database(server: embedded.EmbeddedServer) -> Iterator[Session]:
    """A database session on a server with its tables."""
    engine = make_engine(server.url)
    migrate(engine)
    with open_session(engine) as db:
        yield db
    engine.dispose()


def test_a_mail_server_that_hangs_holds_up_no_run(db: Session, database_url: str, mailbox: Mailbox) -> None:
    mailbox.hang = 300.0
    _, run_id = a_day(db)
    with worker(database_url, mailbox):
        until(lambda: is_done(db, run_id), "the run")


def test_the_worker_itself_never_loads_the_solver() -> None:
    """Its memory is the web service's neighbour; only the child needs the solver."""
    heavy = "{'ortools', 'numba', 'scipy', 'carpool.solver'} & set(sys.modules)"
    check = f"import sys, api.jobs.worker, api.commands.working; sys.exit(str({heavy} or '') or 0)"
    done = subprocess.run([sys.executable, "-c", check], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_stands_back_behind_the_pages_in_a_session_of_its_own(database_url: str, mailbox: Mailbox) -> None:
    """As a service manager starts it: Linux weighs sessions against each other first, and processes only within one."""
    with worker(database_url, mailbox, start_new_session=True) as process:
        until(lambda: os.getpriority(os.PRIO_PROCESS, process.pid) == NICE, "the worker's standing back")
        group = Path(f"/proc/{process.pid}/autogroup")
        if not group.exists():
            pytest.skip("this kernel does not weigh sessions")
        until(lambda: group.read_text().split()[1:] == ["nice", str(NICE)], "its session's standing back")
