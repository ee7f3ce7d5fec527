"""Somebody erases themselves in the very moment in which a worker takes a message for them."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import Session, select

from api.services import outbox, people
from api.services.outbox import claimed
from api.store.session import open_session
from api.store.tables import Person
from tests.api import world
from tests.connections import BLOCKED, count
from tests.patience import PATIENCE_SECONDS, until


def test_neither_the_worker_nor_they_fail(engine: Engine, db: Session) -> None:
    """The worker holds the message and needs the person; who erases needs both, and so takes the message first."""
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, confirmed=False)
    message = world.messages_of(db, offer, "confirm")[0]
    db.commit()

    def erase() -> None:
        with open_session(engine) as own, own.begin():
            people.erase(own, own.get_one(Person, offer.person_id))

    with ThreadPoolExecutor(1) as thread, open_session(engine) as worker:
        taken, of = claimed(worker, message.id, "person")
        assert taken is not None and of is not None
        erasing = thread.submit(erase)
        until(lambda: count(engine, BLOCKED), "the wait for the message")
        person = worker.get_one(Person, offer.person_id)
        assert outbox._envelope(worker, taken, of, person) is not None
        worker.commit()
        erasing.result(PATIENCE_SECONDS)
    db.expire_all()
    assert db.exec(select(Person)).all() == []
