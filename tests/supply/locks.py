"""The lock files, read: every package with its version, its hashes, and where it is used."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent.parent
SERVICE, DEVELOPMENT, NODE = "requirements.lock", "requirements-dev.lock", "requirements-node.lock"
FRONT_END = "package-lock.json"

IN_SERVICE, IN_DEVELOPMENT, IN_BROWSER, IN_SETUP = "the service", "tests and checks", "pages", "set-up"
BUILDERS = "build"
"""The extra that installs the project itself."""


@dataclass(frozen=True)
class Package:
    """A package as it is locked. `ecosystem` is pypi or npm; `direct`: we ask for it by name.

    `marker` says on which machines it is wanted, "" on all.
    """

    ecosystem: str
    name: str
    version: str
    hashes: tuple[str, ...]
    used: str
    direct: bool = False
    marker: str = ""
    licence: str = ""


def everything(project: Path = PROJECT) -> list[Package]:
    """All that is installed anywhere, each version once, the service's first."""
    service = python_packages(project / SERVICE, IN_SERVICE)
    known = {(each.name, each.version) for each in service}
    tests = [
        each
        for each in python_packages(project / DEVELOPMENT, IN_DEVELOPMENT)
        if (each.name, each.version) not in known
    ]
    return [
        *service,
        *tests,
        *python_packages(project / NODE, IN_SETUP),
        *node_packages(project / FRONT_END, IN_BROWSER, IN_DEVELOPMENT),
    ]


def python_packages(lock: Path, used: str) -> list[Package]:
    """What a lock file of `uv pip compile` asks for."""
    # Each package is one logical line, its hashes on continuation lines, and who wants it in comments below.
    blocks = re.split(r"\n(?=[A-Za-z0-9])", "\n" + lock.read_text(encoding="utf-8"))[1:]
    return [_python_package(block, used) for block in blocks]


def _python_package(block: str, used: str) -> Package:
    lines = block.splitlines()
    wanted = Requirement(lines[0].removesuffix("\\").strip())
    pinned = [each.version for each in wanted.specifier if each.operator == "=="]
    if len(pinned) != 1 or len(wanted.specifier) != 1:
        raise ValueError(f"{wanted.name} is not pinned to one version")
    return Package(
        ecosystem="pypi",
        name=canonicalize_name(wanted.name),
        version=pinned[0],
        hashes=tuple(re.findall(r"--hash=(\S+)", block)),
        used=used,
        direct="keyseat-carpool (" in block,
        marker=str(wanted.marker or ""),
    )


def node_packages(lock: Path, used: str, used_in_tests: str) -> list[Package]:
    """What npm's lock file asks for."""
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    root = packages[""]
    asked = {**root.get("dependencies", {}), **root.get("devDependencies", {})}
    return [
        Package(
            ecosystem="npm",
            name=path.removeprefix("node_modules/"),
            version=each["version"],
            hashes=tuple(filter(None, [each.get("integrity")])),
            used=used_in_tests if each.get("dev") else used,
            direct=path.removeprefix("node_modules/") in asked,
            licence=each.get("license", ""),
        )
        for path, each in packages.items()
        if path
    ]


def asked_for(project: Path = PROJECT) -> dict[str, set[str]]:
    """What pyproject.toml names: by extra, "" for the service itself."""
    written = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"": written["dependencies"], **written["optional-dependencies"]}
    return {
        extra: {canonicalize_name(Requirement(line).name) for line in lines}
        for extra, lines in groups.items()
    }
