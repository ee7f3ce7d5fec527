"""Files of the cluster's folder: handed down to another account, checked, and written in one step."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .programs import Account, DatabaseUnavailable


@contextmanager
def handed_down(folder: Path) -> Iterator[tuple[str, int]]:
    """An open descriptor of `folder`, and a path by which a process that inherits it finds the folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield (f"/proc/self/fd/{descriptor}" if sys.platform == "linux" else str(folder)), descriptor
    finally:
        os.close(descriptor)


def check_owner(folder: Path, account: Account) -> None:
    """Refuses a cluster that another user than `account` owns: PostgreSQL would, in fewer words."""
    owner, needed = folder.stat().st_uid, os.geteuid() if account.uid is None else account.uid
    if owner != needed:
        raise DatabaseUnavailable(
            f"The database in {folder} belongs to user number {owner} and would run as number {needed}. "
            "Start as the user who made it, or set DATA to another folder."
        )


def works_in(pid: str, folder: Path) -> bool:
    """Whether the process `pid` lives and has `folder` as its working folder, as a database server has."""
    try:
        return Path("/proc", pid, "cwd").samefile(folder)
    except (FileNotFoundError, ProcessLookupError):
        return False
    except PermissionError:
        # Another user's process. The database's are those of a user whose processes we may look at.
        return False


def is_private(folder: Path, account: Account) -> bool:
    """Whether `folder` is a folder, no link, that `account` owns and nobody else may enter."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    owner = os.geteuid() if account.uid is None else account.uid
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and stat.S_IMODE(found.st_mode) == 0o700


def read(path: Path) -> str:
    """The text of the file at `path`, stripped; empty if there is none."""
    try:
        return path.read_text(errors="replace").strip()
    except FileNotFoundError:
        return ""


def write(path: Path, text: str, owner: Account) -> None:
    """Replaces the file at `path` in one step by `text`, readable by `owner` alone."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    owner.give(draft)
    draft.replace(path)
