"""Public places where a car can stop."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from api.store.tables import PublicPlace

Row = tuple[str, str, float, float]
"""Name, kind, latitude, longitude."""


def within(db: Session, south: float, west: float, north: float, east: float) -> Sequence[PublicPlace]:
    """All places in a frame of degrees."""
    found = select(PublicPlace).where(col(PublicPlace.lat).between(south, north))
    return db.exec(found.where(col(PublicPlace.lon).between(west, east))).all()


def stations(db: Session, south: float, west: float, north: float, east: float) -> Sequence[PublicPlace]:
    """The stations in a frame of degrees."""
    found = select(PublicPlace).where(col(PublicPlace.lat).between(south, north))
    found = found.where(col(PublicPlace.kind).contains("station"))
    return db.exec(found.where(col(PublicPlace.lon).between(west, east))).all()


def by_ids(db: Session, ids: Iterable[UUID]) -> Sequence[PublicPlace]:
    wanted = set(ids)
    return db.exec(select(PublicPlace).where(col(PublicPlace.id).in_(wanted))).all() if wanted else ()


def count(db: Session) -> int:
    return db.exec(select(func.count()).select_from(PublicPlace)).one()


def replace(db: Session, source: str, rows: Iterable[Row]) -> None:
    """Load the places of a source by COPY, in the place of all that it brought before.

    `rows` is read once; an error that it raises leaves everything as it was, once the caller rolls back.
    """
    connection = db.connection().connection.driver_connection
    assert connection is not None  # the session has just checked it out
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE loaded (name text, kind text, lat float, lon float) ON COMMIT DROP"
        )
        with cursor.copy("COPY loaded (name, kind, lat, lon) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("DELETE FROM public_place WHERE source = %s", (source,))
        cursor.execute(
            "INSERT INTO public_place SELECT gen_random_uuid(), %s, name, kind, lat, lon FROM loaded",
            (source,),
        )
        cursor.execute("DROP TABLE loaded")
