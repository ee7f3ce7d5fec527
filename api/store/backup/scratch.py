"""A database beside ours for a while, to see that a backup comes back as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from api.store.backup.file import Header
from api.store.backup.taking import counted
from api.store.libpq import libpq_url
from api.store.session import driver_url

ENDED = (
    "login_session",
    "known_device",
    "private_session",
    "host_session",
    "table_import",
    "import_row",
    "draft",
)
"""What a restore lets go on purpose."""


@contextmanager
def scratch(url: str) -> Iterator[str]:
    """The address of a new, empty database on the same server; gone after the block."""
    name = f"carpool_drill_{token_hex(4)}"
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield make_url(driver_url(url)).set(database=name).render_as_string(hide_password=False)
        finally:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def difference(url: str, header: Header) -> str:
    """Which table has other rows than the backup says, or that the record ends elsewhere; "" if all is as it was."""
    with psycopg.connect(libpq_url(url)) as connection:
        tables, record = counted(connection)
    for name, rows in header.tables.items():
        if name not in ENDED and tables.get(name) != rows:
            return f"the table {name} has {tables.get(name, 0)} of {rows} rows"
    return "" if record == header.record else "the record does not end with the same entry"
