"""Work for several threads: the seam where another backend than threads would go."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from joblib import Parallel, delayed

CHUNKS = 32
"""Pieces that work is cut into, whatever the number of threads, so that results do not depend on it."""


def in_parallel(workers: int, work: Callable[..., object], tasks: Sequence[tuple[object, ...]]) -> None:
    """Do all tasks in threads. The work must release Python's lock; joblib is the seam for other backends."""
    if workers == 1 or len(tasks) == 1:
        for task in tasks:
            work(*task)
    else:
        Parallel(n_jobs=workers, backend="threading")(delayed(work)(*task) for task in tasks)


def spans(size: int, pieces: int = CHUNKS) -> list[tuple[int, int]]:
    """So many stretches, from and to, of about the same length, without empty ones."""
    ends = np.linspace(0, size, pieces + 1).astype(int).tolist()
    return [(a, b) for a, b in pairwise(ends) if a < b]
