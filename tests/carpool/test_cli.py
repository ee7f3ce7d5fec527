"""The commands as a person runs them: exit codes, messages, signals, and what ends up in which file."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Any

import pytest

from carpool.check import violations
from carpool.files import read_instance, read_plan, write_instance, write_plan
from carpool.generate import generate
from carpool.instance import PinnedTrip
from carpool.plan import Plan
from tests.carpool.build import a_driver, a_rider, an_instance

DATA = Path(__file__).parents[1] / "data"
SAMPLE, SAMPLE_PLAN = DATA / "sample-instance.json", DATA / "sample-plan.json"
Run = subprocess.CompletedProcess[str]


def carpool(*arguments: object, **options: Any) -> Run:
    command = [sys.executable, "-m", "carpool", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def failed(run: Run, *lines: str) -> None:
    """The run ended as bad input does: exit 2, these lines on standard error, nothing on standard output."""
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines() == list(lines)


# What may differ between two plans for the same instance.
LOOSE = {"seconds", "version", "unmatched"}


def test_the_sample_is_solved_as_the_format_says(tmp_path: Path) -> None:
    run = carpool("solve", SAMPLE, "--out", tmp_path / "plan.json")
    assert (run.returncode, run.stdout) == (0, "")
    assert "3 volunteers in 2 cars" in run.stderr and "hendon-am" in run.stderr
    found, expected = (json.loads(path.read_text()) for path in (tmp_path / "plan.json", SAMPLE_PLAN))
    assert found.keys() == expected.keys() and found["trips"] == expected["trips"]
    assert [(x["id"], x["reason"]) for x in found["unmatched"]] == [("r2", "no_event_in_reach")]
    for name in expected.keys() - LOOSE - {"trips"}:
        assert found[name] == (pytest.approx(expected[name], abs=1e-9) if name != "status" else "optimal")


def test_without_out_the_plan_goes_to_the_standard_output() -> None:
    run = carpool("solve", SAMPLE, "--rounds", "1")
    assert run.returncode == 0 and json.loads(run.stdout)["volunteers"] == 3


def test_check_says_the_score_or_the_broken_rules(tmp_path: Path) -> None:
    run = carpool("check", SAMPLE, SAMPLE_PLAN)
    assert (run.returncode, run.stderr) == (0, "") and float(run.stdout) == pytest.approx(
        3.6802722090032773, abs=1e-12
    )
    broken = tmp_path / "broken.json"
    broken.write_text(SAMPLE_PLAN.read_text().replace('"volunteers": 3', '"volunteers": 4, "\\u001b": 1'))
    run = carpool("check", SAMPLE, broken)
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout.splitlines() == [
        'members: ["\\u001b"]: the format has no such member',
        "volunteers: $: is 4, but should be 3",
    ]


def test_bad_input_is_told_before_anything_is_written(tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.json", tmp_path / "plan.json"
    bad.write_text(SAMPLE.read_text().replace('"seats": 3', '"seats": "three"').replace("51.66", "-0.4"))
    out.write_text("old")
    lines = [
        'drivers[0].seats: "three": expected an integer',
        "drivers[1].lat: -0.4: expected 49 to 61.5 degrees; are lat and lon swapped?",
    ]
    failed(carpool("solve", bad, "--out", out), *lines)
    failed(carpool("check", bad, SAMPLE_PLAN), *lines)
    assert out.read_text() == "old"
    failed(
        carpool("check", SAMPLE, SAMPLE),
        'format: "carpool-instance/1": expected "carpool-plan/1"',
        "trips: missing: expected a list",
    )
    failed(
        carpool("solve", tmp_path / "no\x1b.json"),
        f"{tmp_path}/no\\u001b.json: cannot be read: No such file or directory",
    )


def test_an_output_that_cannot_be_written_is_told_before_solving(tmp_path: Path) -> None:
    copy = tmp_path / "instance.json"
    copy.write_text(SAMPLE.read_text())
    failed(carpool("solve", copy, "--out", copy), f"{copy}: cannot be written: it is the input")
    nowhere = tmp_path / "nowhere" / "plan.json"
    failed(
        carpool("solve", copy, "--out", nowhere), f"{nowhere}: cannot be written: No such file or directory"
    )
    failed(
        carpool("generate", "--people", 3, "--out", tmp_path),
        f"{tmp_path}: cannot be written: it is a folder",
    )
    assert copy.read_text() == SAMPLE.read_text()


@pytest.mark.parametrize("command", ["solve", "check"])
def test_pins_that_no_plan_can_keep_are_bad_input(tmp_path: Path, command: str) -> None:
    pins = (PinnedTrip("d", "e", ("r",)),)
    write_instance(an_instance(a_driver(seats=0), a_rider(), pinned=pins), tmp_path / "i.json")
    write_plan(Plan(), tmp_path / "p.json")
    run = carpool(command, tmp_path / "i.json", *([tmp_path / "p.json"] if command == "check" else []))
    failed(
        run, 'pinned[0]: "d" to "e": no plan can keep it: seats: d: people riding: 1, seats: 0, 1 too many'
    )


def test_a_trip_that_costs_more_than_anything_is_still_worth_a_number(tmp_path: Path) -> None:
    pins = (PinnedTrip("d", "e", ("r",)),)
    dear = an_instance(a_driver(), a_driver("d2"), a_rider(), pinned=pins, minutes_per_volunteer=1e-100)
    write_instance(dear, tmp_path / "i.json")
    assert carpool("solve", tmp_path / "i.json", "--out", tmp_path / "p.json").returncode == 0
    run = carpool("check", tmp_path / "i.json", tmp_path / "p.json")
    assert (run.returncode, run.stderr) == (0, "") and -1e103 < float(run.stdout) < -1e101


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve"], ["check", SAMPLE], ["fly"], ["generate"], ["nearest"],
        ["solve", SAMPLE, "--seconds", "-1"], ["solve", SAMPLE, "--seconds", "nan"], ["solve", SAMPLE, "--rounds", "1.5"],
        ["solve", SAMPLE, "--workers", "0"], ["generate", "--people", "-1"], ["nearest", "LS6", "--limit", "0"],
    ],
)  # fmt: skip
def test_wrong_usage(arguments: list[str]) -> None:
    run = carpool(*arguments)
    assert (run.returncode, run.stdout) == (2, "") and run.stderr.startswith("Usage: ")


def test_help_names_the_commands() -> None:
    run = carpool("--help")
    assert run.returncode == 0
    assert all(command in run.stdout for command in ("solve", "check", "generate", "nearest"))


def test_generate_repeats_and_can_be_solved(tmp_path: Path) -> None:
    first, plan = tmp_path / "1.json", tmp_path / "p.json"
    assert carpool("generate", "--people", 30, "--seed", 5, "--out", first).returncode == 0
    assert carpool("generate", "--people", 30, "--seed", 5).stdout == first.read_text()
    assert read_instance(first) == generate(30, 5)
    assert carpool("solve", first, "--out", plan).returncode == 0
    assert carpool("check", first, plan).returncode == 0


def test_nearest() -> None:
    run = carpool("nearest", " ls6-2ab ", "--limit", 2)
    assert run.returncode == 0 and len(run.stdout.splitlines()) == 3 and "1. " in run.stdout
    rows = json.loads(carpool("nearest", "LS6 2AB", "--json").stdout)
    assert len(rows) == 5 and rows[0]["name"] in run.stdout
    assert carpool("nearest", "ZE1", "--limit", 1).stdout == "No key constituency is in reach.\n"
    run = carpool("nearest", "nowhere")
    assert run.returncode == 2 and "not a UK postcode" in run.stderr


@pytest.mark.parametrize("arguments", [["nearest", "LS6 2AB"], ["check", str(SAMPLE), str(SAMPLE_PLAN)]])
def test_small_commands_load_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import atexit, sys; from carpool.cli import main;"
        "heavy = {'numpy', 'ortools', 'numba', 'scipy', 'pandas', 'rich.table'};"
        "atexit.register(lambda: print(*sorted(heavy & sys.modules.keys()), file=sys.stderr)); main()"
    )
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert run.stderr == "\n"


def test_strange_ids_are_shown_escaped(tmp_path: Path) -> None:
    instance = an_instance(a_driver("d\x1b[31m"), a_rider("[bold]r", lat=55.0))
    strange = replace(instance, events=(replace(instance.events[0], id="[red]e\x07" + "x" * 200),))
    write_instance(strange, tmp_path / "i.json")
    run = carpool(
        "solve",
        tmp_path / "i.json",
        "--out",
        tmp_path / "p.json",
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert run.returncode == 0 and "\x1b" not in run.stderr and "\x07" not in run.stderr
    assert "[red]e\\u0007x" in run.stderr
    assert violations(strange, read_plan(tmp_path / "p.json")) == []


def interrupted(tmp_path: Path, act: Callable[[subprocess.Popen[str]], None]) -> tuple[int, Plan]:
    """Solve something that takes longer, act on the process once it is at work, and read the plan that it leaves."""
    path, out = tmp_path / "i.json", tmp_path / "p.json"
    write_instance(generate(400, 1), path)
    command = [sys.executable, "-m", "carpool", "solve", str(path), "--out", str(out), "--seconds", "100"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert ": score " in process.stderr.readline()
        act(process)
        process.stderr.read()
        code = process.wait(timeout=60)
    assert violations(read_instance(path), read_plan(out)) == []
    return code, read_plan(out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_stops_it_gets_the_best_plan_so_far(tmp_path: Path, number: signal.Signals) -> None:
    code, plan = interrupted(tmp_path, lambda process: process.send_signal(number))
    assert (code, plan.status) == (0, "stopped")
    assert plan.seconds is not None and plan.seconds < 60


def test_whoever_stops_it_at_once_gets_a_plan_too(tmp_path: Path) -> None:
    """The signals are noted before anything but the package is loaded; what stops the process here is the first such import."""
    path, out = tmp_path / "i.json", tmp_path / "p.json"
    write_instance(generate(400, 1), path)
    code = (
        "import builtins, os, signal, sys; real = builtins.__import__\n"
        "def load(name, *rest, **named):\n"
        "    if name == 'json' and name not in sys.modules: os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return real(name, *rest, **named)\n"
        "builtins.__import__ = load\n"
        "from carpool.cli import main; main()"
    )
    command = [sys.executable, "-c", code, "solve", str(path), "--out", str(out), "--seconds", "100"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0 and "(stopped" in run.stderr
    plan = read_plan(out)
    assert plan.status == "stopped" and violations(read_instance(path), plan) == []


def test_an_impatient_person_may_press_twice(tmp_path: Path) -> None:
    def twice(process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)

    assert interrupted(tmp_path, twice)[0] == 0


def shell(command: str) -> Run:
    return subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)


def test_a_reader_that_goes_away_and_outputs_that_fail() -> None:
    start = f"{quote(sys.executable)} -m carpool"
    gone = shell(f"{start} generate --people 3000 | head -c 10; echo ${{PIPESTATUS[0]}}")
    assert gone.stderr == "" and gone.stdout.splitlines()[-1] != "0"
    full = shell(f"{start} generate --people 3 > /dev/full")
    assert (full.returncode, full.stderr) == (
        2,
        "The standard output cannot be written: No space left on device\n",
    )
    closed = shell(f"{start} solve {quote(str(SAMPLE))} >&-")
    assert (closed.returncode, closed.stderr) == (
        2,
        "The standard output is closed, and there is no --out.\n",
    )
    assert shell(f"{start} check {quote(str(SAMPLE))} {quote(str(SAMPLE_PLAN))} >&-").returncode == 0
