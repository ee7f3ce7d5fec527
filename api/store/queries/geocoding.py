"""The geocoder's answers and its turns."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete

from api.store.tables import GeocoderAnswer, GeocoderTurn


def answer(db: Session, question: bytes) -> GeocoderAnswer | None:
    return db.get(GeocoderAnswer, question, populate_existing=True)


def keep(db: Session, question: bytes, values: Mapping[str, Any]) -> None:
    """The newest answer to a question takes the place of the one before."""
    row = {"question": question, **values}
    added = insert(GeocoderAnswer).values(row)
    db.exec(added.on_conflict_do_update(index_elements=["question"], set_=dict(values)))


def drop_older(db: Session, before: datetime) -> int:
    return db.exec(delete(GeocoderAnswer).where(col(GeocoderAnswer.asked_at) < before)).rowcount


def take_turn(
    db: Session, server: str, gap: timedelta, patience: timedelta
) -> tuple[datetime, timedelta] | None:
    """The next free moment, taken, and how far off it is; None if it is further off than `patience`.

    By the clock of the database, one for all processes; two turns are never nearer than `gap`.
    """
    clock, free_at = func.clock_timestamp(), col(GeocoderTurn.free_at)
    first = insert(GeocoderTurn).values(server=server, free_at=clock + gap)
    taken = first.on_conflict_do_update(
        index_elements=["server"],
        set_={"free_at": func.greatest(free_at, clock) + gap},
        where=free_at <= clock + patience,
    )
    found = db.exec(taken.returning(free_at, clock)).first()
    if found is None:
        return None
    turn = found[0] - gap
    return turn, max(turn - found[1], timedelta())


def rest(db: Session, server: str, pause: timedelta) -> None:
    """Nobody asks this server for a while."""
    until = func.clock_timestamp() + pause
    free_at = col(GeocoderTurn.free_at)
    first = insert(GeocoderTurn).values(server=server, free_at=until)
    db.exec(
        first.on_conflict_do_update(
            index_elements=["server"], set_={"free_at": func.greatest(free_at, until)}
        )
    )
