"""Finds messages and runs that wait for a job which was lost, and queues another."""

from sqlmodel import Session

from api.services import matching, outbox
from api.services.exchange import working
from api.store import queue
from api.store.queries import jobs


def requeue_lost(db: Session) -> int:
    """Queue a job for every message and run that should have one and has none; how many there were."""
    return (
        _requeue(db, "send_message", "message_id", [str(found) for found in outbox.waiting(db)])
        + _requeue(db, "carry_out_run", "run_id", [str(found) for found in matching.going(db)])
        + _requeue(db, "carry_out_import", "import_id", [str(found) for found in working.going(db)])
    )


def _requeue(db: Session, task: str, argument: str, wanted: list[str]) -> int:
    queued = jobs.unfinished(db, task, argument)
    lost = [subject for subject in wanted if subject not in queued]
    for subject in lost:
        queue.defer(db, task, **{argument: subject})
    return len(lost)
