"""The record's chain: each entry follows the one before it, whoever appends at once, and none can be changed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.services import audit, record
from api.store import chain
from api.store.session import open_session
from api.store.tables import AuditEntry, Coordinator
from tests.api import world


@pytest.fixture
def ann(db: Session) -> Coordinator:
    coordinator = world.add_coordinator(db)
    db.commit()
    return coordinator


def entries(db: Session) -> list[AuditEntry]:
    return list(db.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all())


def test_each_entry_carries_the_hash_of_the_one_before(db: Session, ann: Coordinator) -> None:
    for what in ("one", "two", "three"):
        audit.record(db, ann, what)
    db.commit()
    audit.record(db, ann, "four", subject_id=ann.id)
    db.commit()
    found = entries(db)
    assert [(entry.id, entry.what) for entry in found] == [(1, "one"), (2, "two"), (3, "three"), (4, "four")]
    assert [entry.previous for entry in found] == [chain.BEGINNING, *(entry.hash for entry in found[:3])]
    assert len({entry.hash for entry in found}) == 4
    assert record.verify(db).broken_at is None


def test_an_entry_is_there_exactly_if_what_it_tells_is(db: Session, ann: Coordinator) -> None:
    audit.record(db, ann, "taken back")
    db.rollback()
    db.commit()
    assert entries(db) == []


def test_what_is_rolled_back_within_keeps_the_rest(db: Session, ann: Coordinator) -> None:
    audit.record(db, ann, "kept")
    with pytest.raises(IntegrityError), db.begin_nested():
        db.add(Coordinator(email=ann.email, name="Other", password_hash="-"))
        db.flush()
    with db.begin_nested():
        assert entries(db) == []
    db.commit()
    assert [entry.what for entry in entries(db)] == ["kept"]


def test_many_who_append_at_once_make_one_chain(engine: Engine, db: Session, ann: Coordinator) -> None:
    def append(number: int) -> None:
        with open_session(engine) as own:
            for _ in range(5):
                audit.record(own, ann, "said")
                audit.record(own, ann, "done")
                own.commit()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(append, range(8)))
    found = record.verify(db)
    assert (found.entries, found.last, found.broken_at) == (80, 80, None)


def test_nobody_waits_for_the_record_while_long_work_goes_on(
    engine: Engine, db: Session, ann: Coordinator
) -> None:
    audit.record(db, ann, "begun long ago")
    db.exec(select(Coordinator)).all()
    with open_session(engine) as own:
        own.connection().execute(text("SET LOCAL lock_timeout = '2s'"))
        audit.record(own, ann, "quickly done")
        own.commit()
    db.commit()
    assert [entry.what for entry in entries(db)] == ["quickly done", "begun long ago"]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET what = 'nothing'", "DELETE FROM audit", "TRUNCATE audit"]
)
def test_the_database_lets_nobody_change_it(db: Session, ann: Coordinator, statement: str) -> None:
    audit.record(db, ann, "done")
    db.commit()
    with pytest.raises(IntegrityError, match="the record stays as it is"):
        db.connection().execute(text(statement))
    db.rollback()
    assert [entry.what for entry in entries(db)] == ["done"]


@pytest.mark.parametrize("what", ["rang 07700 900123", "wrote to ann@example.org", "saw Ann", "", "x" * 81])
def test_no_address_number_or_name_gets_in(db: Session, ann: Coordinator, what: str) -> None:
    audit.record(db, ann, what)
    with pytest.raises(IntegrityError, match="no_personal_data"):
        db.commit()


def test_a_press_is_put_down_by_its_name_only_if_nothing_else_was(db: Session, ann: Coordinator) -> None:
    audit.record_otherwise(db, ann, "asked to look")
    chain.complete(db)
    db.commit()
    assert [entry.what for entry in entries(db)] == ["asked to look"]
    with open_session(db.get_bind()) as own:  # type: ignore[arg-type]  # of an engine, not of a connection
        audit.record_otherwise(own, ann, "asked to go")
        audit.record(own, ann, "gone")
        own.commit()
        chain.complete(own)
        own.commit()
    assert [entry.what for entry in entries(db)] == ["asked to look", "gone"]
