"""Where and when figures were measured: for the ledger, in which they are worth nothing without."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """The day, the state of the sources, and the machine. `commit` is empty outside of a repository."""

    day: str
    commit: str
    machine: str


def stamp() -> Stamp:
    """This day, these sources, this machine."""
    return Stamp(date.today().isoformat(), _commit(), _machine())  # noqa: DTZ011  # The day where it is run.


def _commit() -> str:
    """The commit, with a plus sign if tracked files differ from it."""
    commit = _git("rev-parse", "--short=10", "HEAD")
    changed = commit and _git("status", "--porcelain", "--untracked-files=no")
    return f"{commit}+" if changed else commit


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(Path(__file__).parent), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stdout.strip() if run.returncode == 0 else ""


def _machine() -> str:
    model = _field("/proc/cpuinfo", r"^model name\s*:\s*(.+)$") or "unknown processor"
    memory = _field("/proc/meminfo", r"^MemTotal:\s*(\d+) kB$")
    gigabytes = f", {int(memory) / 1024**2:.0f} GB" if memory else ""
    return f"{os.cpu_count()} cores, {model}{gigabytes}"


def _field(path: str, pattern: str) -> str:
    try:
        match = re.search(pattern, Path(path).read_text(), re.MULTILINE)
    except OSError:
        return ""
    return match[1].strip() if match else ""
