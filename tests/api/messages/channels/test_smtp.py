"""Letters over SMTP, to a real server: what arrives, and what each kind of trouble is called."""

import socket
from collections.abc import Iterator
from uuid import UUID

import pytest

from api.messages.channels import PermanentFailure, TemporaryFailure
from api.messages.channels.smtp import Server, Smtp, parse_smtp_url
from api.messages.letter import Letter
from carpool.errors import CarpoolError
from tests.mail import Mailbox, html_of, mail_server, text_of

MESSAGE_ID = UUID("0d1a1d7e-9a4c-4d7e-8a39-0b2c9c0f5a11")
LETTER = Letter("Your lift – Thursday", "Grüß dich\n.\nEnd\n", "<p>Grüß dich</p>", "team@hendon.org.uk")
TO = "ann@volunteers.org.uk"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


def channel(port: int, seconds: float = 20.0) -> Smtp:
    return Smtp(Server("127.0.0.1", port, seconds=seconds), "Key Seat Carpool <lifts@carpool.org.uk>")


def test_a_letter_arrives_whole(mailbox: Mailbox) -> None:
    channel(mailbox.port).send(TO, LETTER, MESSAGE_ID)

    [mail] = mailbox.to(TO)
    assert mail["Subject"] == LETTER.subject
    assert mail["From"] == "Key Seat Carpool <lifts@carpool.org.uk>"
    assert (mail["To"], mail["Reply-To"]) == (TO, "team@hendon.org.uk")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert text_of(mail).replace("\r\n", "\n") == LETTER.text
    assert html_of(mail).strip() == LETTER.html


def test_the_same_message_has_the_same_id_each_time(mailbox: Mailbox) -> None:
    for _ in range(2):
        channel(mailbox.port).send(TO, LETTER, MESSAGE_ID)

    assert {mail["Message-ID"] for mail in mailbox.mails} == {f"<{MESSAGE_ID}@carpool.org.uk>"}


def test_no_header_can_be_slipped_in(mailbox: Mailbox) -> None:
    channel(mailbox.port).send(TO, Letter("Lift\r\nBcc: eve@evil.org.uk\n\nHello", "x", "x"), MESSAGE_ID)

    [mail] = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Lift Bcc: eve@evil.org.uk Hello"
    assert mailbox.recipients == [TO]


@pytest.mark.parametrize("to", ["", "nobody", "a@b\r\nBcc: e@evil.org.uk", "a@b, e@evil.org.uk", "x@", "@x"])
def test_what_is_no_address_is_refused_for_good(mailbox: Mailbox, to: str) -> None:
    with pytest.raises(PermanentFailure):
        channel(mailbox.port).send(to, LETTER, MESSAGE_ID)
    assert not mailbox.mails


@pytest.mark.parametrize(
    ("rcpt", "data", "failure"),
    [
        (["550 no such user ann@volunteers.org.uk"], [], PermanentFailure),
        (["450 try later ann@volunteers.org.uk"], [], TemporaryFailure),
        ([], ["554 this is spam ann@volunteers.org.uk"], PermanentFailure),
        ([], ["451 disk full ann@volunteers.org.uk"], TemporaryFailure),
    ],
)
def test_refusals(mailbox: Mailbox, rcpt: list[str], data: list[str], failure: type[CarpoolError]) -> None:
    mailbox.answers_to_rcpt, mailbox.answers_to_data = rcpt, data

    with pytest.raises(failure) as caught:
        channel(mailbox.port).send(TO, LETTER, MESSAGE_ID)

    assert "ann" not in caught.value.message, "the server's words quote the address"
    assert caught.value.__suppress_context__
    channel(mailbox.port).send(TO, LETTER, MESSAGE_ID)
    assert len(mailbox.mails) == 1


def test_a_server_that_accepts_and_hangs_times_out(mailbox: Mailbox) -> None:
    mailbox.hang = 30.0

    with pytest.raises(TemporaryFailure, match=r"did not answer in 0\.3 seconds"):
        channel(mailbox.port, seconds=0.3).send(TO, LETTER, MESSAGE_ID)


def test_what_was_accepted_is_sent_whatever_comes_after(mailbox: Mailbox) -> None:
    """To call it a failure would send it twice."""
    mailbox.answer_to_quit = "421 Something broke"
    channel(mailbox.port).send(TO, LETTER, MESSAGE_ID)
    assert len(mailbox.mails) == 1


