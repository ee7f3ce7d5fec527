"""Compile the inner loops ahead of time: `python -m carpool.solver.warm`, at set-up and when a worker starts.

Compiled code stays on disk, so that only the first call after a change of version takes its time, about a minute and a half.
"""

import dataclasses
import sys
import time

from carpool.generate import generate
from carpool.solver.growth import Budget
from carpool.solver.solve import solve


def warm() -> float:
    """Make sure that everything is compiled; returns the seconds that it took."""
    begun = time.perf_counter()
    instance = generate(40, seed=1)
    solve(instance, seconds=None, rounds=1, workers=1, budget=Budget(0, 0))
    small = dataclasses.replace(
        instance, drivers=instance.drivers[:3], riders=(), together=(), apart=(), pinned=(), published=()
    )
    table = tuple(tuple(1.0 for _ in small.places) for _ in small.places)
    solve(dataclasses.replace(small, matrix=table), seconds=None, rounds=1, workers=1, budget=Budget(0, 0))
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.stdout.write(f"The solver's inner loops are ready ({warm():.0f} s).\n")
