"""The figures as people read them: a table for the terminal, rows for the ledger, and all of them as JSON."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from carpool.bench.machine import Stamp
from carpool.bench.results import ENGINE, Figure, Result, Summary, summaries
from carpool.bench.rivals import RIVALS
from carpool.show import escaped, shortened

Write = Callable[[float], str]


def label(contestant: str) -> str:
    """A contestant as it is called in tables and pictures."""
    return "Key Seat Carpool" if contestant == ENGINE else RIVALS[contestant].label


def _number(value: float) -> str:
    return f"{value:,.1f}"


def _ratio(value: float) -> str:
    return f"{value:.3f}"


def _share(value: float) -> str:
    return f"{value:.1%}".replace("%", " %")


def _gap(value: float) -> str:
    return f"{value:.2%}".replace("%", " %")


def _whole(value: float) -> str:
    return f"{value:,.0f}"


# What a column is called, the figure of a summary that stands in it, and how it is written.
COLUMNS: tuple[tuple[str, str, Write], ...] = (
    ("score", "score", _number),
    ("× greedy", "ratio", _ratio),
    ("bound", "bound", _number),
    ("gap", "gap", _gap),
    ("seconds", "seconds", _number),
    ("solving", "solving", _number),
    ("MB", "megabytes", _whole),
    ("on time", "on_time", _share),
    ("value left", "value_left", _share),
)


def cell(figure: Figure | None, write: Write) -> str:
    """The median, and in brackets the worst where it reads otherwise."""
    if figure is None:
        return ""
    median, worst = write(figure.median), write(figure.worst)
    return median if median == worst else f"{median} ({worst})"


def result_table(found: Sequence[Summary]) -> Table:
    """One row for each contestant on each kind of instance."""
    table = Table(title="Median over the seeds (worst in brackets)", title_justify="left")
    for name in ("instance", "seeds", "by"):
        table.add_column(name)
    for name, _, _ in COLUMNS:
        table.add_column(name, justify="right")
    before = None
    for one in found:
        if before is not None and before != one.name:
            table.add_section()
        figures = [cell(getattr(one, member), write) for _, member, write in COLUMNS]
        first = "" if one.name == before else shortened(escaped(one.name))
        table.add_row(Text(first), str(one.seeds), label(one.contestant), *figures)
        before = one.name
    return table


def failure_lines(found: Sequence[Summary]) -> list[str]:
    """A line for each contestant that has no plan somewhere, with the reason."""
    return [f"{one.name}: {label(one.contestant)} {why}" for one in found for why in one.failures]


LEDGER_HEAD = ("date", "commit", "machine", "instance", "seeds", *(name for name, _, _ in COLUMNS))


def ledger_rows(found: Sequence[Summary], stamp: Stamp) -> list[str]:
    """A row in Markdown for each kind of instance, with the engine's figures alone."""
    rows = []
    for one in found:
        if one.contestant == ENGINE:
            figures = [cell(getattr(one, member), write) for _, member, write in COLUMNS]
            rows.append(_row(stamp.day, stamp.commit, stamp.machine, one.name, str(one.seeds), *figures))
    return rows


def ledger_head() -> list[str]:
    """The two lines above the rows of a ledger."""
    return [_row(*LEDGER_HEAD), "|" + "---|" * len(LEDGER_HEAD)]


def as_json(results: Sequence[Result], stamp: Stamp, rules: dict[str, Any]) -> str:
    """Everything, single results and summaries, to be read by programs."""
    document = {
        "stamp": asdict(stamp),
        "rules": rules,
        "summaries": [asdict(summary) for summary in summaries(results)],
        "results": [asdict(result) for result in results],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _row(*cells: str) -> str:
    return "| " + " | ".join(text.replace("|", "\\|") for text in cells) + " |"
