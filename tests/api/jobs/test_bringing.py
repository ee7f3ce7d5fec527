"""A large table in the worker: whole or not at all, whoever is killed, and never twice."""

import threading
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, func, select

from api.jobs.bringing import OURS, bring_in
from api.jobs.tools import Tools
from api.services import recovery
from api.services.exchange import bringing, working
from api.store.queries import imports, jobs
from api.store.tables import Message, Offer, Person, Request, TableImport
from tests.api import world
from tests.api.services.exchange.tables import HEADINGS, VOUCHED

MANY = 700


class Killed(BaseException):
    """What no code of ours catches, as a kill."""


@pytest.fixture
def made(db: Session) -> TableImport:
    """A table whose rows wait to be checked."""
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    rows = "".join(
        f"Jo {n}\tjo{n}@example.org\t\tWF1 1AA\t{'yes' if n % 2 else 'no'}\t\t\n" for n in range(MANY)
    )
    made = bringing.start(db, campaign, coordinator, "people", HEADINGS + rows)
    columns = [name or "" for name in made.columns]
    bringing.confirm_columns(db, made, columns, heading=1, usual_day=world.DAY, usual_role="")
    assert bringing.hand_on(db, made)
    db.commit()
    return made


def state(db: Session, made: TableImport) -> TableImport:
    db.rollback()
    found = imports.by_id(db, made.id)
    assert found is not None
    return found


def ask(db: Session, made: TableImport, **changes: Any) -> None:
    bringing.ask_to_take(db, state(db, made), **{"only_all": False} | VOUCHED | changes)
    bringing.hand_on(db, made)
    db.commit()


def count(db: Session, table: Any) -> int:
    return int(db.exec(select(func.count()).select_from(table)).one())


def test_a_large_table_is_checked_and_taken_with_progress(
    db: Session, tools: Tools, made: TableImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[int] = []
    keep = working.note_progress

    def note(own: Session, import_id: UUID, done: int) -> None:
        noted.append(done)
        keep(own, import_id, done)

    monkeypatch.setattr(working, "note_progress", note)
    bring_in(tools, made.id)
    found = state(db, made)
    assert (found.state, found.good, found.wrong) == ("checked", MANY, 0) and noted == [250, 500]
    ask(db, made)
    bring_in(tools, made.id)
    assert noted == [250, 500] * 2 and state(db, made).state == "done"
    assert (count(db, Person), count(db, Offer), count(db, Request), count(db, Message)) == (
        MANY,
        MANY // 2,
        MANY // 2,
        MANY,
    )
    # A job for each message, and none is left over for whoever looks for lost ones.
    assert len(jobs.unfinished(db, "send_message", "message_id")) == MANY


def test_progress_is_seen_while_the_work_goes_on(
    db: Session, engine: Any, tools: Tools, made: TableImport
) -> None:
    seen: list[int] = []

    def note(done: int) -> None:
        with tools.transaction() as own:
            working.note_progress(own, made.id, done)
        with Session(engine) as other:
            found = imports.by_id(other, made.id)
            assert found is not None
            seen.append(found.progress)

    with tools.transaction() as working_on:
        working.carry_out(working_on, made.id, note)
    assert seen == [250, 500]


def test_a_killed_worker_leaves_nothing_and_the_next_does_it_once(
    db: Session, tools: Tools, made: TableImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(tools, made.id)
    ask(db, made)
    with monkeypatch.context() as patched:

        def killed(*_: Any) -> None:
            raise Killed

        patched.setattr(imports, "drop_rows", killed)
        with pytest.raises(Killed):
            bring_in(tools, made.id)
    assert state(db, made).state == "taking" and count(db, Person) == 0 and count(db, Message) == 0
    # Whoever looks for lost work finds it, as the job is gone with its worker.
    assert [str(made.id)] == [str(found) for found in working.going(db)]
    bring_in(tools, made.id)
    bring_in(tools, made.id)
    assert state(db, made).state == "done" and count(db, Person) == MANY


def test_two_workers_at_once_do_it_once(db: Session, tools: Tools, made: TableImport) -> None:
    bring_in(tools, made.id)
    ask(db, made)
    threads = [threading.Thread(target=bring_in, args=(tools, made.id)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state(db, made).state == "done" and count(db, Person) == MANY


def test_a_fault_of_ours_is_said_and_all_stays_as_it_was(
    db: Session, tools: Tools, made: TableImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(tools, made.id)
    ask(db, made)

    def broken(*_: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(imports, "add_people", broken)
    with pytest.raises(RuntimeError):
        bring_in(tools, made.id)
    found = state(db, made)
    assert (found.state, found.error) == ("checked", OURS) and count(db, Person) == 0


def test_a_database_that_is_away_is_tried_again(
    db: Session, tools: Tools, made: TableImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as patched:
        patched.setattr(imports, "set_problems", away)
        with pytest.raises(OperationalError):
            bring_in(tools, made.id)
    assert state(db, made).state == "checking"
    bring_in(tools, made.id)
    assert state(db, made).state == "checked"


def test_a_lost_job_is_queued_again(db: Session, made: TableImport) -> None:
    from sqlalchemy import text

    db.connection().execute(text("DELETE FROM procrastinate_jobs"))
    assert recovery.requeue_lost(db) == 1
    assert jobs.unfinished(db, "carry_out_import", "import_id") == {str(made.id)}
