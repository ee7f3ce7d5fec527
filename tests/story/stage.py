"""The whole service for a story: web and worker in processes of their own, real PostgreSQL, a real mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from socket import create_server

import pytest

from tests.api.commands.running import Service, run, service
from tests.mail import Mailbox, mail_server, text_of
from tests.patience import until
from tests.story.cast import COORDINATOR

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Stage:
    """Where the story happens."""

    url: str
    mailbox: Mailbox
    service: Service

    def mail_to(self, address: str, number: int) -> EmailMessage:
        """The message of that number, from 1, when it has come."""
        until(lambda: len(self.mailbox.to(address)) >= number, f"message {number} to {address}")
        return self.mailbox.to(address)[number - 1]

    def link_in(self, mail: EmailMessage) -> str:
        """The private link."""
        [link] = {word for word in text_of(mail).split() if word.startswith(f"{self.url}/l/")}
        return link


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    with stage_of(database_url) as found:
        yield found


@contextmanager
def stage_of(database_url: str, **more: str) -> Iterator[Stage]:
    """The service with one coordinator, at a port that its links name; with `more` settings."""
    with create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    with mail_server() as mailbox:
        settings = {
            "database_url": database_url,
            "port": port,
            "smtp_url": f"smtp://127.0.0.1:{mailbox.port}",
            "mail_from": "Key Seat Carpool <carpool@lifts.org.uk>",
            "test_phone_numbers": "true",
        } | more
        typed = f"{PASSWORD}\n{PASSWORD}\n"
        added = run("add-coordinator", COORDINATOR, "Priya Shah", typed=typed, **settings)
        assert added.returncode == 0, added.stderr
        with service("serve", **settings) as running:
            yield Stage(running.url, mailbox, running)
