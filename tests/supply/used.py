"""What pyproject.toml asks for and nobody uses. deptry judges the service's packages; this, those for tests and checks."""

import ast
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.supply.locks import BUILDERS, PROJECT, asked_for

# Typing packages are used by mypy without being named.
STUBS = "types-"
PLUGINS = {"--numprocesses": "pytest-xdist"}
"""Plugins of pytest, by the option that asks for them."""


def unused(project: Path = PROJECT) -> list[str]:
    """Packages of the extras that no test imports and no command, plugin or build names."""
    asked = asked_for(project)
    extras = set().union(*(names for extra, names in asked.items() if extra)) - asked[BUILDERS]
    seen = set(_imported(project)) | set(_named(project))
    return sorted(name for name in extras if not name.startswith(STUBS) and name not in seen)


def _imported(project: Path) -> Iterator[str]:
    """The packages that the modules imported anywhere come from."""
    owners = metadata.packages_distributions()
    for folder in ("api", "carpool", "tests"):
        for path in (project / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules = [alias.name for alias in node.names]
                else:
                    modules = (
                        [node.module]
                        if isinstance(node, ast.ImportFrom) and node.module and not node.level
                        else []
                    )
                for module in modules:
                    yield from map(canonicalize_name, owners.get(module.split(".")[0], []))


def _named(project: Path) -> Iterator[str]:
    """The packages that are run as programs, `-m name` in the Makefile or in a test, and plugins that it gives options."""
    commands = (project / "Makefile").read_text(encoding="utf-8")
    yield from (package for option, package in PLUGINS.items() if option in commands)
    for path in [project / "Makefile", *(project / "tests" / "supply").glob("*.py")]:
        yield from map(
            canonicalize_name, re.findall(r"-m[ \",]+\"?([a-z_]+)", path.read_text(encoding="utf-8"))
        )
