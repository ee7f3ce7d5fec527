"""How people are reached: by e-mail or by text, each proven by itself, and never by one that is not."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from api.services import forms, outbox, people, plain, tidy, truth
from api.services.outbox import Envelope
from api.settings import Settings
from api.store.tables import Campaign, Message, Offer, Person, PrivateLink, Request
from tests.api import world

BY_TEXT: dict[str, Any] = {"reach": "text", "email": ""}
MOBILE = "+447700900123"


@pytest.fixture
def campaign(db: Session) -> Campaign:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    return campaign


def refused(**changes: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        forms.Contact.model_validate({"name": "Ada", "email": "ada@example.org", **changes})
    return plain.in_words(caught.value)


def claimed(db: Session, sign_up: Offer | Request, kind: str) -> Envelope:
    """The newest message of this kind, taken for sending."""
    envelope = outbox.claim(db, world.messages_of(db, sign_up, kind)[-1].id)
    assert envelope is not None
    return envelope


def test_a_mobile_number_alone_will_do_and_so_will_an_address() -> None:
    assert forms.Contact(name="Ada", reach="text", phone="07700 900123").email == ""
    assert forms.Contact(name="Ada", email="ada@example.org").reach == "email"
    assert forms.Contact(name="Ada", reach="text", phone="07400 123456", email="a@b.org.uk").email
    assert tidy.mobile("07400 123456") == "+447400123456"


@pytest.mark.parametrize(
    "typed",
    ["0113 496 2345", "020 7946 0000", "070 1234 5678", "07640 123456", "07797 712345", "07624 312345"],
    ids=["leeds", "london", "personal", "pager", "jersey", "isle of man"],
)
def test_a_number_that_gets_no_texts_has_a_kind_answer_but_is_good_to_ring(typed: str) -> None:
    assert refused(reach="text", phone=typed) == {"phone": plain.NO_MOBILE}
    assert "choose e-mail" in plain.NO_MOBILE
    if typed.startswith(("01", "02")):
        assert forms.Contact(name="Ada", email="ada@example.org", phone=typed).phone == typed


def test_what_is_needed_for_the_way_that_was_chosen_is_asked_for_where_it_belongs() -> None:
    assert refused(reach="text", phone="") == {"phone": plain.MOBILE_MISSING}
    assert refused(reach="text", phone="12") == {"phone": plain.PLAIN["phone"]}
    assert refused(reach="email", email="") == {"email": plain.PLAIN["email"]}
    assert refused(reach="text", email="ada@", phone="07700 900123") == {"email": plain.PLAIN["email"]}
    assert refused(reach="pigeon") == {"reach": plain.PLAIN["reach"]}


def test_texts_are_chosen_only_where_there_is_a_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    values: dict[str, Any] = {"environment": "production", "secret_key": "k" * 40}
    server = Settings(**values, base_url="https://lifts.org.uk")
    monkeypatch.setattr(forms, "settings", lambda: server)
    assert refused(reach="text", phone="07400 123456") == {"reach": plain.NO_TEXTS}


def test_drama_numbers_only_where_a_setting_allows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidy, "settings", lambda: Settings(test_phone_numbers=False))
    assert refused(reach="text", phone="07700 900123") == {"phone": plain.PLAIN["phone"]}


def test_who_gives_only_a_mobile_hears_by_text_from_the_first_message_on(
    db: Session, campaign: Campaign
) -> None:
    offer = world.add_offer(db, campaign, confirmed=False, **BY_TEXT)
    envelope = claimed(db, offer, "confirm")
    assert (envelope.channel, envelope.to) == ("text", MOBILE)
    assert people.exchange(db, envelope.link_token)
    person = world.person_of(db, offer)
    assert person.confirmed_at and person.phone_confirmed_at and not person.email_confirmed_at
    people.cancel(db, person)
    assert (claimed(db, offer, "cancelled_by_you").channel, envelope.to) == ("text", MOBILE)


@pytest.mark.parametrize("reach", ["email", "text"])
def test_to_prove_the_one_does_not_open_the_other(db: Session, campaign: Campaign, reach: str) -> None:
    request = world.add_request(db, campaign, confirmed=False, reach=reach, phone="07700 900123")
    person = world.person_of(db, request)
    other = "text" if reach == "email" else "email"
    people.exchange(db, claimed(db, request, "confirm").link_token)
    assert (truth.is_proven(person, reach), truth.is_proven(person, other)) == (True, False)
    key = f"by the other way: {request.id}"
    outbox.queue(db, person.id, campaign.id, "link", key=key, subject_id=request.id, channel=other)
    [message] = world.messages_of(db, request, "link")
    assert outbox.claim(db, message.id) is None
    assert world.messages_of(db, request, "link")[0].state == "dropped"


def test_the_other_is_proven_by_a_link_that_went_there(db: Session, campaign: Campaign) -> None:
    """Asked for by whoever has it in hand; it tells them nothing but that somebody gave the number."""
    request = world.add_request(db, campaign, phone="07700 900123")
    person = world.person_of(db, request)
    people.send_link_again(db, "+44 7700 900 123")
    envelope = claimed(db, request, "confirm")
    assert (envelope.channel, envelope.to) == ("text", MOBILE)
    people.exchange(db, envelope.link_token)
    assert person.phone_confirmed_at and person.email_confirmed_at
    assert truth.channel_to(person) == "email", "as they prefer"
    people.send_link_again(db, "07700900123")
    assert world.messages_of(db, request, "link") == [], "once an hour"


def test_the_link_goes_where_it_was_asked_for_and_nowhere_for_a_landline(
    db: Session, campaign: Campaign
) -> None:
    request = world.add_request(db, campaign, email="ada@example.org", phone="0113 496 2345")
    for typed in ("0113 496 2345", "+441134962345", "", "@", "+44", "\x00"):
        people.send_link_again(db, typed)
    assert len(world.messages_of(db, request, "confirm")) == 1
    assert world.messages_of(db, request, "link") == []
    people.send_link_again(db, "ADA@example.org ")
    assert claimed(db, request, "link").to == "ada@example.org"


def test_an_unproven_preference_waits_for_its_proof(db: Session, campaign: Campaign) -> None:
    request = world.add_request(db, campaign, confirmed=False, reach="text", phone="07700 900123")
    person = world.person_of(db, request)
    assert truth.channel_to(person) == "text"
    people.send_link_again(db, person.email)
    people.exchange(db, claimed(db, request, "confirm").link_token)
    assert truth.channel_to(person) == "email", "the number may be anybody's"


def test_whoever_proves_a_number_means_their_newer_answers_and_nobody_elses(
    db: Session, campaign: Campaign
) -> None:
    first = world.add_offer(db, campaign, **BY_TEXT)
    typed_only = world.add_offer(db, campaign, email="dora@example.org")
    second = world.add_offer(db, campaign, **BY_TEXT, confirmed=False)
    for row in (first, typed_only):
        db.refresh(row)
    assert (first.state, typed_only.state) == ("active", "active"), "a number that was typed proves nothing"
    world.confirm(db, second)
    for row in (first, typed_only, second):
        db.refresh(row)
    assert (first.state, typed_only.state, second.state) == ("replaced", "active", "active")


def test_a_link_remembers_which_way_it_went(db: Session, campaign: Campaign) -> None:
    for changes in (BY_TEXT, {}):
        claimed(db, world.add_offer(db, campaign, confirmed=False, **changes), "confirm")
    assert sorted(db.exec(select(PrivateLink.channel)).all()) == ["email", "text"]
    assert sorted(db.exec(select(Message.channel)).all()) == ["email", "text"]
    assert {row.reach for row in db.exec(select(Person)).all()} == {"email", "text"}
