"""Road times for an instance: what is kept of earlier answers, and what the operator's server says to the rest.

What nobody knows goes by the built-in model. docs/decisions/0032-road-times.md says why it is so.
"""

import time
from array import array
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from api.routing.candidates import Drives, wanted
from api.routing.cells import Cells, cells_of
from api.routing.fetching import Answers, Noted, ask
from api.routing.kept import Kept
from api.services.roads_view import RoadsView
from api.settings import settings
from carpool import Instance
from carpool.geo.travel import RoadTravel
from carpool.pairs import Pairs

LONGEST_SECONDS = 90.0
"""So long a run waits for road times; what is missing then goes by the model, and the next run asks for it."""
LEAST = 0.4
"""No drive takes less than this part of what the model says: far less is a fault of the map, and would spoil the bound."""
KEEP_EVERY_SECONDS = 10.0
"""What is fetched is kept as often, for whoever takes the run up if this worker is lost."""

Transaction = Callable[[], AbstractContextManager[Session]]


class Asked:
    """The drives that an instance needs, and what is known of them so far."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        found = wanted(instance)
        self.kinds: tuple[Drives, ...] = found.kinds
        self.is_all = found.is_all
        self.cells: Cells = cells_of(instance.places)
        self.drives = [self.cells.drives(kind) for kind in self.kinds]
        everything = np.unique(np.concatenate(self.drives)) if self.drives else np.zeros(0, np.int64)
        self.answers = Answers.nothing(everything)

    def paired(self) -> tuple[Instance, RoadsView]:
        """The instance with the minutes that are known, as it was if there are none."""
        origins = np.concatenate([kind[0] for kind in self.kinds])
        destinations = np.concatenate([kind[1] for kind in self.kinds])
        order = np.lexsort((destinations, origins))
        origins, destinations = origins[order], destinations[order]
        ends = self.cells.of_place
        apart = ends[origins] != ends[destinations]
        seconds = self.answers.of(ends[origins] * len(self.cells) + ends[destinations])
        known = apart & ~np.isnan(seconds)
        why = self.answers.why or ("" if self.is_all else "many")
        roads = RoadsView(int(apart.sum()), int(known.sum()), int(np.isinf(seconds[known]).sum()), why)
        if not known.any():
            return self.instance, roads
        pairs = self._pairs(origins[known], destinations[known], seconds[known])
        return replace(self.instance, pairs=pairs), roads

    def _pairs(
        self, origins: NDArray[np.int64], destinations: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> Pairs:
        model = RoadTravel(self.instance.places, self.instance.crossings).legs(origins, destinations)
        # The floor is rounded up, so that what is written keeps it, too.
        minutes = np.maximum(np.round(seconds / 60, 2), np.ceil(100 * LEAST * model) / 100)
        return Pairs(
            array("i", origins.astype(np.int32).tobytes()),
            array("i", destinations.astype(np.int32).tobytes()),
            array("d", minutes.astype(np.float64).tobytes()),
        )


def kept() -> Kept | None:
    """The table of the settings' server, None without a server."""
    known = settings()
    return Kept(known.osrm_url, known.secret_key) if known.osrm_url else None


def with_known(db: Session, instance: Instance) -> Instance:
    """The instance with the road times that are kept. Nobody is asked."""
    table = kept()
    if table is None:
        return instance
    asked = Asked(instance)
    table.fill(db, asked.cells, asked.answers)
    return asked.paired()[0]


def with_roads(
    transaction: Transaction, instance: Instance, noted: Noted, seconds: float = LONGEST_SECONDS
) -> tuple[Instance, RoadsView | None]:
    """The instance with road times of the operator's server, asked for at most so many seconds; None without a server.

    No transaction is open while the server is asked.
    """
    ends, table, url = time.monotonic() + seconds, kept(), settings().osrm_url
    if table is None or not url:
        return instance, None
    asked = Asked(instance)
    with transaction() as db:
        table.fill(db, asked.cells, asked.answers)
    keeping = _Keeping(transaction, table, asked)
    ask(
        url,
        asked.cells,
        asked.drives,
        asked.answers,
        ends,
        lambda part: keeping.now_and_then() or noted(part),
    )
    keeping.keep()
    return asked.paired()


class _Keeping:
    """Keeps what was fetched since the last time."""

    def __init__(self, transaction: Transaction, table: Kept, asked: Asked) -> None:
        self._transaction, self._table, self._asked = transaction, table, asked
        self._known = ~np.isnan(asked.answers.seconds)
        self._next = time.monotonic() + KEEP_EVERY_SECONDS

    def now_and_then(self) -> bool:
        """Never a reason to stop."""
        if time.monotonic() >= self._next:
            self.keep()
            self._next = time.monotonic() + KEEP_EVERY_SECONDS
        return False

    def keep(self) -> None:
        answers = self._asked.answers
        known = ~np.isnan(answers.seconds)
        fresh = known & ~self._known
        if fresh.any():
            with self._transaction() as db:
                self._table.keep(db, self._asked.cells, answers.drives[fresh], answers.seconds[fresh])
            self._known = known
