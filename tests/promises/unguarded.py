"""For the controls of promise 5: publishing, calling off and answering as they must not be, looking first and writing later."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlmodel import Session, text

from api.store.queries import lifts, runs, sign_ups

MEETING = threading.Barrier(2)
TOGETHER_SECONDS, BETWEEN_SECONDS = 0.05, 0.2
step, end_lifts, set_state = runs.step, lifts.end_lifts, sign_ups.set_state


def _meet() -> None:
    """Both have looked before either writes."""
    try:
        MEETING.wait(TOGETHER_SECONDS)
    except threading.BrokenBarrierError:
        MEETING.reset()


def _value(db: Session, statement: str, one: UUID) -> Any:
    return db.connection().execute(text(statement), {"id": one}).scalar_one()


def careless_step(db: Session, run_id: UUID, before: Any, **values: Any) -> bool:
    state = _value(db, "SELECT state FROM run WHERE id = :id", run_id)
    _meet()
    return state in before and step(db, run_id, (*before, "published"), **values)


def careless_off(db: Session, lift_id: UUID, _at: Any) -> bool:
    accepted_at = _value(db, "SELECT accepted_at FROM lift WHERE id = :id", lift_id)
    _meet()
    if accepted_at is None:
        db.connection().execute(text("UPDATE lift SET state = 'cancelled' WHERE id = :id"), {"id": lift_id})
    return accepted_at is None


def careless_accept(db: Session, sign_up: Any, at: Any) -> None:
    _meet()
    says = text("UPDATE lift SET accepted_at = :at WHERE offer_id = :id AND accepted_at IS NULL")
    db.connection().execute(says, {"id": sign_up.id, "at": at})


def slow_end(db: Session, lift_ids: Any, state: str) -> None:
    """Between what a publishing looked at and what it writes lies enough time for somebody to cancel."""
    time.sleep(BETWEEN_SECONDS)
    end_lifts(db, lift_ids, state)


def slow_state(db: Session, sign_up: Any, before: str, after: str) -> bool:
    """Whoever cancels does so while the other writes what it looked at before."""
    time.sleep(BETWEEN_SECONDS)
    return set_state(db, sign_up, before, after)


CARELESS: tuple[tuple[Any, str, Any], ...] = (
    (runs, "step", careless_step),
    (lifts, "end_unheard", careless_off),
    (lifts, "accept", careless_accept),
    (lifts, "end_lifts", slow_end),
    (sign_ups, "set_state", slow_state),
)


@contextmanager
def careless() -> Iterator[None]:
    """The state is looked at and then written, as if nobody could come in between."""
    kept = [getattr(module, name) for module, name, _ in CARELESS]
    for module, name, version in CARELESS:
        setattr(module, name, version)
    try:
        yield
    finally:
        for (module, name, _), guard in zip(CARELESS, kept, strict=True):
            setattr(module, name, guard)
