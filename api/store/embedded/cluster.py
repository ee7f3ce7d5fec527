"""One database cluster in the data folder: made whole or not at all, and run by PostgreSQL's own programs.

The unprivileged user that runs the database may be unable to walk to the data folder, as below /root. We
change no rights of folders that are not ours, but open the cluster's folder ourselves and hand the descriptor
down: `/proc/self/fd/N` leads every process that inherits it straight into the folder. It also keeps odd
characters of the path out of the shell that `pg_ctl` uses.
"""

import os
import secrets
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .files import check_owner, handed_down, is_private, read, works_in, write
from .locks import is_held, try_exclusive
from .programs import (
    MAJOR_VERSION,
    Account,
    DatabaseUnavailable,
    account_for,
    reachable_programs,
    wheel_programs,
)

USER = "carpool"
DATABASE = "carpool"
PORT = 5432
LONGEST_SOCKET_FOLDER = 80
START_SECONDS = 300
STOP_SECONDS = 60
LARGEST_LOG = 1_000_000

# Errors in statements are left to the service to report: PostgreSQL would quote values, some personal.
SETTINGS = """\
# Written at every start. Your own settings belong in local.conf beside this file.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
fsync = on
full_page_writes = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = log
log_checkpoints = off
include_if_exists = 'local.conf'
"""
# Only the service's role may log in. The superuser cannot: `postgres --single` serves the rare need.
ACCESS = f"local all {USER} scram-sha-256\n"


