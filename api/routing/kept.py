"""What is kept of the answers of a server: under keyed hashes, so that the table is no list of homes, and for 30 days.

The numbers of seconds alone say nothing of where anybody lives.
"""

import hashlib
import hmac
from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from api.routing import TIMES_KEPT
from api.routing.cells import Cells, Numbers
from api.routing.fetching import Answers
from api.store.queries import road_times as queries
from api.store.tables import now

Known: TypeAlias = tuple[NDArray[np.uint64], NDArray[np.float64]]
"""Where drives from one point end, by their hashes, and the seconds of each."""

NO_WAY = 2**32 - 1
"""What stands for the tenths of seconds of a drive that there is no way for."""


class Kept:
    """The table, for the answers of the server at `url`. Points have other names there for another server or secret."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url.rstrip("/")
        self._secret = secret.encode()
        self._hash = cache(self._hashed)

    def _hashed(self, point: str) -> bytes:
        return hmac.new(self._secret, f"road times|{self._url}|{point}".encode(), hashlib.sha256).digest()

    def fill(self, db: Session, cells: Cells, answers: Answers) -> None:
        """Put what is known of them into the answers."""
        ends = np.array([self._end(cells, cell) for cell in range(len(cells))], dtype=np.uint64)
        by_end = np.argsort(ends, kind="stable")
        origins = {
            self._origin(cells, cell): cell
            for cell in np.unique(answers.drives // max(1, len(cells))).tolist()
        }
        for origin, packed in queries.of_origins(db, list(origins), now() - TIMES_KEPT):
            known, seconds = unpacked(packed)
            at = np.minimum(np.searchsorted(ends[by_end], known), len(ends) - 1)
            ours = ends[by_end][at] == known
            answers.put(origins[origin] * len(cells) + by_end[at[ours]], seconds[ours])

    def keep(self, db: Session, cells: Cells, drives: Numbers, seconds: NDArray[np.float64]) -> None:
        """Add what was fetched of these drives, in order, to what there is."""
        since = now() - TIMES_KEPT
        fresh = dict(self._by_origin(cells, drives, seconds))
        before = dict(queries.of_origins(db, list(fresh), since))
        rows = {origin: packed(*ends) for origin, ends in fresh.items() if origin not in before}
        rows |= {origin: packed(*merged(unpacked(old), fresh[origin])) for origin, old in before.items()}
        queries.keep(db, rows, now(), since)

    def _by_origin(
        self, cells: Cells, drives: Numbers, seconds: NDArray[np.float64]
    ) -> Iterator[tuple[bytes, Known]]:
        origins, destinations = np.divmod(drives, max(1, len(cells)))
        cuts = np.flatnonzero(np.diff(origins)) + 1
        for part in np.split(np.arange(len(drives)), cuts):
            if len(part):
                ends = [self._end(cells, cell) for cell in destinations[part].tolist()]
                yield (
                    self._origin(cells, int(origins[part[0]])),
                    (np.array(ends, dtype=np.uint64), seconds[part]),
                )

    def _origin(self, cells: Cells, cell: int) -> bytes:
        return self._hash(f"from {cells.name(cell)}")[:16]

    def _end(self, cells: Cells, cell: int) -> int:
        return int.from_bytes(self._hash(f"to {cells.name(cell)}")[:8], "big")


def packed(ends: NDArray[np.uint64], seconds: NDArray[np.float64]) -> bytes:
    """Hashes and seconds as the table has them. `nan` is nothing known, and left out."""
    known = ~np.isnan(seconds)
    ends, seconds = ends[known], seconds[known]
    order = np.argsort(ends, kind="stable")
    tenths = np.where(np.isinf(seconds), NO_WAY, np.round(10 * np.where(np.isinf(seconds), 0, seconds)))
    return bytes(ends[order].astype(">u8").tobytes() + tenths[order].astype(">u4").tobytes())


def unpacked(row: bytes) -> Known:
    """The hashes, in order, and the seconds, `inf` for no way."""
    count = len(row) // 12
    ends = np.frombuffer(row, ">u8", count).astype(np.uint64)
    tenths = np.frombuffer(row, ">u4", count, offset=8 * count)
    return ends, np.where(tenths == NO_WAY, np.inf, tenths / 10)


def merged(old: Known, new: Known) -> Known:
    """Both; the new where both know."""
    stays = ~np.isin(old[0], new[0])
    return np.concatenate([old[0][stays], new[0]]), np.concatenate([old[1][stays], new[1]])
