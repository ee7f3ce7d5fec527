"""The contest with real processes, and the command `carpool bench` as a person runs it."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from carpool.bench.contest import Rules, given, judged, made_up, run_case
from carpool.bench.results import Case, Point, Result
from carpool.files import write_instance
from carpool.generate import generate
from carpool.pins import judge_pins
from carpool.plan import Plan

Run = subprocess.CompletedProcess[str]


def bench(*arguments: object) -> Run:
    command = [sys.executable, "-m", "carpool", "bench", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="needs the extra bench")
def test_thirty_people(tmp_path: Path) -> None:
    run = bench(
        "--people", "30", "--seeds", "1,2", "--seconds", "4", "--rivals", "nearest,greedy", "--out", tmp_path
    )
    assert run.returncode == 0, run.stderr
    assert "30 people, seed 2: greedy" in run.stderr
    assert "Key Seat Carpool" in run.stdout and "| 30 people | 2 |" in run.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"results.json", "curves.png", "comparison.png"}
    document = json.loads((tmp_path / "results.json").read_text())
    by_contestant: dict[str, Any] = {one["contestant"]: one for one in document["summaries"]}
    assert by_contestant["engine"]["ratio"]["worst"] >= 1.0
    assert by_contestant["engine"]["gap"]["worst"] <= 1e-9
    assert all(result["failure"] is None and result["megabytes"] > 10 for result in document["results"])


def test_a_file_and_a_circle(tmp_path: Path) -> None:
    write_instance(generate(5), tmp_path / "five.json")
    run = bench(tmp_path / "five.json", "--seeds", "7", "--seconds", "2", "--rivals", "")
    assert run.returncode == 0 and "five.json" in run.stdout and "30 people" not in run.stdout
    case = made_up(20, 3, "IV2", 90.0, tmp_path / "new")
    assert (case.name, case.people, case.seed) == ("20 people around IV2 within 90 km", 20, 3)
    assert given(Path(case.path), 3).people == 20


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rivals", "greedy,best"], "There is no rival “best”."),
        (["--people", "thirty"], "--people: expected whole numbers with commas between them"),
        (["--seeds", ""], "--seeds: expected whole numbers"),
        (["nowhere.json"], "nowhere.json: cannot be read"),
        (["--around", "XX9", "--people", "3"], "We do not know the postcode district XX9"),
        (["--out", "/dev/null/x"], "/dev/null/x: cannot be made"),
    ],
)
def test_what_a_person_can_mend(arguments: list[str], words: str) -> None:
    run = bench(*arguments)
    assert (run.returncode, run.stdout) == (2, "") and words in run.stderr and "Traceback" not in run.stderr


def rules(folder: Path) -> Rules:
    return Rules(seconds=2.0, workers=1, rivals=(), folder=folder)


def test_too_many_people_for_a_rival_are_skipped(tmp_path: Path) -> None:
    result = run_case("ortools", Case("many", 5_001, 1, "many.json"), rules(tmp_path))
    assert result.failure == "skipped: not run with more than 5,000 people" and result.score is None


def test_a_contestant_that_fails_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{}")
    result = run_case("greedy", Case("bad", 0, 1, str(tmp_path / "bad.json")), rules(tmp_path))
    assert result.failure is not None and result.failure.startswith("failed: ")


def test_a_plan_that_breaks_a_rule_has_no_figures(tmp_path: Path) -> None:
    case = made_up(12, 1, None, None, tmp_path)
    good = Plan(trips=judge_pins(generate(12, 1)).trips)
    notes = {"solving": 1.5, "curve": [{"seconds": 1.0, "score": 2.0, "bound": None}]}
    result = judged(Result("greedy", case), good, notes)
    assert result.failure is None and result.score is not None and result.curve == (Point(1.0, 2.0),)
    result = judged(Result("greedy", case), Plan(trips=good.trips * 2), notes)
    assert result.failure is not None and "its plan breaks" in result.failure and result.score is None
