"""What is kept of the answers of a server of road times."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from api.store.tables import RoadTimes

AT_A_TIME = 1000
"""Rows of one statement: national runs have tens of thousands."""


def of_origins(db: Session, origins: Sequence[bytes], since: datetime) -> Iterable[tuple[bytes, bytes]]:
    """Origin and drives of each row of these that was begun after `since`."""
    for first in range(0, len(origins), AT_A_TIME):
        chosen = select(RoadTimes.origin, RoadTimes.drives).where(
            col(RoadTimes.origin).in_(origins[first : first + AT_A_TIME]), col(RoadTimes.fetched_at) > since
        )
        yield from db.exec(chosen).all()


def keep(db: Session, drives: Mapping[bytes, bytes], at: datetime, since: datetime) -> None:
    """Put the rows in the place of those before. One begun after `since` stays as old as it was: part of it is."""
    rows = [
        {"origin": origin, "drives": packed, "fetched_at": at} for origin, packed in sorted(drives.items())
    ]
    for first in range(0, len(rows), AT_A_TIME):
        added = insert(RoadTimes).values(rows[first : first + AT_A_TIME])
        aged = col(RoadTimes.fetched_at)
        db.exec(
            added.on_conflict_do_update(
                index_elements=["origin"],
                set_={
                    "drives": added.excluded.drives,
                    "fetched_at": case((aged > since, aged), else_=added.excluded.fetched_at),
                },
            )
        )


def drop_older(db: Session, before: datetime) -> int:
    return db.exec(delete(RoadTimes).where(col(RoadTimes.fetched_at) <= before)).rowcount
