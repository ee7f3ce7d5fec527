"""A mail server that accepts and says nothing, in front of a real worker: whom it keeps waiting, and whom not."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest
from sqlmodel import Session

from api.jobs.turns import AT_ONCE, MOST
from api.messages.channels.gateway import ACCOUNT, TOKEN, FakeGateway, fake_gateway
from api.store import queue
from api.store.queries import jobs
from api.store.tables import Campaign, Offer
from tests.api import world
from tests.mail import Mailbox, mail_server
from tests.patience import until
from tests.promises.faulty import passing_on

MANY = 2 * AT_ONCE
"""More letters than talk at once."""
LONGEST = "timeout=300"
"""Whoever waits for the server waits longer than the test does."""


@dataclass
class Silent:
    """Accepts connections and says nothing to the first `many` of them; those after it reach `target`."""

    port: int
    many: int
    target: int = 0
    held: list[socket.socket] = field(default_factory=list)


@contextmanager
def silent(many: int, target: int = 0) -> Iterator[Silent]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        made = Silent(listening.getsockname()[1], many, target)
        listening.settimeout(0.2)
        ending = threading.Event()
        thread = threading.Thread(target=_accept, args=(made, listening, ending))
        thread.start()
        try:
            yield made
        finally:
            ending.set()
            thread.join()
            for one in made.held:
                one.close()


def _accept(made: Silent, listening: socket.socket, ending: threading.Event) -> None:
    while not ending.is_set():
        with suppress(TimeoutError):
            client, _ = listening.accept()
            if len(made.held) < made.many:
                made.held.append(client)
            else:
                threading.Thread(target=passing_on, args=(client, made.target), daemon=True).start()


@contextmanager
def worker(database_url: str, port: int, gateway: FakeGateway | None = None) -> Iterator[None]:
    settings = {
        "CARPOOL_DATABASE_URL": database_url,
        "CARPOOL_SMTP_URL": f"smtp://127.0.0.1:{port}?{LONGEST}",
    }
    if gateway is not None:
        settings |= {
            "CARPOOL_SMS_URL": gateway.url,
            "CARPOOL_SMS_ACCOUNT": ACCOUNT,
            "CARPOOL_SMS_TOKEN": TOKEN,
            "CARPOOL_SMS_SENDER": "Lifts",
        }
    with subprocess.Popen([sys.executable, "-m", "api", "worker"], env=os.environ | settings) as process:
        try:
            yield
        finally:
            process.kill()


def campaign_with(db: Session, letters: int) -> tuple[Campaign, list[Offer]]:
    coordinator = world.add_coordinator(db)
    made = world.add_campaign(db, coordinator)
    world.add_event(db, made, coordinator)
    return made, [world.add_offer(db, made, confirmed=False) for _ in range(letters)]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


def test_a_silent_mail_server_keeps_nothing_else_waiting(db: Session, database_url: str) -> None:
    """More letters wait than there are hands for them. A text has hands of its own, and so has what a publishing left to do."""
    made, _ = campaign_with(db, MOST + AT_ONCE)
    with fake_gateway() as gateway, silent(many=1000) as server, worker(database_url, server.port, gateway):
        db.commit()
        until(lambda: len(server.held) >= AT_ONCE, "letters that wait")
        other, _ = campaign_with(db, 0)
        world.add_offer(db, other, reach="text", email="", confirmed=False)
        queue.defer(db, "release_messages", campaign_id=str(made.id), day=world.DAY.isoformat())
        db.commit()
        until(lambda: gateway.taken, "the other campaign's text")
        until(
            lambda: not jobs.unfinished(db, "release_messages", "day"),
            "the release of a publishing's messages",
        )


def test_letters_that_get_no_answer_keep_other_campaigns_letters_waiting_for_seconds_only(
    db: Session, database_url: str, mailbox: Mailbox
) -> None:
    """Twice as many get no answer as talk at once; they wait for minutes, the other campaign's letter does not."""
    campaign_with(db, MANY)
    with silent(MANY, mailbox.port) as server, worker(database_url, server.port):
        db.commit()
        until(lambda: len(server.held) == MANY, "everybody's silence")
        _, [offer] = campaign_with(db, 1)
        db.commit()
        until(lambda: mailbox.to(world.person_of(db, offer).email), "the other campaign's letter")
        assert len(mailbox.mails) == 1
