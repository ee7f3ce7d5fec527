"""The list of who was erased, beside the backups: it keeps them erased even if the database itself is lost.

A line is a day, a table and a random id. The list only grows, but for what is older than every backup that may be restored.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from api.store.backup.file import UNFINISHED, sync_folder

NAME = "erased.list"
TABLES = ("person", "host", "next_one", "invitation", "coordinator")


@dataclass(frozen=True, order=True)
class Tombstone:
    """What was erased, and on which day."""

    day: date
    what: str
    id: UUID


def read(path: Path) -> set[Tombstone]:
    """The list, empty if there is none. Raises ValueError if it is damaged."""
    if not path.is_file():
        return set()
    return {_parsed(line) for line in path.read_text(encoding="ascii").splitlines() if line}


def keep(folder: Path, erased: Iterable[Tombstone], since: date) -> int:
    """Bring the list in `folder` up to date, on the disk; how many are in it. What it holds of others stays:

    a database that was lost and made anew must not empty it.
    """
    path = folder / NAME
    before = read(path)
    after = {one for one in before | set(erased) if one.day >= since}
    if after != before:
        unfinished = folder / f"{NAME}.{os.getpid()}{UNFINISHED}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(f"{one.day} {one.what} {one.id}\n" for one in sorted(after))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        sync_folder(folder)
    return len(after)


def _parsed(line: str) -> Tombstone:
    day, what, number = line.split(" ")
    if what not in TABLES:
        raise ValueError(line)
    return Tombstone(date.fromisoformat(day), what, UUID(number))
