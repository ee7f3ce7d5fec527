"""Figures of several seeds, and what is written of them."""

import json
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from carpool.bench.machine import Stamp, stamp
from carpool.bench.results import Case, Figure, Point, Result, ratio, summaries
from carpool.bench.rivals import RIVALS
from carpool.bench.table import COLUMNS, as_json, failure_lines, ledger_head, ledger_rows, result_table

STAMP = Stamp("2029-05-03", "abc123", "2 cores, a | model")


def a_result(contestant: str, seed: int, score: float | None, name: str = "30 people", **more: Any) -> Result:
    return Result(contestant, Case(name, 30, seed, f"{seed}.json"), score=score, **more)


RESULTS = [
    a_result(
        "engine", 1, 120.0, bound=121.0, gap=1 / 121, seconds=2.0, megabytes=100.0, curve=(Point(1.0, 3.0),)
    ),
    a_result("greedy", 1, 100.0, seconds=1.0),
    a_result("engine", 2, 110.0, bound=110.0, gap=0.0, seconds=4.0, megabytes=300.0),
    a_result("greedy", 2, 110.0, seconds=1.0),
    a_result("engine", 3, 300.0, bound=303.0, gap=3 / 303, seconds=3.0, megabytes=200.0),
    a_result("greedy", 3, 200.0, seconds=1.0),
    a_result("vroom", 1, None, failure="skipped: not run with more than 5 people"),
    a_result("vroom", 2, None, failure="skipped: not run with more than 5 people"),
]


def test_median_and_worst() -> None:
    engine, greedy, vroom = summaries(RESULTS)
    assert engine.score == Figure(120.0, 110.0) and engine.seconds == Figure(3.0, 4.0)
    assert engine.ratio == Figure(1.2, 1.0) and engine.gap == Figure(1 / 121, 3 / 303)
    assert engine.megabytes == Figure(200.0, 300.0) and engine.seeds == 3
    assert greedy.ratio == Figure(1.0, 1.0) and greedy.bound is None
    assert vroom.score is None and vroom.seeds == 0


def test_a_ratio_needs_the_yardstick() -> None:
    assert ratio(RESULTS[0], RESULTS[:1]) is None
    assert ratio(RESULTS[0], [*RESULTS[:1], a_result("greedy", 1, 0.0)]) is None
    assert ratio(RESULTS[-1], RESULTS) is None


def test_the_table_and_the_reasons() -> None:
    console = Console(width=200, file=StringIO())
    with console.capture() as capture:
        console.print(result_table(summaries(RESULTS)))
    text = capture.get()
    for words in (
        "Key Seat Carpool",
        "greedy by weight",
        "1.200 (1.000)",
        "0.83 % (0.99 %)",
        "VROOM",
        "30 people",
    ):
        assert words in text
    assert failure_lines(summaries(RESULTS)) == ["30 people: VROOM skipped: not run with more than 5 people"]


def test_rows_for_the_ledger() -> None:
    head, line = ledger_head()
    (row,) = ledger_rows(summaries(RESULTS), STAMP)
    assert row.startswith(
        "| 2029-05-03 | abc123 | 2 cores, a \\| model | 30 people | 3 | 120.0 (110.0) | 1.200 (1.000) |"
    )
    assert head.count("|") == line.count("|") == row.replace("\\|", "").count("|") == 6 + len(COLUMNS)


def test_all_as_json() -> None:
    document = json.loads(as_json(RESULTS, STAMP, {"seconds": 60}))
    assert document["stamp"]["commit"] == "abc123" and document["rules"] == {"seconds": 60}
    assert document["results"][0]["curve"] == [{"seconds": 1.0, "score": 3.0, "bound": None}]
    assert [one["contestant"] for one in document["summaries"]] == ["engine", "greedy", "vroom"]


def test_every_column_is_a_figure() -> None:
    engine = summaries(RESULTS)[0]
    assert all(hasattr(engine, member) for _, member, _ in COLUMNS) and "greedy" in RIVALS


def test_the_stamp_names_the_machine() -> None:
    found = stamp()
    assert len(found.day) == len("2029-05-03") and "cores" in found.machine
    if not found.commit:
        pytest.skip("this is no checkout of the repository")
    assert len(found.commit.rstrip("+")) == 10
