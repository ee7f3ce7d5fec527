"""Finds messages and runs that wait for a job which was lost, and queues another."""

from sqlmodel import Session

from api.services import matching, outbox
from api.services.exchange import working
from api.services.repair import begun
from api.store import queue
from api.store.queries import jobs


def requeue_lost(db: Session) -> int:
    """Queue a job for every message, run, import and repair that should have one and has none; how many there were."""
    wanted = (
        ("send_message", "message_id", outbox.waiting(db)),
        ("carry_out_run", "run_id", matching.going(db)),
        ("carry_out_import", "import_id", working.going(db)),
        ("carry_out_repair", "repair_id", begun.waiting(db)),
    )
    return sum(_requeue(db, task, name, [str(found) for found in ids]) for task, name, ids in wanted)


def _requeue(db: Session, task: str, argument: str, wanted: list[str]) -> int:
    queued = jobs.unfinished(db, task, argument)
    lost = [subject for subject in wanted if subject not in queued]
    for subject in lost:
        queue.defer(db, task, **{argument: subject})
    return len(lost)
