"""What begins a repair: it is queued in the transaction of what happened, and nobody is asked first."""

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from api.services.local import now, today
from api.store import queue
from api.store.queries import repairs as queries
from api.store.tables import Repair

GATHER_SECONDS = 3
"""So long a repair waits for more to happen: people cancel in waves, and a car with three riders is one search."""


def wanted(db: Session, campaign_id: UUID, day: date, cause: str) -> None:
    """Queue a repair of a day that is not over. What happens while one waits to begin is repaired by that one.

    The caller holds the day (`lifts.lock_day`), so that nothing slips in behind a repair that begins just then.
    """
    if day < today():
        return
    repair = Repair(campaign_id=campaign_id, day=day, cause=cause)
    if queries.add_once(db, repair):
        begin_at = now() + timedelta(seconds=GATHER_SECONDS)
        lock = f"repair {campaign_id} {day}"
        queue.defer_in_turn(db, "carry_out_repair", lock, begin_at, repair_id=str(repair.id))


def waiting(db: Session) -> list[UUID]:
    """Repairs that some worker should be at."""
    return list(queries.going(db))
