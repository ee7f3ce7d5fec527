"""Official results and postcodes as imported, over the built-in tables."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, delete, select

from api.store.tables import ConstituencyResult, PostcodeUnit


def results(db: Session) -> Sequence[ConstituencyResult]:
    return db.exec(select(ConstituencyResult)).all()


def replace_results(db: Session, rows: Sequence[ConstituencyResult]) -> None:
    """All results of a general election, in the place of what was there."""
    db.exec(delete(ConstituencyResult))
    db.add_all(rows)


def put_results(db: Session, rows: Sequence[ConstituencyResult]) -> None:
    """Single results, over what was there for their constituencies."""
    for row in rows:
        values = row.model_dump()
        changed = insert(ConstituencyResult).values(values)
        db.exec(changed.on_conflict_do_update(index_elements=["code"], set_=values))


def unit(db: Session, postcode: str) -> tuple[float, float] | None:
    """Where the unit postcode (without space) lies, if its area was imported."""
    row = db.get(PostcodeUnit, postcode)
    return (row.lat, row.lon) if row else None


def count_units(db: Session) -> int:
    return db.exec(select(func.count()).select_from(PostcodeUnit)).one()


def load_units(db: Session, rows: Iterable[tuple[str, float, float]]) -> None:
    """Load (postcode, lat, lon) by COPY, in the place of all units of the postcode areas (LS, PO) that they belong to.

    `rows` is read once; an error that it raises leaves everything as it was, once the caller rolls back.
    """
    connection = db.connection().connection.driver_connection
    assert connection is not None  # the session has just checked it out
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE loaded (LIKE postcode_unit) ON COMMIT DROP")
        with cursor.copy("COPY loaded (postcode, lat, lon) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            "DELETE FROM postcode_unit WHERE substring(postcode FROM '^[A-Z]+')"
            " IN (SELECT DISTINCT substring(postcode FROM '^[A-Z]+') FROM loaded)"
        )
        cursor.execute("INSERT INTO postcode_unit SELECT * FROM loaded")
        cursor.execute("DROP TABLE loaded")