def test_a_server_that_never_greets_times_out() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(TemporaryFailure, match=r"did not greet us in 0\.15 seconds"),
    ):
        channel(silent.getsockname()[1], seconds=0.3).send(TO, LETTER, MESSAGE_ID)


def test_nobody_listening_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(TemporaryFailure, match=f"127.0.0.1:{port}"):
        channel(port).send(TO, LETTER, MESSAGE_ID)


def test_an_unknown_host_is_temporary() -> None:
    with pytest.raises(TemporaryFailure, match=r"mail\.invalid"):
        Smtp(Server("mail.invalid", 25), "a@b.org.uk").send(TO, LETTER, MESSAGE_ID)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_log_in() -> None:
    with mail_server(password="s3cret/@") as mailbox:
        url = f"smtp://carpool:s3cret%2F%40@127.0.0.1:{mailbox.port}?starttls=0"
        Smtp(parse_smtp_url(url), "a@b.org.uk").send(TO, LETTER, MESSAGE_ID)
        assert len(mailbox.mails) == 1

        wrong = f"smtp://carpool:guess@127.0.0.1:{mailbox.port}?starttls=0"
        with pytest.raises(TemporaryFailure, match="name or password") as caught:
            Smtp(parse_smtp_url(wrong), "a@b.org.uk").send(TO, LETTER, MESSAGE_ID)
        assert "guess" not in str(caught.value)


def test_start_tls_is_demanded_when_it_is_asked_for(mailbox: Mailbox) -> None:
    """A server without it gets no letter: somebody may have cut it out on the way."""
    server = parse_smtp_url(f"smtp://127.0.0.1:{mailbox.port}?starttls=1")
    with pytest.raises(TemporaryFailure):
        Smtp(server, "a@b.org.uk").send(TO, LETTER, MESSAGE_ID)
    assert not mailbox.mails


def test_a_domain_in_any_script_is_written_as_the_mail_system_does(mailbox: Mailbox) -> None:
    channel(mailbox.port).send("ann@müller.org.uk", LETTER, MESSAGE_ID)
    assert mailbox.recipients == ["ann@xn--mller-kva.org.uk"]


def test_an_address_that_the_server_cannot_write_is_refused_for_good() -> None:
    with mail_server() as mailbox:
        with pytest.raises(PermanentFailure):
            channel(mailbox.port).send("jörg@volunteers.org.uk", LETTER, MESSAGE_ID)
        assert not mailbox.mails


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.org.uk", Server("mail.org.uk", 25)),
        ("smtp://a:b@mail.org.uk:2525?starttls=0", Server("mail.org.uk", 2525, "a", "b", start_tls=False)),
        ("smtp://mail.org.uk?starttls=1&timeout=5", Server("mail.org.uk", 587, start_tls=True, seconds=5.0)),
        ("smtps://a%40b:c%3Ad@mail.org.uk", Server("mail.org.uk", 465, "a@b", "c:d", tls=True)),
        ("smtp://[::1]:25", Server("::1", 25)),
    ],
)
def test_addresses_of_servers(url: str, server: Server) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.org.uk",
        "http://a:s3cret@mail.org.uk",
        "smtp://",
        "smtp://a:s3cret@mail.org.uk:port",
        "smtp://a:s3cret@mail.org.uk?tls=1",
        "smtp://a:s3cret@mail.org.uk?starttls=yes",
        "smtps://a:s3cret@mail.org.uk?starttls=1",
        "smtp://a:s3cret@mail.org.uk?timeout=0",
        "smtp://a:s3cret@mail.org.uk?timeout=soon",
        "smtp://a:s3cret@mail.org.uk?starttls",
    ],
)
def test_addresses_that_make_no_sense(url: str) -> None:
    with pytest.raises(CarpoolError, match="CARPOOL_SMTP_URL") as caught:
        parse_smtp_url(url)
    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize("mail_from", ["", "nobody", "Nobody <nobody>", "a b c", "<>"])
def test_a_sender_that_is_no_address(mail_from: str) -> None:
    with pytest.raises(CarpoolError, match="CARPOOL_MAIL_FROM"):
        Smtp(Server("127.0.0.1", 25), mail_from)


def test_passwords_stay_out_of_repr() -> None:
    assert "s3cret" not in repr(parse_smtp_url("smtp://a:s3cret@mail.org.uk"))
