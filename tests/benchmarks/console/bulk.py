"""Many rows at once: COPY, so that every constraint of the tables is checked and filling takes seconds."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from psycopg import Cursor, sql
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, SQLModel


def copy(db: Session, table: type[SQLModel], rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert the rows; what a row leaves out is what the model says. How many there were."""
    columns = list(table.__table__.columns)  # type: ignore[attr-defined]
    documents = {column.name for column in columns if isinstance(column.type, JSONB)}
    names = [column.name for column in columns]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.__table__.name),  # type: ignore[attr-defined]
        sql.SQL(", ").join(map(sql.Identifier, names)),
    )
    cursor: Cursor[Any] = db.connection().connection.driver_connection.cursor()  # type: ignore[union-attr]
    count = 0
    with cursor.copy(statement) as into:
        for row in rows:
            whole = table(**row).model_dump()
            into.write_row([_value(whole[name], name in documents) for name in names])
            count += 1
    return count


def _value(value: Any, document: bool) -> Any:
    if document and value is not None:
        return Jsonb(value)
    return value.value if isinstance(value, Enum) else value
