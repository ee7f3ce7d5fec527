"""`make prove`: every promise's program, one line each. FULL=1 has no time limit."""

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from tests.promises.frame import PROJECT, Promise, Size

PATTERN, AT_ONCE = "p[0-9][0-9]_*.py", 2
KEPT_IN = "docs/promises.md"
BEGIN, END = "<!-- what was measured last -->\n", "<!-- end -->\n"

Only = Annotated[str, typer.Option(help="Numbers of promises, separated by commas. All without it.")]
Write = Annotated[bool, typer.Option("--write", help=f"Put the lines into {KEPT_IN}, with date and commit.")]


@dataclass(frozen=True)
class Line:
    """What a program printed, and whether the promise was kept."""

    said: str
    kept: bool


def programs(only: str = "") -> list[str]:
    """The modules, in the order of their numbers."""
    wanted = {int(number) for number in only.split(",") if number}
    names = sorted(path.stem for path in Path(__file__).parent.glob(PATTERN))
    return [f"tests.promises.{name}" for name in names if not wanted or int(name[1:3]) in wanted]


def main(only: Only = "", write: Write = False) -> None:
    """Try to break each promise, and say which are kept. Ends with 1 if one is not."""
    size = Size.FULL if os.environ.get("FULL") == "1" else Size.PROVE
    begun, found = time.monotonic(), dict[str, Line]()
    wanted = programs(only)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the libraries of some of them
        promises: dict[str, Promise] = {module: import_module(module).PROMISE for module in wanted}
    alone = [module for module, promise in promises.items() if not promise.shares]
    sharing = sorted(promises.keys() - alone, key=lambda module: (not promises[module].long, module))
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(AT_ONCE) as some:
        for pool, modules in ((one, alone), (some, sharing)):
            for module, line in zip(modules, pool.map(partial(_ran, size), modules), strict=True):
                found[module] = line
                typer.echo(line.said)
    lines = [found[module].said for module in wanted]
    kept = sum(line.kept for line in found.values())
    lines.append(f"{kept} of {len(wanted)} kept, in {(time.monotonic() - begun) / 60:.1f} minutes")
    typer.echo(lines[-1])
    if write:
        _write(lines, size)
    if kept < len(wanted):
        raise typer.Exit(1)


def _ran(size: Size, module: str) -> Line:
    command = [sys.executable, "-m", module, "--size", size]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    # A program that did not get as far as its line is a promise not kept, and says where it fell.
    said = done.stdout.strip("\n") or f"{module} ended with {done.returncode}: {done.stderr.strip()[-800:]}"
    return Line(said, done.returncode == 0)


def _write(lines: list[str], size: Size) -> None:
    kept = PROJECT / KEPT_IN
    before, _, rest = kept.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    kept.write_text(before + BEGIN + "".join(_block(lines, size)) + END + after, encoding="utf-8")


def _block(lines: list[str], size: Size) -> Iterator[str]:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=False).stdout.strip()
    command = "FULL=1 make prove" if size is Size.FULL else "make prove"
    yield f"\n{datetime.now(UTC):%d %B %Y}, commit {commit or 'unknown'}, `{command}`:\n"
    yield "\n```\n"
    yield from (f"{line}\n" for line in lines)
    yield "```\n\n"


if __name__ == "__main__":
    typer.run(main)
