"""One message on its way: sent once, tried again, given up, and always accounted for."""

from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from api.jobs import delivery
from api.jobs.backoff import InHand
from api.jobs.delivery import deliver
from api.jobs.tools import Tools
from api.messages.channels import PermanentFailure, TemporaryFailure
from api.messages.channels.fake import FakeChannel
from api.services import outbox, people
from api.store.tables import Message, Offer
from tests.api import world


@pytest.fixture
def offer(db: Session) -> Offer:
    """A driver's offer, whose first message waits."""
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, confirmed=False)
    db.commit()
    return offer


def confirmation(db: Session, offer: Offer) -> Message:
    db.rollback()
    [message] = world.messages_of(db, offer, "confirm")
    return message


def test_a_letter_goes_to_its_reader_once(
    db: Session, tools: Tools, channel: FakeChannel, offer: Offer
) -> None:
    message = confirmation(db, offer)
    for _ in range(2):
        deliver(tools, message.id, is_last_try=False)
    [(to, letter, message_id)] = channel.sent
    assert to == world.person_of(db, offer).email
    assert message_id == message.id
    assert offer.reference in letter.text
    after = confirmation(db, offer)
    assert (after.state, after.error) == ("sent", None)
    assert after.sent_at is not None


def test_what_a_worker_has_in_hand_is_looked_at_again_when_it_may_be_gone(
    db: Session, tools: Tools, channel: FakeChannel, offer: Offer
) -> None:
    """To leave it at that would leave a killed worker's message to whoever looks for lost ones a minute later."""
    message = confirmation(db, offer)
    assert outbox.claim(db, message.id) is not None
    db.commit()
    with pytest.raises(InHand) as caught:
        deliver(tools, message.id, is_last_try=False)
    assert 0 < caught.value.seconds <= outbox.LETTER_CLAIM_SECONDS
    assert channel.sent == []
    outbox.sent(db, message.id)
    db.commit()
    deliver(tools, message.id, is_last_try=False)
    assert channel.sent == []


def test_who_was_frozen_after_taking_it_leaves_it_to_whoever_has_it_now(
    db: Session, tools: Tools, channel: FakeChannel, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a virtual machine that was moved: it goes on where it stopped, and a minute has passed."""
    message = confirmation(db, offer)
    moments = iter([0.0, delivery.LATE_SECONDS + 1])
    with monkeypatch.context() as frozen:
        frozen.setattr(delivery, "monotonic", lambda: next(moments))
        with pytest.raises(InHand):
            deliver(tools, message.id, is_last_try=False)
    assert channel.sent == []
    assert confirmation(db, offer).state == "sending", "what the other notes is not undone"


def test_its_link_opens_the_page(db: Session, tools: Tools, channel: FakeChannel, offer: Offer) -> None:
    deliver(tools, confirmation(db, offer).id, is_last_try=False)
    [(_, letter, _)] = channel.sent
    token = letter.text.partition("https://lifts.test.org.uk/l/")[2].split()[0]
    person = people.person_of(db, people.exchange(db, token))
    assert person is not None
    assert person.id == offer.person_id


def test_a_temporary_failure_waits(db: Session, tools: Tools, channel: FakeChannel, offer: Offer) -> None:
    channel.failures = [TemporaryFailure("The mail server is away.")]
    with pytest.raises(TemporaryFailure):
        deliver(tools, confirmation(db, offer).id, is_last_try=False)
    waiting = confirmation(db, offer)
    assert (waiting.state, waiting.error, waiting.attempts) == ("created", "The mail server is away.", 1)
    deliver(tools, waiting.id, is_last_try=False)
    assert confirmation(db, offer).state == "sent"


def test_after_the_last_try_it_has_failed(
    db: Session, tools: Tools, channel: FakeChannel, offer: Offer
) -> None:
    channel.failures = [TemporaryFailure("The mail server is away.")]
    with pytest.raises(TemporaryFailure):
        deliver(tools, confirmation(db, offer).id, is_last_try=True)
    assert confirmation(db, offer).state == "failed"


def test_a_permanent_failure_is_final_at_once(
    db: Session, tools: Tools, channel: FakeChannel, offer: Offer
) -> None:
    channel.failures = [PermanentFailure("No such mailbox.")]
    deliver(tools, confirmation(db, offer).id, is_last_try=False)
    failed = confirmation(db, offer)
    assert (failed.state, failed.error) == ("failed", "No such mailbox.")
    deliver(tools, failed.id, is_last_try=False)
    assert channel.sent == []


def test_a_fault_of_ours_is_told_plainly_and_raised_for_the_log(
    db: Session, tools: Tools, channel: FakeChannel, offer: Offer
) -> None:
    channel.failures = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        deliver(tools, confirmation(db, offer).id, is_last_try=False)
    failed = confirmation(db, offer)
    assert failed.state == "failed"
    assert "fault of the service" in (failed.error or "")


def test_what_is_no_longer_true_is_not_sent(
    db: Session, tools: Tools, channel: FakeChannel, offer: Offer
) -> None:
    people.cancel(db, world.person_of(db, offer))
    db.commit()
    deliver(tools, confirmation(db, offer).id, is_last_try=False)
    assert channel.sent == []
    assert confirmation(db, offer).state == "dropped"


def test_a_message_that_is_gone_is_nobodys_business(tools: Tools, channel: FakeChannel) -> None:
    deliver(tools, UUID(int=1), is_last_try=False)
    assert channel.sent == []


def test_what_was_done_is_written_down_although_the_database_is_away_for_a_moment(tools: Tools) -> None:
    tries = []

    def step(_: Session) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("UPDATE", {}, OSError())

    tools.insist(step, pause=0)
    assert len(tries) == 3


def test_one_that_stays_away_is_not_waited_for_without_end(tools: Tools) -> None:
    def step(_: Session) -> None:
        raise OperationalError("UPDATE", {}, OSError())

    with pytest.raises(OperationalError):
        tools.insist(step, seconds=-1)
