"""The clock jumps, of the service or of the database: nobody is written to twice, locked out or let in, and no job is lost."""

import threading
import time as stopwatch
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.jobs.backoff import InHand
from api.jobs.delivery import deliver
from api.jobs.tools import Tools
from api.limits import FORMS
from api.messages.channels.fake import FakeChannel
from api.services import outbox, recovery, reminders, retention
from api.services.local import at
from api.services.reminders import EVENING
from api.services.watching import GONE_SECONDS
from api.store.tables import Message, Person
from tests.api import world
from tests.api.conftest import browser
from tests.api.jobs.conftest import channel, solver, tools
from tests.api.jobs.test_worker import mailbox, worker
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import read
from tests.api.pages.scene import Pair, Scene, pair, password_hash, scene
from tests.api.pages.test_lifts import get_in
from tests.api.test_limits import from_address, send
from tests.clock import Clock, clock
from tests.mail import Mailbox
from tests.patience import until

__all__ = ["channel", "clock", "mailbox", "pair", "password_hash", "scene", "solver", "tools"]
BACK, ON = timedelta(hours=-1), timedelta(days=1)
AGED = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - :by * interval '1 second'"


@pytest.mark.parametrize("by", [BACK, timedelta(hours=1)], ids=["back", "on"])
def test_nobody_is_reminded_twice(db: Session, pair: Pair, clock: Clock, by: timedelta) -> None:
    clock.set(at(world.DAY - timedelta(days=1), EVENING) + timedelta(minutes=5))
    assert reminders.queue_due(db) == len(pair)
    clock.jump(by)
    assert reminders.queue_due(db) == 0
    clock.jump(-by)
    assert reminders.queue_due(db) == 0


def test_a_message_is_sent_once_though_the_clock_goes_back_after_it(
    db: Session, pair: Pair, tools: Tools, channel: FakeChannel, clock: Clock
) -> None:
    (message,) = world.messages_of(db, pair[1], "matched")
    for by in (timedelta(), BACK, 2 * ON):
        clock.jump(by)
        deliver(tools, message.id, is_last_try=False)
    assert len(channel.sent) == 1


def test_a_message_whose_worker_died_before_the_clock_went_back_is_sent_soon(
    db: Session, pair: Pair, tools: Tools, channel: FakeChannel, clock: Clock
) -> None:
    """Within two minutes, not when the hour has passed again."""
    (message,) = world.messages_of(db, pair[1], "matched")
    assert outbox.claim(db, message.id) is not None
    db.commit()
    clock.jump(BACK)
    recovery.requeue_lost(db)
    db.commit()
    with pytest.raises(InHand) as caught:
        deliver(tools, message.id, is_last_try=False)
    assert caught.value.seconds <= outbox.CLAIM_SECONDS
    assert channel.sent == []
    clock.jump(timedelta(seconds=outbox.CLAIM_SECONDS + 5))
    deliver(tools, message.id, is_last_try=False)
    assert len(channel.sent) == 1


def test_a_message_that_was_made_before_the_clock_went_back_gets_a_job_if_its_own_was_lost(
    engine: Engine, db: Session, pair: Pair, clock: Clock
) -> None:
    (message,) = world.messages_of(db, pair[1], "matched")
    db.connection().execute(text("DELETE FROM procrastinate_jobs"))
    clock.jump(BACK)
    assert recovery.requeue_lost(db) > 0
    asked = text("SELECT count(*) FROM procrastinate_jobs WHERE args->>'message_id' = :id")
    assert db.connection().execute(asked, {"id": str(message.id)}).scalar_one() == 1


def test_a_log_in_and_a_private_page_hold_while_the_clock_goes_back(
    app: FastAPI, db: Session, scene: Scene, pair: Pair, clock: Clock
) -> None:
    staff, volunteer = (
        log_in(browser(app), scene.coordinator.email),
        get_in(app, db, world.add_offer(db, scene.campaign, confirmed=False)),
    )
    clock.jump(BACK)
    assert staff.get(scene.desk).status_code == 200
    assert volunteer.get("/my").status_code == 200
    assert browser(app).get("/").status_code == 200
    assert "csrf" in read(browser(app).get("/login")).hidden()


def test_a_day_too_many_ends_log_ins_and_no_private_page(
    app: FastAPI, db: Session, scene: Scene, clock: Clock
) -> None:
    """Twelve hours are over by any clock; and back again everything is as it was, for nothing was deleted meanwhile."""
    staff, volunteer = (
        log_in(browser(app), scene.coordinator.email),
        get_in(app, db, world.add_offer(db, scene.campaign, confirmed=False)),
    )
    clock.jump(ON)
    assert staff.get(scene.desk).status_code == 303
    assert volunteer.get("/my").status_code == 200
    people = len(db.exec(select(Person)).all())
    messages = len(db.exec(select(Message)).all())
    retention.purge(db)
    db.commit()
    clock.jump(-ON)
    assert (len(db.exec(select(Person)).all()), len(db.exec(select(Message)).all())) == (people, messages)
    assert volunteer.get("/my").status_code == 200
    assert log_in(browser(app), scene.coordinator.email).get(scene.desk).status_code == 200


def test_limits_hold_and_nobody_waits_longer_than_the_jump(probed: FastAPI, clock: Clock) -> None:
    with from_address(probed, "198.51.100.1") as client:
        assert [send(client) for _ in range(FORMS.most)] == [200] * FORMS.most
        clock.jump(BACK)
        assert send(client) == 429
        clock.jump(-BACK + FORMS.within + timedelta(seconds=1))
        assert send(client) == 200


def test_a_message_on_its_way_is_not_sent_again_when_the_databases_clock_jumps(
    engine: Engine, db: Session, database_url: str, mailbox: Mailbox
) -> None:
    """The worker looks dead to it, and its job goes back into the queue while the letter is at the mail server."""
    campaign = world.add_campaign(db, coordinator := world.add_coordinator(db))
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, confirmed=False)
    to = world.person_of(db, offer).email
    (message,) = world.messages_of(db, offer, "confirm")
    mailbox.hang = 15.0
    db.commit()
    ending = threading.Event()

    def jump() -> None:
        while not ending.is_set():
            with engine.begin() as connection:
                connection.execute(text(AGED), {"by": 10 * GONE_SECONDS})
            stopwatch.sleep(0.2)

    def is_now(state: str) -> bool:
        db.rollback()
        return world.messages_of(db, offer, "confirm")[0].state == state

    with worker(database_url, mailbox) as process:
        until(lambda: is_now("sending"), "the letter")
        jumping = threading.Thread(target=jump)
        jumping.start()
        until(lambda: is_now("sent"), "the end of the letter")
        ending.set()
        jumping.join()
        until(lambda: _is_empty(engine), "an empty queue")
        assert process.poll() is None
    assert len(mailbox.to(to)) == 1
    assert message.id is not None


def _is_empty(engine: Engine) -> bool:
    asked = text(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_message' AND status IN ('todo', 'doing')"
    )
    with engine.connect() as connection:
        return bool(connection.execute(asked).scalar_one() == 0)
