"""Tries that count against a limit: exact, however many come at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session, select

from api.store.queries import attempts
from api.store.session import open_session
from api.store.tables import Attempt, now


def count_at_once(engine: Engine, tries: int, most: int) -> list[bool]:
    def attempt(_: int) -> bool:
        with open_session(engine) as db:
            at = now()
            passed = (
                attempts.add_within(db, "probe", b"w" * 32, most, at - timedelta(hours=1), at, alone=True)
                is None
            )
            db.commit()
            return passed

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(attempt, range(tries)))


def test_many_at_once_cannot_all_pass(engine: Engine) -> None:
    assert count_at_once(engine, tries=50, most=5).count(True) == 5


def test_refused_tries_do_not_count(db: Session) -> None:
    at = now()
    for _ in range(9):
        attempts.add_within(db, "probe", b"w" * 32, 3, at - timedelta(hours=1), at, alone=True)
    assert len(db.exec(select(Attempt)).all()) == 3


def test_old_tries_do_not_count(db: Session) -> None:
    at = now()
    hour = timedelta(hours=1)
    assert attempts.add_within(db, "probe", b"w" * 32, 1, at - hour, at, alone=True) is None
    assert attempts.add_within(db, "probe", b"w" * 32, 1, at - hour, at, alone=True) == at
    assert attempts.add_within(db, "probe", b"w" * 32, 1, at, at + hour, alone=True) is None


def test_forgiven_tries_do_not_count(db: Session) -> None:
    at = now()
    for _ in range(5):
        assert attempts.add_within(db, "probe", b"w" * 32, 1, at - timedelta(hours=1), at, alone=True) is None
        attempts.remove(db, "probe", b"w" * 32)
