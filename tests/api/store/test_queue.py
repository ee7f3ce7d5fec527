"""Jobs are queued with what they belong to, or not at all."""

from sqlalchemy import Engine, text
from sqlmodel import Session

from api.store.queue import defer, send
from api.store.session import open_session
from tests.api import world


def queued(engine: Engine) -> list[tuple[str, str, dict[str, str]]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT queue_name, task_name, args FROM procrastinate_jobs ORDER BY id")
        )
        return [(row[0], row[1], row[2]) for row in rows]


def test_a_job_is_there_when_its_transaction_is(engine: Engine, db: Session) -> None:
    defer(db, "send_message", message_id="1")
    assert queued(engine) == []
    db.commit()
    assert queued(engine) == [("default", "send_message", {"message_id": "1"})]


def test_a_job_goes_with_its_transaction(engine: Engine) -> None:
    with open_session(engine) as db:
        defer(db, "send_message", message_id="1")
        db.rollback()
    assert queued(engine) == []


def test_letters_and_texts_wait_in_queues_of_their_own_and_some_go_first(engine: Engine, db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    letter = world.add_offer(db, campaign, confirmed=False)
    text_message = world.add_offer(db, campaign, confirmed=False, reach="text", email="")
    ids = [world.messages_of(db, one, "confirm")[0].id for one in (text_message, letter)]
    db.connection().execute(text("DELETE FROM procrastinate_jobs"))
    send(db, ids)
    send(db, ids, first=True)
    send(db, [])
    db.commit()
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT queue_name, args ->> 'message_id', priority FROM procrastinate_jobs")
        )
        by_queue = sorted((row[0], row[1], row[2]) for row in found)
    assert by_queue == [
        ("letters", str(ids[1]), 0),
        ("letters", str(ids[1]), 1),
        ("texts", str(ids[0]), 0),
        ("texts", str(ids[0]), 1),
    ]


def test_runs_have_a_queue_of_their_own(engine: Engine, db: Session) -> None:
    """They take minutes, one at a time; messages must not wait behind them."""
    defer(db, "carry_out_run", run_id="1")
    db.commit()
    assert queued(engine) == [("runs", "carry_out_run", {"run_id": "1"})]
