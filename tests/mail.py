"""A real SMTP server for tests: it keeps what it is sent, and refuses or hangs where it is told to."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import create_server, socket
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"


@dataclass
class Mailbox:
    """The server's handler. Answers are taken from the lists in order; afterwards everything is accepted."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers_to_rcpt: list[str] = field(default_factory=list)
    answers_to_data: list[str] = field(default_factory=list)
    hang: float = 0.0
    answer_to_quit: str = "221 Bye"
    port: int = 0

    async def handle_RCPT(  # noqa: N802  (aiosmtpd looks for these names)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers_to_rcpt.pop(0) if self.answers_to_rcpt else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return self.answer_to_quit

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.hang)
        answer = self.answers_to_data.pop(0) if self.answers_to_data else OK
        if answer == OK:
            content = envelope.content
            assert isinstance(content, bytes)
            mail = message_from_bytes(content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.recipients.extend(envelope.rcpt_tos)
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        """What somebody got, in order."""
        both = zip(self.mails, self.recipients, strict=True)
        return [mail for mail, recipient in both if recipient == address]


def text_of(mail: EmailMessage) -> str:
    """The plain-text version."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    """The HTML version."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


class _Server(Controller):
    """Listens on a socket that is bound already, so that the port is the system's choice."""

    def __init__(self, mailbox: Mailbox, bound: socket, **options: Any) -> None:
        self._bound = bound
        super().__init__(mailbox, hostname="127.0.0.1", port=bound.getsockname()[1], **options)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._bound)


@contextmanager
def mail_server(password: str | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """A server on loopback; with `password` it wants a log-in by the name `carpool`."""
    mailbox = Mailbox()
    bound = create_server(("127.0.0.1", 0))
    mailbox.port = bound.getsockname()[1]
    options: dict[str, Any] = {"tls_context": tls} if tls else {}
    if password is not None:
        options |= {"authenticator": _asks_for(password), "auth_required": True, "auth_require_tls": False}
    server = _Server(mailbox, bound, **options)
    server.start()
    try:
        yield mailbox
    finally:
        server.stop()
        bound.close()


def _asks_for(password: str) -> Any:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        known = LoginPassword(b"carpool", password.encode())
        return AuthResult(success=data == known, handled=False)

    return check
