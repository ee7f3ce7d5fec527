"""A database as an older version left it: a small campaign of the first version, and a row in every table since."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import JSONB

from api.store.migrating import config
from tests.api.store.old_rows import DAY, LATER, Ids, everything

QUEUED = '{"message_id": "00000000-0000-0000-0000-000000000001"}'


def upgrade(connection: Connection, revision: str) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, revision)


def fill_first(connection: Connection) -> Ids:
    """What people did with the first version."""
    ids = Ids(*(uuid4() for _ in range(9)))
    known = reflected(connection)
    for name, rows in everything(ids).items():
        for row in rows:
            connection.execute(known[name].insert(), row)
    queued = "INSERT INTO procrastinate_jobs (task_name, queue_name, args) VALUES ('send_message', 'default', :args)"
    connection.execute(sa.text(queued), {"args": QUEUED})
    return ids


def reflected(connection: Connection) -> dict[str, Table]:
    """Our own tables as they are there, in the order in which they refer to one another."""
    found = sa.MetaData()
    found.reflect(connection)
    ours = (one for one in found.sorted_tables if not one.name.startswith(("procrastinate", "alembic")))
    return {one.name: one for one in ours}


# What the database checks by more than a list of words.
KNOWN: Mapping[str, Mapping[str, Any]] = {
    "arrival": {"request_id": None}, "new_contact": {"email": "new@example.org"}, "hold": {"kind": "out", "event_id": None},
    "edit": {"before": {}, "after": {"plan": {"trips": []}}, "reason": "asked for"}, "repair": {"cause": "driver_cancelled"},
    "geocoder_answer": {"precision": "unit"}, "import_row": {"cells": {}, "problems": {}}, "table_import": {"state": "done"},
}  # fmt: skip


def fill_empty(connection: Connection) -> None:
    """A row in each table that has none yet: those that the versions since the first one brought."""
    for name, table in reflected(connection).items():
        if connection.execute(sa.select(table).limit(1)).first() is None:
            connection.execute(table.insert(), _row(connection, table))
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one(), name


def _row(connection: Connection, table: Table) -> dict[str, Any]:
    words = _words(connection, table)
    row = dict(KNOWN.get(table.name, {}))
    for column in table.columns:
        if column.name in row or column.server_default is not None:
            continue
        if column.foreign_keys:
            (key,) = column.foreign_keys
            row[column.name] = connection.execute(sa.select(key.column).limit(1)).scalar()
        else:
            row[column.name] = words.get(column.name) or _value(column.type)
    return row


def _words(connection: Connection, table: Table) -> dict[str, str]:
    """Column → the first word that its check takes."""
    checks = (str(one["sqltext"]) for one in sa.inspect(connection).get_check_constraints(table.name))
    found = (re.match(r"\(?(\w+)\)?::text = ANY \(\(?ARRAY\['(\w+)'", one) for one in checks)
    return {one[1]: one[2] for one in found if one is not None}


def _value(kind: sa.types.TypeEngine[Any]) -> Any:
    if isinstance(kind, JSONB):
        return []
    made: Mapping[type, Any] = {
        UUID: uuid4(),
        str: "x",
        int: 1,
        float: 1.0,
        bool: True,
        datetime: LATER,
        date: DAY,
    }
    return made.get(kind.python_type, b"x")
