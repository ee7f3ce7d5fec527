"""Which channel carries the letters."""

from typing import Any
from uuid import uuid4

import pytest

from api.messages.channels.choice import NoGateway, NotToDemoPeople, channel_for, text_channel_for
from api.messages.channels.console import Console
from api.messages.channels.fake import FakeChannel
from api.messages.channels.port import TemporaryFailure
from api.messages.channels.smtp import Smtp
from api.messages.channels.texts import Texts
from api.messages.letter import Letter
from api.settings import Settings
from carpool.errors import CarpoolError

LETTER = Letter(
    "Your lift\nBcc: x",
    "Open http://localhost:8000/l/TOKEN\n",
    "<p>x</p>",
    short="Open: http://localhost:8000/l/SHORT",
)


def carried_by(smtp_url: str | None) -> object:
    chosen = channel_for(Settings(smtp_url=smtp_url))
    assert isinstance(chosen, NotToDemoPeople)
    return chosen.channel


def test_the_settings_choose() -> None:
    assert isinstance(carried_by("smtp://mail.org.uk"), Smtp)
    assert isinstance(carried_by(None), Console)
    with pytest.raises(CarpoolError):
        channel_for(Settings(smtp_url="mail.org.uk"))


def test_the_settings_choose_how_texts_go() -> None:
    gateway: dict[str, Any] = {
        "sms_url": "https://sms.org.uk",
        "sms_account": "AC1",
        "sms_token": "x",
        "sms_sender": "y",
    }
    server: dict[str, Any] = {
        "environment": "production",
        "secret_key": "k" * 40,
        "base_url": "https://a.org.uk",
    }
    assert isinstance(text_channel_for(Settings(**gateway, test_phone_numbers=True)), Texts)
    careful = text_channel_for(Settings(**gateway, test_phone_numbers=False))
    assert isinstance(careful, NotToDemoPeople) and isinstance(careful.channel, Texts)
    assert isinstance(text_channel_for(Settings()), Console)
    assert isinstance(text_channel_for(Settings(**server)), NoGateway)
    with pytest.raises(TemporaryFailure, match="CARPOOL_SMS_URL"):
        text_channel_for(Settings(**server)).send("+447700900123", LETTER, uuid4())
    with pytest.raises(CarpoolError):
        text_channel_for(Settings(**gateway | {"sms_url": "sms.org.uk"}))


def test_invented_people_get_nothing_and_others_do() -> None:
    fake = FakeChannel()
    for to in (
        "ann@demo.example.org",
        "ANN@DEMO.example.org",
        "ann@b.org.uk",
        "demo.example.org@b.org.uk",
        "+447700900123",
        "+447911123456",
    ):
        NotToDemoPeople(fake).send(to, LETTER, uuid4())
    assert [to for to, *_ in fake.sent] == ["ann@b.org.uk", "demo.example.org@b.org.uk", "+447911123456"]


def test_the_terminal_shows_whom_it_is_for_and_the_link(capsys: pytest.CaptureFixture[str]) -> None:
    Console().send("ann@volunteers.org.uk\nX", LETTER, uuid4())
    shown = capsys.readouterr()
    assert "To: ann@volunteers.org.uk X\nSubject: Your lift Bcc: x\n" in shown.out
    assert "http://localhost:8000/l/TOKEN" in shown.out
    assert shown.err == ""


def test_the_terminal_shows_a_text_message_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Console(short=True).send("+447700900123", LETTER, uuid4())
    shown = capsys.readouterr().out
    assert "A text message" in shown and "To: +447700900123\n\nOpen: http://localhost:8000/l/SHORT\n" in shown
    assert "TOKEN" not in shown and "Subject" not in shown


def test_the_fake_fails_as_told() -> None:
    fake = FakeChannel(failures=[TemporaryFailure("later"), None])
    with pytest.raises(TemporaryFailure):
        fake.send("a@b.org.uk", LETTER, uuid4())
    fake.send("a@b.org.uk", LETTER, uuid4())
    assert len(fake.sent) == 1
