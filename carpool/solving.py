"""A solve that tells on standard error how it goes: what the commands that match people have in common."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from carpool import stopping

if TYPE_CHECKING:
    from carpool.certificate import Certificate
    from carpool.instance import Instance
    from carpool.plan import Plan


def solve_telling(
    instance: "Instance",
    *,
    ends: float | None,
    rounds: int | None,
    seed: int,
    workers: int,
    summary: bool = True,
    certify: "Callable[[Certificate], None] | None" = None,
) -> "Plan":
    """The best plan until the stopwatch (`time.monotonic`) shows `ends`, or until somebody asks this process to end."""
    from rich.console import Console

    from carpool.report import Reporter, print_summary
    from carpool.solver.solve import solve

    console = Console(stderr=True)
    reporter = Reporter(console)
    with reporter.reporting():
        plan = solve(
            instance,
            seconds=None if ends is None else max(0.0, ends - time.monotonic()),
            rounds=rounds,
            seed=seed,
            workers=workers,
            progress=reporter.progress,
            stop=stopping.asked,
            certify=certify,
        )
    if summary:
        print_summary(console, instance, plan)
    return plan
