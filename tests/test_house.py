"""The house guards itself: the direction of imports, the size of files and functions, and what must be written down.

Sources are read, never imported, so that an import in a branch that seldom runs counts like any other.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 300
LONGEST_FUNCTION = 60

# What each room must not import, with everything below it. The way is pages, v1, jobs → services → the rest.
EDGES = ("api.pages", "api.v1", "api.commands", "api.app")
WIRES = ("api.messages", "api.geocoding", "api.routing", "api.importing")
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "carpool": ("api",),
    "api": ("carpool.solver", "carpool.cli"),
    "api.pages": ("api.v1", "api.jobs", "api.store", *WIRES),
    "api.v1": ("api.pages", "api.jobs", "api.store", *WIRES),
    "api.jobs": EDGES,
    "api.services": (*EDGES, "api.jobs"),
    "api.store": (*EDGES, "api.jobs", "api.services", *WIRES),
    **dict.fromkeys(WIRES, (*EDGES, "api.jobs", "api.services")),
}
# The judges know no player, not even by way of another module.
JUDGES = ("carpool.check", "carpool.score", "carpool.verify", "carpool.certificate")

# Where a library may be imported, and nowhere else.
SQL = ("select", "insert", "update", "delete", "text", "func", "and_", "or_", "exists", "union", "union_all")
NETWORK = (*WIRES[1:], "api.messages.channels")
# The rivals that the benchmarks run are solvers of their own, each loaded in a process of its own.
RIVALS = "carpool.bench.rivals"
ONLY_IN: dict[str, tuple[str, ...]] = {
    "ortools": ("carpool.solver", RIVALS),
    "numba": ("carpool.solver", RIVALS),
    "vroom": (RIVALS,),
    "openpyxl": ("carpool.tables",),
    "matplotlib": ("carpool.bench.plot",),
    "scipy": ("carpool.solver",),
    **{f"{library}.{word}": ("api.store",) for library in ("sqlalchemy", "sqlmodel") for word in SQL},
    **dict.fromkeys(("httpx", "requests", "urllib.request", "geopy.geocoders"), NETWORK),
    # The command that measures the pages loads them from its own service.
    "http.client": (*NETWORK, "api.commands.figures"),
    # The commands open the port that the web service listens on; nobody else needs a bare socket.
    "socket": (*NETWORK, "api.commands"),
    **dict.fromkeys(("aiosmtplib", "smtplib"), ("api.messages.channels",)),
}
STATEMENT_CALLS = ("exec", "execute", "executemany", "scalars")

# The library has no environment and no calendar; a stopwatch is no clock. Only the stamp on measured figures has a day.
DATED = "carpool.bench.machine"
NOT_DOWNSTAIRS = (
    "os.environ",
    "os.getenv",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "time.time",
)


def sources(*folders: str) -> Iterator[Path]:
    """Every Python file of the folders, as paths from the project's root."""
    for folder in folders:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            yield path.relative_to(PROJECT)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((PROJECT / path).read_text(encoding="utf-8"), str(path))


def module_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_within(module: str, rooms: Iterable[str]) -> bool:
    """Whether the module is one of the rooms or lies in one."""
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


@cache
def imports(path: Path) -> list[tuple[int, str]]:
    """Line and full name of everything that the file imports; `from a import b` gives `a` and `a.b`."""
    package = path.with_suffix("").parts[:-1]
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*start, *([node.module] if node.module else [])])
            found += [(node.lineno, base), *((node.lineno, f"{base}.{alias.name}") for alias in node.names)]
    return found


def attributes(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every attribute that the file uses, such as `datetime.now`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)


def report(faults: Iterable[str]) -> None:
    """Fails with all faults at once, one a line."""
    found = sorted(set(faults))
    assert not found, "\n" + "\n".join(found)


def test_the_sources_are_found() -> None:
    """Without this, a wrong folder would let every other test here pass."""
    assert {"api", "carpool", "tests"} == {path.parts[0] for path in sources("api", "carpool", "tests")}
    assert "pathlib.Path" in [name for _, name in imports(Path("tests/test_house.py"))]


@pytest.mark.parametrize("room", FORBIDDEN)
def test_imports_run_downstairs(room: str) -> None:
    report(
        f"{path}:{line} imports {name}"
        for path in sources("api", "carpool")
        if is_within(module_of(path), [room])
        for line, name in imports(path)
        if is_within(name, FORBIDDEN[room])
    )


