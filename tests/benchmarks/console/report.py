"""What is printed: one line a figure with its limit and what was reached."""

from collections.abc import Iterable
from dataclasses import dataclass

import typer


@dataclass(frozen=True)
class Figure:
    """`met` None: there is nothing to measure yet, which is said and misses nothing."""

    what: str
    limit: str
    reached: str
    met: bool | None

    @property
    def verdict(self) -> str:
        return {True: "reached", False: "MISSED", None: "not built"}[self.met]

    def __str__(self) -> str:
        return f"{self.what:<62} limit {self.limit:<10} {self.verdict:<9} {self.reached}".rstrip()


def most(what: str, limit: float, reached: float, unit: str = "ms", more: str = "") -> Figure:
    """A figure that must not be larger than its limit."""
    shown = f"{reached:,.0f} {unit}" if reached >= 10 else f"{reached:.1f} {unit}"
    return Figure(what, f"≤ {limit:g} {unit}", f"{shown} {more}".strip(), reached <= limit)


def not_built(what: str, limit: str, why: str = "") -> Figure:
    return Figure(what, limit, why, None)


def show(figures: Iterable[Figure]) -> int:
    """Print them; how many are missed."""
    missed = 0
    for figure in figures:
        typer.echo(str(figure))
        missed += figure.met is False
    return missed
