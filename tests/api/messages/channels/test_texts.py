"""Text messages through a real HTTP server that takes them, refuses them, hangs, and cuts connections."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from api.messages.channels.gateway import ACCOUNT, TOKEN, FakeGateway, Fault, Taken, fake_gateway
from api.messages.channels.port import PermanentFailure, TemporaryFailure, UnknownOutcome
from api.messages.channels.texts import Gateway, Texts, gateway_of
from api.messages.letter import Letter
from api.settings import Settings
from carpool.errors import CarpoolError

TO = "+447700900123"
LETTER = Letter("Your lift", "long", "<p>long</p>", short="Your lift & more: £5 é\nhttps://x.org.uk/l/T")


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with fake_gateway() as gateway:
        yield gateway


def at(gateway: FakeGateway, **changes: Any) -> Texts:
    values = {"url": gateway.url, "account": ACCOUNT, "token": TOKEN, "sender": "Lifts"}
    return Texts(Gateway(**values | changes))


def send(gateway: FakeGateway, **changes: Any) -> None:
    at(gateway, **changes).send(TO, LETTER, uuid4())


def fails(gateway: FakeGateway, fault: Any, **changes: Any) -> CarpoolError:
    """How the next message fails. The number and what the gateway says of it stay out of it."""
    gateway.faults = [fault]
    with pytest.raises(CarpoolError) as caught:
        send(gateway, **changes)
    assert "7700" not in caught.value.message and "No, not to" not in caught.value.message
    assert TOKEN not in caught.value.message
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def test_a_text_arrives_whole(gateway: FakeGateway) -> None:
    send(gateway)
    assert gateway.taken == [Taken(TO, "Lifts", LETTER.short)]


def test_an_address_with_a_slash_and_a_path_is_no_obstacle(gateway: FakeGateway) -> None:
    send(gateway, url=f"{gateway.url}/")
    assert len(gateway.taken) == 1


@pytest.mark.parametrize("code", [21211, 21614, 21610, None])
def test_what_is_refused_for_this_number_is_refused_for_good(gateway: FakeGateway, code: int | None) -> None:
    failure = fails(gateway, (400, code))
    assert isinstance(failure, PermanentFailure)
    assert "is the number right?" in failure.message


@pytest.mark.parametrize(
    ("code", "failure"),
    [(21211, PermanentFailure), (20429, TemporaryFailure), ("queue full", TemporaryFailure)],
)
def test_an_answer_of_200_with_an_error_inside_is_a_refusal(
    gateway: FakeGateway, code: int | str, failure: type[CarpoolError]
) -> None:
    assert type(fails(gateway, (200, code))) is failure
    gateway.faults = [(200, 200), (200, None)]
    for _ in range(2):
        send(gateway)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ((400, 21606), "CARPOOL_SMS_SENDER"),
        ((401, 20003), "CARPOOL_SMS_ACCOUNT"),
        ((403, None), "CARPOOL_SMS_ACCOUNT"),
        ((404, 20404), "CARPOOL_SMS_ACCOUNT"),
        ((429, 20429), "did not take"),
        ((500, None), "did not take"),
        ((503, None), "did not take"),
        ((302, None), "did not take"),
    ],
)
def test_what_is_not_about_the_number_is_tried_again(
    gateway: FakeGateway, fault: tuple[int, int | None], said: str
) -> None:
    failure = fails(gateway, fault)
    assert isinstance(failure, TemporaryFailure) and not isinstance(failure, UnknownOutcome)
    assert said in failure.message
    send(gateway)
    assert len(gateway.taken) == 1


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        (Fault.CUT_UNREAD, 0),
        (Fault.HANG_UNREAD, 0),
        (Fault.CUT_AFTER, 1),
        (Fault.HANG_AFTER, 1),
        ((502, None), 0),
        ((504, None), 0),
    ],
)
def test_without_an_answer_nobody_knows_and_that_is_what_is_said(
    gateway: FakeGateway, fault: Any, taken: int
) -> None:
    """Before or after the message was taken makes no difference on this side of the wire."""
    failure = fails(gateway, fault, seconds=0.5)
    assert isinstance(failure, UnknownOutcome)
    assert "may have arrived or not" in failure.message
    assert len(gateway.taken) == taken


def test_an_answer_that_breaks_off_after_it_said_yes_is_a_yes(gateway: FakeGateway) -> None:
    """To call it a failure would send it twice."""
    gateway.faults = [Fault.CUT_IN_ANSWER]
    send(gateway)
    assert len(gateway.taken) == 1


def test_a_wrong_token_is_ours_to_mend_and_is_not_shown(gateway: FakeGateway) -> None:
    assert "CARPOOL_SMS_ACCOUNT" in fails(gateway, None, token="guess").message
    assert not gateway.taken


def test_nobody_listening_is_temporary_and_certain(gateway: FakeGateway) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    failure = fails(gateway, None, url=url)
    assert isinstance(failure, TemporaryFailure) and not isinstance(failure, UnknownOutcome)
    assert isinstance(fails(gateway, None, url="http://gateway.invalid"), TemporaryFailure)


@pytest.mark.parametrize("to", ["", "07700900123", "+33612345678", "+447700900123\r\nX: y", "ann@x.org.uk"])
def test_what_is_no_uk_number_never_leaves(gateway: FakeGateway, to: str) -> None:
    with pytest.raises(PermanentFailure):
        at(gateway).send(to, LETTER, uuid4())
    with pytest.raises(PermanentFailure):
        at(gateway).send(TO, replace(LETTER, short=""), uuid4())
    assert not gateway.taken


def test_a_pool_of_senders_is_named_as_one(gateway: FakeGateway) -> None:
    """The fake knows none, so that it refuses for want of a sender: a fault of ours."""
    assert "21603" in fails(gateway, None, sender="MG" + "0" * 32).message


GOOD: dict[str, Any] = {
    "sms_url": "https://sms.org.uk",
    "sms_account": "AC1",
    "sms_token": "s3cret",
    "sms_sender": "Lifts",
}


def test_the_settings_name_a_gateway() -> None:
    assert gateway_of(Settings()) is None
    found = gateway_of(Settings(**GOOD))
    assert found == Gateway("https://sms.org.uk", "AC1", "s3cret", "Lifts")
    assert "s3cret" not in repr(found) + repr(Settings(**GOOD))


@pytest.mark.parametrize(
    "change",
    [
        {"sms_url": "sms.org.uk"},
        {"sms_url": "https://"},
        {"sms_url": "https://a:s3cret@sms.org.uk"},
        {"sms_url": "https://sms.org.uk?x=s3cret"},
        {"sms_url": "https://[sms"},
        {"sms_account": ""},
        {"sms_account": "../x"},
        {"sms_token": ""},
        {"sms_sender": ""},
    ],
)
def test_settings_that_make_no_sense_are_said_without_a_secret(change: dict[str, str]) -> None:
    with pytest.raises(CarpoolError, match="CARPOOL_SMS_") as caught:
        gateway_of(Settings(**GOOD | change))
    assert "s3cret" not in caught.value.message


def test_outside_development_only_over_tls() -> None:
    values: dict[str, Any] = GOOD | {"sms_url": "http://sms.org.uk", "environment": "production"}
    values |= {"secret_key": "k" * 40, "base_url": "https://lifts.org.uk"}
    with pytest.raises(CarpoolError, match="https://"):
        gateway_of(Settings(**values))