@dataclass(frozen=True)
class Cluster:
    """The files of one embedded database, all below `home`, and the account and programs that run it."""

    home: Path
    account: Account
    programs: Path

    @property
    def folder(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "cluster"

    @property
    def alive(self) -> Path:
        """The lock that PostgreSQL's processes inherit, so that it is held as long as one of them lives."""
        return self.home / "alive.lock"

    @property
    def log(self) -> Path:
        """Where PostgreSQL writes what happens to it."""
        return self.folder / "server.log"

    def is_alive(self) -> bool:
        """Whether any process of this cluster lives."""
        return is_held(self.alive)

    def password(self) -> str:
        """The password of the service's role."""
        return (self.home / "password").read_text().strip()

    def socket_folder(self) -> Path:
        """The folder of the socket, as of the last start."""
        return Path((self.home / "socket").read_text().strip())

    def launch(self) -> None:
        """Starts PostgreSQL and waits until it answers; makes the cluster if there is none, or recovers it.

        Every program that we start inherits the lock, so that one that outlives us is waited for.
        """
        alive = try_exclusive(self.alive)
        if alive is None:
            raise DatabaseUnavailable(f"Another process is starting the database in {self.folder}.")
        try:
            shutil.rmtree(self._unfinished, ignore_errors=True)
            if not self.folder.exists():
                self._create(alive)
            self._check()
            self._drop_stale_pid()
            self._configure()
            options = ["-l", "{folder}/server.log", "-t", str(START_SECONDS)]
            self._pg_ctl("start", *options, alive=alive, logged=self._rotate_log())
        finally:
            os.close(alive)

    def halt(self) -> None:
        """Stops PostgreSQL in order, or at once if it takes too long; the next start then recovers."""
        if self.is_alive():
            try:
                self._pg_ctl("stop", "-m", "fast", "-t", str(STOP_SECONDS))
            except DatabaseUnavailable:
                self._pg_ctl("stop", "-m", "immediate", "-t", str(STOP_SECONDS))
            self._wait_for_the_last_process()
        if (self.home / "socket").exists():
            shutil.rmtree(self.socket_folder(), ignore_errors=True)

    def _wait_for_the_last_process(self) -> None:
        """PostgreSQL removes its process id a moment before it ends."""
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)

    def _check(self) -> None:
        """Refuses a cluster that these programs or this account cannot serve."""
        check_owner(self.folder, self.account)
        version = read(self.folder / "PG_VERSION")
        if version != MAJOR_VERSION:
            raise DatabaseUnavailable(
                f"The database in {self.folder} was made by PostgreSQL {version or 'of an unknown version'}; "
                f"this version of the service runs PostgreSQL {MAJOR_VERSION}. Upgrade it with pg_upgrade, "
                "or set DATA to another folder."
            )
        if not (self.home / "password").exists():
            raise DatabaseUnavailable(
                f"The file {self.home / 'password'} is missing: put it back from your backup."
            )

    @property
    def _unfinished(self) -> Path:
        return self.home / "cluster.new"

    def _create(self, alive: int) -> None:
        """Everything is made in a folder of another name, which becomes the cluster in one step."""
        password = secrets.token_urlsafe(32)
        write(self.home / "password", password, Account(None, None))
        self._unfinished.mkdir(mode=0o700)
        self.account.give(self._unfinished)
        text = ["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        rest = ["--username=postgres", "--auth=reject", "--no-instructions"]
        self._run(self._unfinished, ["initdb", "-D", "{folder}", *text, *rest], inherit=(alive,))
        role = f"CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{password}'\n"
        database = f"CREATE DATABASE {DATABASE} OWNER {USER}\n"
        alone = ["postgres", "--single", "-c", "exit_on_error=on", "-D", "{folder}", "postgres"]
        self._run(self._unfinished, alone, stdin=role + database, inherit=(alive,))
        write(self._unfinished / "local.conf", "# Your own settings of PostgreSQL.\n", self.account)
        self._unfinished.rename(self.folder)

    def _configure(self) -> None:
        folder = self._make_socket_folder()
        write(self.folder / "pg_hba.conf", ACCESS, self.account)
        text = SETTINGS.format(port=PORT, socket_folder=str(folder).replace("'", "''"))
        write(self.folder / "postgresql.conf", text, self.account)

    def _make_socket_folder(self) -> Path:
        """The private folder of the last start if it still stands (addresses outlive a crash), or a new one.

        Its path is short because a socket's may have no more than 107 bytes.
        """
        if (self.home / "socket").exists() and is_private(self.socket_folder(), self.account):
            return self.socket_folder()
        parent = tempfile.gettempdir()
        parent = parent if len(os.fsencode(parent)) <= LONGEST_SOCKET_FOLDER else "/tmp"  # noqa: S108
        folder = Path(tempfile.mkdtemp(prefix="keyseat-", dir=parent))
        self.account.give(folder)
        write(self.home / "socket", str(folder), Account(None, None))
        return folder

    def _drop_stale_pid(self) -> None:
        """Removes a dead server's process id: if another process has it by now, PostgreSQL would not start.

        We hold the lock of the living, so only a server started by other means could be there, and its
        working folder would tell. Where there is no /proc to look at, PostgreSQL's own check stands alone.
        """
        file = self.folder / "postmaster.pid"
        pid = read(file).split("\n", 1)[0]
        if pid.isdigit() and sys.platform == "linux" and not works_in(pid, self.folder):
            file.unlink()
            (self.socket_folder() / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _rotate_log(self) -> int:
        """Puts a long log aside; the length of what is in it already."""
        if not self.log.exists():
            return 0
        if self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.folder / "server.log.1")
            return 0
        return self.log.stat().st_size

    def _pg_ctl(self, action: str, *options: str, alive: int | None = None, logged: int = 0) -> None:
        command = ["pg_ctl", action, "-D", "{folder}", "-w", *options]
        self._run(self.folder, command, inherit=() if alive is None else (alive,), logged=logged)

    def _run(
        self,
        folder: Path,
        command: list[str],
        stdin: str = "",
        inherit: tuple[int, ...] = (),
        logged: int = 0,
    ) -> None:
        """Runs one of the programs on `folder`, which stands as `{folder}` in the command."""
        with handed_down(folder) as (reference, descriptor):
            words = [word.replace("{folder}", reference) for word in command]
            words[0] = str(self.programs / words[0])
            done = self.account.run(words, pass_fds=(descriptor, *inherit), stdin=stdin)
        if done.returncode != 0:
            said = done.stdout + done.stderr + read(self.log)[logged:]
            raise DatabaseUnavailable(explain(command[0], folder, said))


def open_cluster(data: Path) -> Cluster:
    """The cluster in `data`/postgres; makes the folders, for ourselves alone, where they are missing."""
    home = data.absolute() / "postgres"
    try:
        for folder in (data.absolute(), home):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = account_for(home / "cluster")
        return Cluster(home, account, reachable_programs(account, wheel_programs()))
    except OSError as error:
        reason = error.strerror or error
        raise DatabaseUnavailable(f"The data folder {home} cannot be used: {reason}") from error


def explain(program: str, folder: Path, said: str) -> str:
    """What went wrong in plain words, from what PostgreSQL's program said."""
    tail = "\n".join(["It said:", *(f"  {line}" for line in said.splitlines()[-8:] if line.strip())])
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return (
            f"The disk that holds {folder} is full: the database cannot run. Free some space and start again."
        )
    if "could not" in said and ("Unix-domain socket" in said or "Unix socket" in said):
        return f"The database in {folder} cannot open its socket in {tempfile.gettempdir()}. {tail}"
    if "could not" in said and "shared memory" in said:
        return f"There is not enough memory to start the database in {folder}. {tail}"
    if "lock file" in said and "already exists" in said:
        return f"A database server that we did not start uses {folder}: stop it first. {tail}"
    return f"The database in {folder} failed ({program}). {tail}"
