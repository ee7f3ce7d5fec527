"""What lost its job gets another, and what has one gets no second."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from api.services import matching, recovery
from api.services.local import now
from api.store.queries import jobs
from tests.api import world


def a_message_and_a_run(db: Session) -> tuple[str, str]:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, confirmed=False)
    [message] = world.messages_of(db, offer, "confirm")
    message.created_at = now() - timedelta(minutes=5)
    db.add(message)
    run = matching.start(db, campaign, world.DAY, coordinator)
    db.flush()
    return str(message.id), str(run.id)


def lose_jobs(db: Session) -> None:
    db.connection().execute(text("DELETE FROM procrastinate_jobs"))


def test_nothing_is_queued_twice(db: Session) -> None:
    message, run = a_message_and_a_run(db)
    assert recovery.requeue_lost(db) == 0
    assert jobs.unfinished(db, "send_message", "message_id") == {message}
    assert jobs.unfinished(db, "carry_out_run", "run_id") == {run}


def test_what_lost_its_job_gets_another(db: Session) -> None:
    message, run = a_message_and_a_run(db)
    lose_jobs(db)
    assert recovery.requeue_lost(db) == 2
    assert recovery.requeue_lost(db) == 0
    assert jobs.unfinished(db, "send_message", "message_id") == {message}
    assert jobs.unfinished(db, "carry_out_run", "run_id") == {run}


def test_a_job_that_ended_counts_no_more(db: Session) -> None:
    a_message_and_a_run(db)
    db.connection().execute(text("UPDATE procrastinate_jobs SET status = 'failed'"))
    assert recovery.requeue_lost(db) == 2


def test_what_is_over_needs_no_job(db: Session) -> None:
    a_message_and_a_run(db)
    lose_jobs(db)
    db.connection().execute(text("UPDATE message SET state = 'sent'"))
    db.connection().execute(text("UPDATE run SET state = 'done'"))
    assert recovery.requeue_lost(db) == 0
