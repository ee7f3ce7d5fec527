"""Runs: each step from one state to the next is one conditional UPDATE, so that of two who try at once one wins."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select, update

from api.store.tables import Run, now

LARGE = (defer(Run.instance), defer(Run.plan))  # type: ignore[arg-type]  # columns, as the class has them
"""What a run holds in megabytes: read only by whoever asks for it."""


def add(db: Session, run: Run) -> bool:
    """False if another run of that day is waiting or going."""
    try:
        with db.begin_nested():
            db.add(run)
            db.flush()
    except IntegrityError as error:
        if "one_run_at_a_time" not in str(error.orig):
            raise
        return False
    return True


def by_id(db: Session, run_id: UUID) -> Run | None:
    return db.get(Run, run_id, populate_existing=True)


def without_plan(db: Session, run_id: UUID) -> Run | None:
    """The run as it is now; its instance and its plan are read only if somebody asks for them."""
    found = select(Run).where(Run.id == run_id).options(*LARGE)
    return db.exec(found.execution_options(populate_existing=True)).first()


def of_day(db: Session, campaign_id: UUID, day: date) -> Sequence[Run]:
    """Newest first, without their instances and plans."""
    runs = select(Run).where(Run.campaign_id == campaign_id, Run.day == day).options(*LARGE)
    runs = runs.order_by(col(Run.created_at).desc())
    return db.exec(runs.execution_options(populate_existing=True)).all()


def going(db: Session) -> Sequence[Run]:
    """Runs that some worker should be at."""
    return db.exec(select(Run).where(col(Run.state).in_(("queued", "running")))).all()


def step(db: Session, run_id: UUID, before: Sequence[str], **values: Any) -> bool:
    """Change the run if its state is one of `before`; whether it was."""
    done = db.exec(update(Run).where(col(Run.id) == run_id, col(Run.state).in_(before)).values(**values))
    return bool(done.rowcount)


def history(db: Session, run_id: UUID) -> list[list[float | None]]:
    """The points of the run's curve so far."""
    return list(db.exec(select(Run.history).where(Run.id == run_id)).first() or ())


def note_progress(
    db: Session, run_id: UUID, progress: dict[str, Any], history: list[list[float | None]], at: datetime
) -> bool:
    """Keep how far the run is; whether it should stop: somebody asked it to, or it is no longer running."""
    noted = update(Run).where(col(Run.id) == run_id, col(Run.state) == "running")
    noted = noted.values(progress=progress, history=history, noted_at=at)
    answer = db.exec(noted.returning(col(Run.stop_asked))).first()
    return True if answer is None else bool(answer[0])


def finished(db: Session, run_id: UUID, **values: Any) -> bool:
    return step(db, run_id, ("running",), state="done", finished_at=now(), **values)
