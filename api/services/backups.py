"""Backups, and the list of who was erased beside them. What is deleted here lives on in no backup for longer than is said."""

import re
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from sqlmodel import Session

from api.services.local import now
from api.settings import Settings, settings
from api.store import backup
from api.store.backup.restoring import is_empty, others
from api.store.migrating import knows
from api.store.queries import erased as queries
from carpool.errors import CarpoolError

OLDEST_RESTORED_DAYS = 30
"""What is older must be gone, says the privacy paper; and who was erased is remembered for not much longer."""
TOMBSTONES_KEPT = timedelta(days=OLDEST_RESTORED_DAYS + 5)
NAMED = re.compile(r"carpool-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.backup")
LEFT_BEHIND = re.compile(r"(?:carpool-.*\.backup|erased\.list)\.\d+\.unfinished")
ABANDONED = timedelta(days=1)
NAME_FORMAT = "%Y-%m-%dT%H-%M-%SZ"

NO_FOLDER = "There is no folder {folder} for backups: make it, or name another."
IN_USE = "Something else uses this database: stop the web service and every worker, then restore. Nothing was changed."
NOT_EMPTY = (
    "There is something in this database. Add --replace if the backup is to take its place: all that came after it is lost "
    "then, except who was erased. Nothing was changed."
)
TOO_OLD = (
    "This backup was made on {day}. Who was erased is remembered for {days} days, and backups must not be kept for longer: "
    "delete it. Nothing was changed."
)
NEWER = "This backup was made by a newer version of this service ({revision}). Install that first. Nothing was changed."
LIST_DAMAGED = "The list of who was erased, {path}, is damaged: mend it or put an older one in its place. Nothing was changed."


def folder_of(ours: Settings) -> Path:
    """Where backups go, made with narrow rights if it is our own."""
    if ours.backups is None:
        folder = ours.data / "backups"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    return ours.backups


def make(
    db: Session, url: str, folder: Path, path: Path | None, days: int
) -> tuple[Path, backup.Header, int]:
    """Make one, bring the list beside it up to date, then delete those of more than `days` days; how many went.

    With a `path` of its own nothing is deleted. Raises `CarpoolError`; then there is no new one, and the old ones are there.
    """
    where = folder if path is None else path.parent
    if not where.is_dir():
        raise CarpoolError(NO_FOLDER.format(folder=where))
    target = path or folder / f"carpool-{datetime.now(UTC):{NAME_FORMAT}}.backup"
    try:
        header = backup.take(url, target, version("keyseat-carpool"))
        keep_list(db, where)
    except OSError as error:
        raise CarpoolError(f"The backup {target} cannot be written: {error.strerror or error}.") from None
    return target, header, drop_old(folder, days) if path is None else 0


def drop_old(folder: Path, days: int) -> int:
    """Delete our backups that are older, and what a backup that broke off left behind."""
    gone = 0
    for path in folder.iterdir():
        found = NAMED.fullmatch(path.name)
        if found and _moment(found[1]) < now() - timedelta(days=days):
            path.unlink(missing_ok=True)
            gone += 1
        elif LEFT_BEHIND.fullmatch(path.name):
            _drop_abandoned(path)
    return gone


def list_erased(db: Session) -> None:
    """Bring the list in the folder of backups up to date, if there is one: for the worker, every minute."""
    folder = settings().backups
    if folder is not None and folder.is_dir():
        keep_list(db, folder)


def keep_list(db: Session, folder: Path) -> int:
    """Bring the list of who was erased in `folder` up to date; how many are on it."""
    try:
        return backup.keep(folder, queries.everybody(db), (now() - TOMBSTONES_KEPT).date())
    except ValueError:
        raise CarpoolError(LIST_DAMAGED.format(path=folder / backup.NAME)) from None


def restore(url: str, path: Path, *, replace: bool, lists: list[Path]) -> backup.Restored:
    """Put the database back to a backup. `lists`: those of who was erased, besides what the database and the backup know.

    Raises `CarpoolError` with the reason if it must not be, or cannot; then nothing is changed.
    """
    header = backup.verify(path)
    if not knows(header.revision):
        raise CarpoolError(NEWER.format(revision=header.revision))
    if header.moment < now() - timedelta(days=OLDEST_RESTORED_DAYS):
        raise CarpoolError(TOO_OLD.format(day=f"{header.moment:%d %B %Y}", days=OLDEST_RESTORED_DAYS))
    if not replace and not is_empty(url):
        raise CarpoolError(NOT_EMPTY)
    if others(url):
        raise CarpoolError(IN_USE)
    erased = set[backup.Tombstone]()
    for one in lists:
        try:
            erased |= backup.read(one)
        except ValueError:
            raise CarpoolError(LIST_DAMAGED.format(path=one)) from None
    return backup.restore(url, path, header, erased)


def _moment(written: str) -> datetime:
    return datetime.strptime(written, NAME_FORMAT).replace(tzinfo=UTC)


def _drop_abandoned(path: Path) -> None:
    """Only what nobody can be writing any more."""
    if datetime.fromtimestamp(path.stat().st_mtime, UTC) < datetime.now(UTC) - ABANDONED:
        path.unlink(missing_ok=True)
