"""Letters by SMTP: one connection each, so that a server that breaks one breaks no other."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime, parseaddr
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from uuid import UUID

import aiosmtplib

from api.messages.channels.port import PermanentFailure, TemporaryFailure
from api.messages.letter import Letter
from api.messages.words import one_line
from carpool.errors import CarpoolError

SETTING = "CARPOOL_SMTP_URL"
SHAPE = "smtp://name:password@host:587?starttls=1 or smtps://name:password@host"
TIMEOUT_SECONDS = 20.0
LONGEST_TIMEOUT = 300.0
QUIT_SECONDS = 2.0
# What the standard library raises for an address that is none.
_NO_ADDRESS = (ValueError, IndexError, MessageError)


@dataclass(frozen=True)
class Server:
    """A mail server. `start_tls` None: if the server offers it. `seconds` bounds a whole letter, half
    of it the server's first words."""

    host: str
    port: int
    name: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    start_tls: bool | None = None
    seconds: float = TIMEOUT_SECONDS


class Smtp:
    """Sends letters through one server, from one address."""

    def __init__(self, server: Server, mail_from: str) -> None:
        self.server = server
        self.sender = _sender(mail_from)

    def send(self, to: str, letter: Letter, message_id: UUID) -> None:
        """See `Channel`. The server's own words stay out of the errors: they quote the address."""
        mail = self._mail(to, letter, message_id)
        server = self.server
        try:
            asyncio.run(asyncio.wait_for(self._hand_over(mail), server.seconds))
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            raise TemporaryFailure(f"{self._name} did not answer in {server.seconds:g} seconds.") from None
        except aiosmtplib.SMTPException as error:
            raise self._failure(error) from None
        except OSError as error:
            raise TemporaryFailure(f"{self._name} cannot be reached: {error.strerror or error}.") from None

    async def _hand_over(self, mail: EmailMessage) -> None:
        server = self.server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.name,
            password=server.password,
            use_tls=server.tls,
            start_tls=False if server.tls else server.start_tls,
            timeout=server.seconds,
        )
        try:
            await self._connect(client)
            await client.send_message(mail)
            # From here on the letter is the server's, whatever becomes of the leave-taking.
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=QUIT_SECONDS)
        finally:
            client.close()

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        """Half of the time is for the greeting: who has said nothing by then will not, and a hand that waits is one less."""
        seconds = self.server.seconds / 2
        try:
            async with asyncio.timeout(seconds):
                await client.connect()
        except TimeoutError:
            raise TemporaryFailure(f"{self._name} did not greet us in {seconds:g} seconds.") from None

    def _mail(self, to: str, letter: Letter, message_id: UUID) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = _recipient(to)
        mail["Subject"] = one_line(letter.subject)
        mail["Date"] = format_datetime(localtime())
        mail["Message-ID"] = f"<{message_id}@{self.sender.domain}>"
        # Out-of-office programs leave such letters alone (RFC 3834).
        mail["Auto-Submitted"] = "auto-generated"
        if letter.reply_to:
            mail["Reply-To"] = Address(addr_spec=one_line(letter.reply_to))
        mail.set_content(letter.text)
        mail.add_alternative(letter.html, subtype="html")
        return mail

    def _failure(self, error: aiosmtplib.SMTPException) -> TemporaryFailure | PermanentFailure:
        """Only a refusal of this recipient or letter is final; all else can be mended on our side."""
        if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
            error = error.recipients[0]
        if not isinstance(error, aiosmtplib.SMTPResponseException):
            return TemporaryFailure(f"{self._name} cannot be reached or broke off ({type(error).__name__}).")
        about_them = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
        code = f"(code {error.code})"
        if about_them and error.code >= 500:
            return PermanentFailure(f"{self._name} refused the message {code}: is the e-mail address right?")
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            return TemporaryFailure(f"{self._name} refused our name or password {code}; see {SETTING}.")
        if isinstance(error, aiosmtplib.SMTPSenderRefused):
            return TemporaryFailure(f"{self._name} refused our sender {code}; see CARPOOL_MAIL_FROM.")
        return TemporaryFailure(f"{self._name} did not take the message {code}.")

    @property
    def _name(self) -> str:
        return f"The mail server {self.server.host}:{self.server.port}"


def parse_smtp_url(url: str) -> Server:
    """Read `smtp://…` or `smtps://…`. Raises `CarpoolError`, which repeats no password."""
    try:
        parts = urlsplit(url)
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise _wrong("it cannot be read as an address") from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise _wrong("it must begin with smtp:// or smtps:// and name a host")
    if unknown := set(options) - {"starttls", "timeout"}:
        raise _wrong(f"{', '.join(sorted(unknown))} is no option; there are starttls and timeout")
    return _server(parts, port, options)


def _server(parts: SplitResult, port: int | None, options: dict[str, str]) -> Server:
    tls = parts.scheme == "smtps"
    start_tls = options.get("starttls")
    if start_tls not in (None, "0", "1") or (tls and start_tls == "1"):
        raise _wrong("starttls is 0 or 1, and smtps:// has no use for it")
    return Server(
        host=parts.hostname or "",
        port=port or (465 if tls else 587 if start_tls == "1" else 25),
        name=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=tls,
        start_tls=None if start_tls is None else start_tls == "1",
        seconds=_seconds(options.get("timeout")),
    )


def _seconds(text: str | None) -> float:
    try:
        seconds = float(text) if text is not None else TIMEOUT_SECONDS
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise _wrong(f"timeout is a number of seconds, at most {LONGEST_TIMEOUT:g}")
    return seconds


def _wrong(fault: str) -> CarpoolError:
    return CarpoolError(f"{SETTING}: {fault}. It looks like {SHAPE}.", SETTING)


def _sender(mail_from: str) -> Address:
    name, address = parseaddr(mail_from)
    try:
        sender = Address(display_name=one_line(name), addr_spec=address)
    except _NO_ADDRESS:
        sender = Address()
    if not sender.domain:
        raise CarpoolError(f"CARPOOL_MAIL_FROM is no e-mail address: {mail_from!r}.", "CARPOOL_MAIL_FROM")
    return sender


def _recipient(to: str) -> Address:
    """The address alone: a name in front of it would be somebody's free text in a header."""
    try:
        local, _, domain = to.rpartition("@")
        return Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except _NO_ADDRESS:
        raise PermanentFailure("This is no e-mail address that a mail server would know.") from None
