"""A message is sent once, says what is true when it is sent, and is accounted for whatever happens to a worker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.services import outbox, people
from api.services.local import now, today
from api.store.queries import sign_ups
from api.store.session import open_session
from api.store.tables import Message, Offer
from tests.api import world


def confirmation(db: Session) -> tuple[Offer, Message]:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, confirmed=False)
    return offer, world.messages_of(db, offer, "confirm")[0]


def test_one_key_makes_one_message(db: Session) -> None:
    offer, message = confirmation(db)
    again = outbox.queue(
        db, offer.person_id, offer.campaign_id, "confirm", key=message.key, subject_id=offer.id
    )
    assert not again
    assert len(world.messages_of(db, offer, "confirm")) == 1


def test_of_many_workers_one_claims_a_message(engine: Engine, db: Session) -> None:
    _, message = confirmation(db)
    db.commit()

    def claim(_: int) -> bool:
        with open_session(engine) as own, own.begin():
            return outbox.claim(own, message.id) is not None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(claim, range(16))) == 1


def test_what_a_dead_worker_claimed_is_claimed_again_later(db: Session) -> None:
    offer, message = confirmation(db)
    assert outbox.claim(db, message.id) is not None
    assert outbox.claim(db, message.id) is None
    message = world.messages_of(db, offer, "confirm")[0]
    message.claimed_at = now() - timedelta(seconds=outbox.LETTER_CLAIM_SECONDS + 1)
    db.add(message)
    db.flush()
    assert outbox.busy_seconds(db, message.id) == 0
    assert outbox.claim(db, message.id) is not None
    outbox.sent(db, message.id)
    assert outbox.busy_seconds(db, message.id) == 0
    assert outbox.claim(db, message.id) is None


@pytest.mark.parametrize(
    ("channel", "seconds"), [("email", outbox.LETTER_CLAIM_SECONDS), ("text", outbox.CLAIM_SECONDS)]
)
def test_a_claim_lasts_as_long_as_its_channel_may_take(db: Session, channel: str, seconds: int) -> None:
    offer, message = confirmation(db)
    assert outbox.claim(db, message.id) is not None
    message = world.messages_of(db, offer, "confirm")[0]
    message.channel, message.claimed_at = channel, now() - timedelta(seconds=seconds - 5)
    db.add(message)
    db.flush()
    assert outbox.claim(db, message.id) is None
    assert 0 < outbox.busy_seconds(db, message.id) <= 5
    message.claimed_at = now() + timedelta(hours=1)
    db.flush()
    assert outbox.busy_seconds(db, message.id) == seconds


def test_a_failure_waits_for_another_try_until_it_is_given_up(db: Session) -> None:
    offer, message = confirmation(db)
    outbox.claim(db, message.id)
    outbox.failed(db, message.id, "451 later", final=False)
    kept = world.messages_of(db, offer, "confirm")[0]
    assert (kept.state, kept.attempts, kept.error) == ("created", 1, "451 later")
    outbox.claim(db, message.id)
    outbox.failed(db, message.id, "550 no such user", final=True)
    kept = world.messages_of(db, offer, "confirm")[0]
    assert (kept.state, kept.attempts) == ("failed", 2)
    assert outbox.claim(db, message.id) is None


def test_what_is_no_longer_true_is_dropped(db: Session) -> None:
    offer, message = confirmation(db)
    person = world.person_of(db, offer)
    sign_ups.confirm(db, person, now())
    people.send_link_again(db, person.email)
    people.cancel(db, person)
    [again] = world.messages_of(db, offer, "link")
    assert outbox.claim(db, again.id) is None
    assert world.messages_of(db, offer, "link")[0].state == "dropped"
    assert outbox.claim(db, message.id) is None
    assert world.messages_of(db, offer, "confirm")[0].state == "dropped"
    [cancelled] = world.messages_of(db, offer, "cancelled_by_you")
    envelope = outbox.claim(db, cancelled.id)
    assert envelope is not None
    assert (envelope.kind, envelope.page.status) == ("cancelled_by_you", "cancelled")


def test_nothing_but_the_question_whose_it_is_goes_to_an_unproven_address(db: Session) -> None:
    offer, message = confirmation(db)
    people.cancel(db, world.person_of(db, offer))
    for each in (message, *world.messages_of(db, offer, "cancelled_by_you")):
        assert outbox.claim(db, each.id) is None
    assert world.messages_of(db, offer, "cancelled_by_you")[0].state == "dropped"


def test_a_message_whose_job_was_lost_is_found(db: Session) -> None:
    _, message = confirmation(db)
    assert outbox.waiting(db) == []
    assert outbox.waiting(db, older_than_seconds=0) == [message.id]
    outbox.claim(db, message.id)
    outbox.sent(db, message.id)
    assert outbox.waiting(db, older_than_seconds=0) == []


def test_every_claim_has_a_link_of_its_own(db: Session) -> None:
    _, message = confirmation(db)
    first = outbox.claim(db, message.id)
    outbox.failed(db, message.id, "451 later", final=False)
    second = outbox.claim(db, message.id)
    assert first is not None and second is not None
    assert first.link_token != second.link_token
    assert people.exchange(db, first.link_token) and people.exchange(db, second.link_token)


def test_when_the_day_is_long_over_nothing_goes_out_any_more(db: Session) -> None:
    offer, message = confirmation(db)
    db.add(offer.sqlmodel_update({"day": today() - timedelta(days=3)}))
    db.flush()
    assert outbox.claim(db, message.id) is None
    assert world.messages_of(db, offer, "confirm")[0].state == "dropped"