@pytest.mark.parametrize("judge", JUDGES)
def test_the_judge_knows_no_player(judge: str) -> None:
    graph = {module_of(path): {name for _, name in imports(path)} for path in sources("carpool")}
    reached, waiting = set[str](), [module for module in graph if is_within(module, [judge])]
    while waiting:
        module = waiting.pop()
        reached.add(module)
        # The front door loads the solver late and lazily; a judge that used it would import `carpool.solve`.
        waiting += [
            name for name in graph[module] if name in graph and name not in reached and name != "carpool"
        ]
    used = {name for module in reached for name in graph[module]}
    report(
        f"{judge} reaches {name}"
        for name in reached | used
        if is_within(name, ["carpool.solver", "carpool.solve"])
    )


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_in_its_room(library: str) -> None:
    report(
        f"{path}:{line} imports {name}, which belongs in {' or '.join(ONLY_IN[library])}"
        for path in sources("api", "carpool")
        if not is_within(module_of(path), ONLY_IN[library])
        for line, name in imports(path)
        if is_within(name, [library])
    )


def test_statements_are_run_in_the_store_only() -> None:
    report(
        f"{path}:{node.lineno} runs a statement: {ast.unparse(node.func)}(…)"
        for path in sources("api", "carpool")
        if not is_within(module_of(path), ["api.store"])
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in STATEMENT_CALLS
    )


def test_the_library_has_no_environment_and_no_calendar() -> None:
    report(
        f"{path}:{line} uses {name}"
        for path in sources("carpool")
        for line, name in [*attributes(path), *imports(path)]
        if not (name == "date.today" and module_of(path) == DATED)
        if name in NOT_DOWNSTAIRS or name.endswith(tuple(f".{word}" for word in NOT_DOWNSTAIRS))
    )


def test_no_file_is_long() -> None:
    lengths = {
        path: len((PROJECT / path).read_text().splitlines()) for path in sources("api", "carpool", "tests")
    }
    report(f"{path} has {length} lines" for path, length in lengths.items() if length > LONGEST_FILE)


def test_no_function_is_long() -> None:
    report(
        f"{path}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in sources("api", "carpool", "tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    )


def test_every_module_says_what_it_is() -> None:
    report(
        f"{path} has no docstring"
        for path in sources("api", "carpool", "tests")
        if not ast.get_docstring(tree(path))
    )


def test_tests_mirror_the_house() -> None:
    """A room's tests are a folder of its name, or while it is small, one file of its name."""
    rooms = {path.parent for path in sources("api", "carpool") if path.name != "__init__.py"}
    report(
        f"{room} has no tests: neither tests/{room}/test_….py nor tests/{room.parent}/test_{room.name}.py"
        for room in rooms
        if "migrations" not in room.parts
        and not any((PROJECT / "tests" / room).rglob("test_*.py"))
        and not (PROJECT / "tests" / room.parent / f"test_{room.name}.py").is_file()
    )


def setting_names() -> set[str]:
    """The fields of `Settings`, as the environment names them."""
    classes = [node for node in tree(Path("api/settings.py")).body if isinstance(node, ast.ClassDef)]
    return {
        f"CARPOOL_{field.target.id.upper()}"
        for node in classes
        if node.name == "Settings"
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }


def test_every_setting_is_documented_and_nothing_else() -> None:
    example = (PROJECT / ".env.example").read_text()
    documented = set(re.findall(r"^#?\s?(CARPOOL_[A-Z_]+)=", example, re.MULTILINE))
    assert setting_names() == documented


@pytest.mark.parametrize(
    "name", ["*.lock", "package-lock.json", ".npmrc", "pyproject.toml", "Makefile", "Dockerfile"]
)
def test_nothing_names_a_download_host(name: str) -> None:
    files = [path for path in PROJECT.glob(name) if path.is_file()]
    assert files
    report(
        f"{path.name}:{number} {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"https?://(?!localhost)|--index-url|--find-links(?!\s)|registry\s*=", line)
    )


def templates() -> list[Path]:
    return [path for path in (PROJECT / "api").rglob("templates/**/*") if path.is_file()]


def words(pattern: str) -> Callable[[str], bool]:
    return lambda line: re.search(pattern, line, re.IGNORECASE) is not None


def test_pages_and_messages_say_people() -> None:
    says_party = words(r"(?<!third[ -])(?<!political )\bparty\b")
    report(
        f"{path.relative_to(PROJECT)}:{number} {line.strip()}"
        for path in templates()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if says_party(re.sub(r"{#.*?#}|{{.*?}}|{%.*?%}", "", line))
    )
