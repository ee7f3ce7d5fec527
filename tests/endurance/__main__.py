"""`make endure`: what only time shows, one program after the other, one line each. `--size quick` takes a minute."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from tests.promises.frame import PROJECT, Size


def programs() -> list[str]:
    """The modules, in the order of their numbers."""
    return [f"tests.endurance.{path.stem}" for path in sorted(Path(__file__).parent.glob("e[0-9]_*.py"))]


def main(
    size: Annotated[Size, typer.Option(help="How much is done.")] = Size.PROVE,
    only: Annotated[str, typer.Option(help="Numbers, separated by commas. All without it.")] = "",
) -> None:
    """Let the service run for long, restart it, and say what was kept. Ends with 1 if something was not."""
    wanted = [one for one in programs() if not only or one.rpartition(".e")[2][0] in only.split(",")]
    codes = [
        subprocess.run([sys.executable, "-m", module, "--size", size], cwd=PROJECT, check=False).returncode
        for module in wanted
    ]
    if any(codes):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
