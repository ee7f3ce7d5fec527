"""What `carpool bench` does: make or read instances, run the contest, write table, ledger's rows and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from carpool.bench.contest import Rules, contest, given, made_up
from carpool.bench.machine import stamp
from carpool.bench.plot import check_plotting, draw_bars, draw_curves
from carpool.bench.results import Case, Result, summaries
from carpool.bench.rivals import check_rivals
from carpool.bench.table import as_json, failure_lines, ledger_head, ledger_rows, result_table
from carpool.errors import CarpoolError

WIDTH_OF_FILES = 200
MOST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for. With `instances`, nothing is made up, and each seed solves each of them."""

    instances: tuple[Path, ...]
    people: tuple[int, ...]
    seeds: tuple[int, ...]
    around: str | None
    within: float | None
    seconds: float
    workers: int
    rivals: tuple[str, ...]
    out: Path | None


def numbers(text: str, field: str) -> tuple[int, ...]:
    """Whole numbers with commas between them, each once. Raises `CarpoolError`, naming the field, for anything else."""
    words = names(text)
    if not words or not all(word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS for word in words):
        raise CarpoolError(f"--{field}: expected whole numbers with commas between them", field)
    return tuple(dict.fromkeys(map(int, words)))


def names(text: str) -> tuple[str, ...]:
    """Words with commas between them, each once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def run(wishes: Wishes) -> None:
    """Run all that is wished for. Raises `CarpoolError` for what a person can mend."""
    check_rivals(list(wishes.rivals))
    if wishes.out is not None:
        check_plotting()
        _make_folder(wishes.out)
    console, progress = Console(), Console(stderr=True)
    with TemporaryDirectory(prefix="carpool-bench-") as name:
        rules = Rules(wishes.seconds, wishes.workers, wishes.rivals, Path(name))
        results = contest(_cases(wishes, Path(name)), rules, lambda line: progress.print(Text(line)))
    _show(console, results)
    if wishes.out is not None:
        _write(results, wishes, wishes.out)


def _cases(wishes: Wishes, folder: Path) -> list[Case]:
    if wishes.instances:
        return [given(path, seed) for path in wishes.instances for seed in wishes.seeds]
    return [
        made_up(people, seed, wishes.around, wishes.within, folder)
        for people in wishes.people
        for seed in wishes.seeds
    ]


def _show(console: Console, results: Sequence[Result]) -> None:
    """The table, why there is no figure, and the rows for the ledger, which are not to be broken into lines."""
    found = summaries(results)
    if not console.is_terminal:
        console = Console(width=WIDTH_OF_FILES)
    console.print(result_table(found))
    for line in failure_lines(found):
        console.print(Text(line))
    console.print(Text("\nFor docs/benchmarks.md:"))
    for line in [*ledger_head(), *ledger_rows(found, stamp())]:
        console.print(Text(line), soft_wrap=True)


def _write(results: Sequence[Result], wishes: Wishes, folder: Path) -> None:
    rules = {"seconds": wishes.seconds, "workers": wishes.workers}
    (folder / "results.json").write_text(as_json(results, stamp(), rules), encoding="utf-8")
    draw_curves(results, folder / "curves.png")
    draw_bars(summaries(results), folder / "comparison.png")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CarpoolError(f"{folder}: cannot be made: {error.strerror}", "out") from None
