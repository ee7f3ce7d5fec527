"""The private link: a key of one person, kept as a hash, exchanged by a press."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from api.services import outbox, people
from api.services.local import now
from api.store.tables import Person, PrivateLink, PrivateSession
from tests.api import world


def test_a_link_confirms_the_address_and_opens_one_persons_page(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, confirmed=False)
    assert people.page(db, world.person_of(db, offer)).status == "unconfirmed"
    cookie = world.confirm(db, offer)
    person = people.person_of(db, cookie)
    assert person is not None and person.id == offer.person_id and person.confirmed_at is not None
    page = people.page(db, person)
    assert (page.status, page.sign_up.reference, page.lift) == ("waiting", offer.reference, None)
    assert page.deleted_on == world.DAY + timedelta(days=30)


def test_only_hashes_are_stored_and_each_token_has_128_bits(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, confirmed=False)
    envelope = outbox.claim(db, world.messages_of(db, offer, "confirm")[0].id)
    assert envelope is not None
    assert len(envelope.link_token) == 22
    cookie = people.exchange(db, envelope.link_token)
    assert db.exec(select(PrivateLink)).one().token_hash == outbox.hash_token(envelope.link_token)
    assert db.exec(select(PrivateSession)).one().token_hash == outbox.hash_token(cookie)
    message = world.messages_of(db, offer, "confirm")[0]
    assert envelope.link_token not in message.model_dump_json()


@pytest.mark.parametrize("change", [{"revoked_at": now()}, {"expires_at": now()}])
def test_a_link_that_was_revoked_or_has_run_out_opens_nothing(db: Session, change: dict[str, object]) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign, confirmed=False)
    envelope = outbox.claim(db, world.messages_of(db, offer, "confirm")[0].id)
    assert envelope is not None
    link = db.exec(select(PrivateLink)).one()
    db.add(link.sqlmodel_update(change))
    db.flush()
    with pytest.raises(people.LinkUnknown) as known:
        people.exchange(db, envelope.link_token)
    with pytest.raises(people.LinkUnknown) as unknown:
        people.exchange(db, "never given to anybody")
    assert known.value.message == unknown.value.message
    assert db.exec(select(Person)).one().confirmed_at is None


def test_a_forgotten_cookie_opens_nothing(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    cookie = world.confirm(db, world.add_offer(db, campaign, confirmed=False))
    people.forget(db, cookie)
    assert people.person_of(db, cookie) is None


def test_signing_up_again_means_the_newer_answers_but_only_once_confirmed(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    first = world.add_offer(db, campaign, email="dora@example.org")
    spouse = world.add_request(db, campaign, email="dora@example.org", name="Sam Driver")
    second = world.add_offer(db, campaign, email="Dora@example.org", seats=1, confirmed=False)
    db.refresh(first)
    assert first.state == "active"
    world.confirm(db, second)
    for row in (first, spouse, second):
        db.refresh(row)
    assert (first.state, spouse.state, second.state) == ("replaced", "active", "active")


def test_cancelling_twice_sends_one_confirmation(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    offer = world.add_offer(db, campaign)
    person = world.person_of(db, offer)
    people.cancel(db, person)
    people.cancel(db, person)
    assert people.page(db, person).status == "cancelled"
    assert len(world.messages_of(db, offer, "cancelled_by_you")) == 1
