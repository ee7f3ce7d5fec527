"""Road times for a run, between its beginning and its search: asked for with no transaction open, stopped as a search is."""

import json
import time
from dataclasses import asdict
from uuid import UUID

from sqlalchemy.exc import OperationalError

from api.jobs.tools import Tools
from api.services import matching
from api.settings import settings
from carpool.files import instance_from_json, instance_to_json

PHASE = "road times"
SECONDS_BETWEEN_NOTES = 1.0


def with_road_times(tools: Tools, run_id: UUID, text: str) -> str | None:
    """The run's instance with road times, as it is kept; None if the run is over. As it was without a server, or if a worker
    that is lost had asked already."""
    if not settings().osrm_url or "travel" in (document := json.loads(text)):
        return text
    # NumPy and what else this loads is no business of who has no server.
    from api.services import road_times

    instance, roads = road_times.with_roads(
        tools.transaction, instance_from_json(document), _Noting(tools, run_id)
    )
    if roads is None:
        return text
    with tools.transaction() as db:
        return matching.keep_roads(db, run_id, instance_to_json(instance), asdict(roads))


class _Noting:
    """Tells the run's page how far it is, about once a second, and hears whether to stop."""

    def __init__(self, tools: Tools, run_id: UUID) -> None:
        self._tools, self._run_id = tools, run_id
        self._next = 0.0
        self._stop = False

    def __call__(self, part: float) -> bool:
        if not self._stop and time.monotonic() >= self._next:
            self._next = time.monotonic() + SECONDS_BETWEEN_NOTES
            try:
                with self._tools.transaction() as db:
                    told = {"phase": PHASE, "part": round(part, 2)}
                    self._stop = matching.note_progress(db, self._run_id, told)
            except OperationalError:
                pass  # The server is asked on while the database is away.
        return self._stop
