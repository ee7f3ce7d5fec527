"""Work for several threads: the seam where another backend than threads would go."""

from collections.abc import Callable, Sequence

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
