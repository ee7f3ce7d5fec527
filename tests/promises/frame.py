"""What the programs that measure promises share: how large, what was found, and one line about it."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar
from xml.etree import ElementTree

import structlog
import typer

PROJECT = Path(__file__).resolve().parents[2]
T = TypeVar("T")


class Size(StrEnum):
    """How much is done: in `make test`, in `make prove`, or as often as the promise says, however long that takes."""

    QUICK = "quick"
    PROVE = "prove"
    FULL = "full"

    def pick(self, quick: T, prove: T, full: T) -> T:
        return {Size.QUICK: quick, Size.PROVE: prove, Size.FULL: full}[self]


@dataclass(frozen=True)
class Outcome:
    """What was measured, in words with figures, and whether the promise was kept."""

    figure: str
    kept: bool


@dataclass(frozen=True)
class Promise:
    """`number` and `title` as people read them; `measure` tries to break it. `by_tests`: files of tests that do so instead.

    Those tests are in `make test` anyway, so their quick form is there already. `shares`: no figure of it gets worse by another
    beside it. Of these the `long` ones begin first.
    """

    number: int
    title: str
    measure: Callable[[Size], Outcome]
    by_tests: tuple[str, ...] = ()
    shares: bool = False
    long: bool = False


def line(promise: Promise, outcome: Outcome, seconds: float) -> str:
    verdict = "kept  " if outcome.kept else "BROKEN"
    return f"{promise.number:>2}  {verdict}  {promise.title}: {outcome.figure} ({seconds:.0f} s)"


def run(promise: Promise) -> None:
    """The program of one promise. Prints one line; ends with 1 if the promise was not kept."""

    def main(size: Annotated[Size, typer.Option(help="How much is done.")] = Size.PROVE) -> None:
        # What the product logs in this process is not part of the line.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        begun = time.monotonic()
        outcome = promise.measure(size)
        typer.echo(line(promise, outcome, time.monotonic() - begun))
        if not outcome.kept:
            raise typer.Exit(1)

    main.__doc__ = f"Promise {promise.number}: {promise.title}."
    program = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    program.command()(main)
    program()


def by_tests(number: int, title: str, *paths: str, long: bool = False) -> Promise:
    """A promise that tests measure: what they note of it by `record_property("figure", …)` is the figure."""
    return Promise(number, title, lambda _size: tested(*paths), paths, shares=True, long=long)


def tested(*paths: str) -> Outcome:
    """Run these tests in a process of their own; all must pass, and none may be left out."""
    with TemporaryDirectory(prefix="carpool-prove-") as folder:
        report = Path(folder, "report.xml")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            f"--junitxml={report}",
            "-o",
            "junit_family=xunit1",
            *paths,
        ]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        if not report.is_file():
            return Outcome(f"the tests did not run: {done.stdout[-500:]}{done.stderr[-500:]}", kept=False)
        return _summed_up(ElementTree.parse(report).getroot())  # noqa: S314  our own report


def _summed_up(report: Any) -> Outcome:
    cases = list(report.iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    noted = [
        one.get("value") for case in cases for one in case.iter("property") if one.get("name") == "figure"
    ]
    said = [*noted, f"{len(cases) - len(failed) - len(skipped)} of {len(cases)} tests passed"]
    said += [f"failed: {case.get('classname')}.{case.get('name')}" for case in failed[:3]]
    said += [f"left out: {case.get('classname')}.{case.get('name')}" for case in skipped[:3]]
    return Outcome("; ".join(said), kept=bool(cases) and not failed and not skipped)
