"""Which channel carries the letters."""

from uuid import uuid4

import pytest

from api.messages.channels.choice import NotToDemoPeople, channel_for
from api.messages.channels.console import Console
from api.messages.channels.fake import FakeChannel
from api.messages.channels.port import TemporaryFailure
from api.messages.channels.smtp import Smtp
from api.messages.letter import Letter
from api.settings import Settings
from carpool.errors import CarpoolError

LETTER = Letter("Your lift\nBcc: x", "Open http://localhost:8000/l/TOKEN\n", "<p>x</p>")


def carried_by(smtp_url: str | None) -> object:
    chosen = channel_for(Settings(smtp_url=smtp_url))
    assert isinstance(chosen, NotToDemoPeople)
    return chosen.channel


def test_the_settings_choose() -> None:
    assert isinstance(carried_by("smtp://mail.org.uk"), Smtp)
    assert isinstance(carried_by(None), Console)
    with pytest.raises(CarpoolError):
        channel_for(Settings(smtp_url="mail.org.uk"))


def test_invented_people_get_nothing_and_others_do() -> None:
    fake = FakeChannel()
    for to in (
        "ann@demo.example.org",
        "ANN@DEMO.example.org",
        "ann@b.org.uk",
        "demo.example.org@b.org.uk",
    ):
        NotToDemoPeople(fake).send(to, LETTER, uuid4())
    assert [to for to, *_ in fake.sent] == ["ann@b.org.uk", "demo.example.org@b.org.uk"]


def test_the_terminal_shows_whom_it_is_for_and_the_link(capsys: pytest.CaptureFixture[str]) -> None:
    Console().send("ann@volunteers.org.uk\nX", LETTER, uuid4())
    shown = capsys.readouterr()
    assert "To: ann@volunteers.org.uk X\nSubject: Your lift Bcc: x\n" in shown.out
    assert "http://localhost:8000/l/TOKEN" in shown.out
    assert shown.err == ""


def test_the_fake_fails_as_told() -> None:
    fake = FakeChannel(failures=[TemporaryFailure("later"), None])
    with pytest.raises(TemporaryFailure):
        fake.send("a@b.org.uk", LETTER, uuid4())
    fake.send("a@b.org.uk", LETTER, uuid4())
    assert len(fake.sent) == 1
