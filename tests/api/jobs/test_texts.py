"""A text on its way through a real gateway that fails in every way there is: never lost, and never called what it is not."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import Session

from api.jobs.delivery import deliver
from api.jobs.tools import Tools
from api.messages import gsm
from api.messages.channels import TemporaryFailure, UnknownOutcome
from api.messages.channels.fake import FakeChannel
from api.messages.channels.gateway import ACCOUNT, TOKEN, FakeGateway, Fault, fake_gateway
from api.messages.channels.texts import Gateway, Texts
from api.services import people
from api.store.tables import Message, Offer
from tests.api import world


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with fake_gateway() as gateway:
        yield gateway


@pytest.fixture
def texting(tools: Tools, gateway: FakeGateway) -> Tools:
    return replace(tools, texts=Texts(Gateway(gateway.url, ACCOUNT, TOKEN, "Lifts", seconds=0.5)))


@pytest.fixture
def offer(db: Session) -> Offer:
    """A driver's offer by somebody who gave a mobile number alone, whose first message waits."""
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, reach="text", email="", confirmed=False)
    db.commit()
    return offer


def first(db: Session, offer: Offer) -> Message:
    db.rollback()
    [message] = world.messages_of(db, offer, "confirm")
    return message


def test_the_first_message_and_its_link_go_by_text_alone(
    db: Session, texting: Tools, gateway: FakeGateway, channel: FakeChannel, offer: Offer
) -> None:
    for _ in range(2):
        deliver(texting, first(db, offer).id, is_last_try=False)
    [text] = gateway.taken
    assert (text.to, text.sender) == ("+447700900123", "Lifts")
    assert offer.reference in text.text and gsm.segments(text.text) <= 2
    assert channel.sent == []
    assert first(db, offer).state == "sent"
    token = text.text.partition("https://lifts.test.org.uk/l/")[2].split()[0]
    assert people.person_of(db, people.exchange(db, token)) == world.person_of(db, offer)


@pytest.mark.parametrize("fault", [(429, 20429), (500, None)])
def test_what_was_not_taken_is_tried_again(
    db: Session, texting: Tools, gateway: FakeGateway, offer: Offer, fault: tuple[int, int | None]
) -> None:
    gateway.faults = [fault]
    with pytest.raises(TemporaryFailure):
        deliver(texting, first(db, offer).id, is_last_try=False)
    waiting = first(db, offer)
    assert waiting.state == "created" and str(fault[0]) in (waiting.error or "")
    deliver(texting, waiting.id, is_last_try=False)
    assert first(db, offer).state == "sent" and len(gateway.taken) == 1


def test_what_was_refused_has_failed(db: Session, texting: Tools, gateway: FakeGateway, offer: Offer) -> None:
    gateway.faults = [(400, 21614)]
    deliver(texting, first(db, offer).id, is_last_try=False)
    failed = first(db, offer)
    assert failed.state == "failed" and "is the number right?" in (failed.error or "")
    assert gateway.taken == []


@pytest.mark.parametrize("fault", [Fault.CUT_UNREAD, Fault.CUT_AFTER, Fault.HANG_AFTER])
def test_what_may_have_arrived_is_tried_again_and_says_so(
    db: Session, texting: Tools, gateway: FakeGateway, offer: Offer, fault: Fault
) -> None:
    gateway.faults = [fault]
    with pytest.raises(UnknownOutcome):
        deliver(texting, first(db, offer).id, is_last_try=False)
    waiting = first(db, offer)
    assert waiting.state == "created" and "may have arrived or not" in (waiting.error or "")
    deliver(texting, waiting.id, is_last_try=False)
    assert first(db, offer).state == "sent"
    assert len(gateway.taken) == (1 if fault is Fault.CUT_UNREAD else 2)


def test_but_not_without_end(db: Session, texting: Tools, gateway: FakeGateway, offer: Offer) -> None:
    """A gateway that takes messages and never says so would write to one person a hundred times a day."""
    gateway.faults = [Fault.CUT_AFTER, (500, None), Fault.CUT_AFTER, Fault.CUT_AFTER]
    for _ in range(3):
        with pytest.raises(TemporaryFailure):
            deliver(texting, first(db, offer).id, is_last_try=False)
    deliver(texting, first(db, offer).id, is_last_try=False)
    unsure = first(db, offer)
    assert unsure.state == "unsure" and "may have arrived" in (unsure.error or "")
    deliver(texting, unsure.id, is_last_try=False)
    assert len(gateway.taken) == 3


def test_the_last_try_leaves_it_at_that(
    db: Session, texting: Tools, gateway: FakeGateway, offer: Offer
) -> None:
    gateway.faults = [Fault.CUT_AFTER]
    deliver(texting, first(db, offer).id, is_last_try=True)
    assert first(db, offer).state == "unsure"


def test_without_a_gateway_it_waits_for_one(db: Session, tools: Tools, offer: Offer) -> None:
    with pytest.raises(TemporaryFailure, match="CARPOOL_SMS_URL"):
        deliver(tools, first(db, offer).id, is_last_try=False)
    assert first(db, offer).state == "created"
