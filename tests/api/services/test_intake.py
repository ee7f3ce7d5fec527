"""A form becomes an offer or a request once, with its message, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, func, select

from api.errors import Conflict, Invalid
from api.services import campaigns, intake
from api.services.local import local, today
from api.services.views import Received
from api.store.session import open_session
from api.store.tables import Offer, Person, Request
from tests.api import world


def jobs(db: Session) -> int:
    return int(db.connection().execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one())


def test_an_offer_is_kept_with_its_person_message_and_job(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    form = world.offer_form(ready_at="8:30", home_by="18:00", child_seats=2, women_only=True, woman=True)
    received = intake.receive(db, campaign, form, "key")
    offer = db.exec(select(Offer)).one()
    assert received == Received(reference=offer.reference, kind="offer", created=True)
    assert offer.ready_at is not None and offer.home_by is not None
    assert (local(offer.ready_at).time(), local(offer.home_by).time()) == (time(8, 30), time(18))
    assert (offer.offers, offer.traits, offer.company) == ({"child_seat": 2}, ["woman"], ["woman"])
    assert (offer.postcode, offer.precision) == ("WF1 1AA", "district")
    person = world.person_of(db, offer)
    assert (person.phone_typed, person.phone, person.confirmed_at) == ("07700 900123", "+447700900123", None)
    assert [message.state for message in world.messages_of(db, offer, "confirm")] == ["created"]
    assert jobs(db) == 1


def test_nothing_is_kept_when_the_transaction_fails(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    db.commit()
    intake.receive(db, campaign, world.request_form(), "key")
    db.rollback()
    assert db.exec(select(func.count()).select_from(Request)).one() == 0
    assert db.exec(select(func.count()).select_from(Person)).one() == 0
    assert jobs(db) == 0


def test_the_same_key_again_changes_nothing_and_other_answers_are_refused(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    form = world.offer_form()
    first = intake.receive(db, campaign, form, "key")
    again = intake.receive(db, campaign, form, "key")
    assert (again.reference, again.created) == (first.reference, False)
    assert jobs(db) == 1
    with pytest.raises(Conflict):
        intake.receive(db, campaign, form.model_copy(update={"seats": 1}), "key")
    with pytest.raises(Conflict):
        intake.receive(db, campaign, world.request_form(), "key")


def test_fifty_presses_at_once_make_one_offer(engine: Engine, db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    db.commit()
    form = world.offer_form()

    def press(_: int) -> Received:
        with open_session(engine) as own, own.begin():
            return intake.receive(own, campaigns.find(own, campaign.slug), form, "key")

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(press, range(50)))
    assert len({answer.reference for answer in answers}) == 1
    assert sum(answer.created for answer in answers) == 1
    assert db.exec(select(func.count()).select_from(Offer)).one() == 1
    assert jobs(db) == 1


def test_a_day_without_an_event_and_an_event_that_is_off_are_refused_by_field(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    on, off = (world.add_event(db, campaign, coordinator) for _ in range(2))
    campaigns.cancel_event(db, campaign, coordinator, off.id)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"day": world.DAY + timedelta(days=1)}, "day"),
        ({"day": today() - timedelta(days=1)}, "day"),
        ({"event_ids": [off.id]}, "event_ids"),
        ({"event_ids": [on.id, uuid4()]}, "event_ids"),
    ]
    for changes, field in cases:
        with pytest.raises(Invalid) as caught:
            intake.receive(db, campaign, world.request_form(**changes), "key")
        assert list(caught.value.errors) == [field]
    kept = intake.receive(db, campaign, world.request_form(event_ids=[on.id]), "key")
    assert kept.created
    assert db.exec(select(Request)).one().event_ids == [str(on.id)]


def test_a_closed_campaign_takes_nothing(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    campaigns.set_open(db, campaign, coordinator, False)
    with pytest.raises(Conflict, match=r"team@example\.org"):
        intake.receive(db, campaign, world.offer_form(), "key")
