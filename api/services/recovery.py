"""Finds messages and runs that wait for a job which was lost, and queues another."""

from sqlmodel import Session

from api.services import matching, outbox
from api.services.exchange import working
from api.services.repair import begun
from api.store import queue
from api.store.queries import jobs


def requeue_lost(db: Session) -> int:
    """Queue a job for every message, run, import and repair that should have one and has none; how many there were."""
    outbox.follow_clock(db)
    wanted = (
        ("carry_out_run", "run_id", matching.going(db)),
        ("carry_out_import", "import_id", working.going(db)),
    )
    found = sum(_requeue(db, task, name, [str(one) for one in ids]) for task, name, ids in wanted)
    return found + _requeue_messages(db) + _requeue_repairs(db)


def _requeue_messages(db: Session) -> int:
    """The same of messages, which wait in the lane of their channel."""
    queued = jobs.unfinished(db, queue.SEND, "message_id")
    lost = [message_id for message_id in outbox.waiting(db) if str(message_id) not in queued]
    queue.send(db, lost)
    return len(lost)


def _requeue_repairs(db: Session) -> int:
    """The same of repairs, of which one day has one at a time."""
    queued = jobs.unfinished(db, "carry_out_repair", "repair_id")
    lost = [repair_id for repair_id in begun.waiting(db) if str(repair_id) not in queued]
    for repair_id in lost:
        begun.queue_again(db, repair_id)
    return len(lost)


def _requeue(db: Session, task: str, argument: str, wanted: list[str]) -> int:
    queued = jobs.unfinished(db, task, argument)
    lost = [subject for subject in wanted if subject not in queued]
    for subject in lost:
        queue.defer(db, task, **{argument: subject})
    return len(lost)
