"""How many texts and letters go out in a day, to one number or mailbox, in one campaign, in all; more wait in plain sight."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.services import allowance, counting, day_messages, local, outbox, people
from api.settings import Settings
from api.store.session import open_session
from api.store.tables import Attempt, Campaign, Message, Offer
from tests.api import world

NUMBER, OTHER = "+447700900123", "+447700900456"


@pytest.fixture
def campaign(db: Session) -> Campaign:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    db.commit()
    return campaign


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Settings(sms_a_day=5, sms_a_day_campaign=4, sms_a_day_number=2)
    monkeypatch.setattr(allowance, "settings", lambda: limits)


def take(db: Session, number: str, campaign: Campaign, times: int, kind: str = "link") -> list[str | None]:
    return [allowance.take(db, number, campaign.id, kind, "text") for _ in range(times)]


def by_text(db: Session, campaign: Campaign, **changes: Any) -> Offer:
    return world.add_offer(db, campaign, reach="text", email="", confirmed=False, **changes)


def first(db: Session, offer: Offer) -> Message:
    return world.messages_of(db, offer, "confirm")[0]


@pytest.mark.usefixtures("few")
def test_each_limit_holds_and_says_which_it_is(db: Session, campaign: Campaign) -> None:
    *two, third = take(db, NUMBER, campaign, 3)
    assert two == [None, None] and "2 text messages in 24 hours to one number" in str(third)
    *two, fifth = [*take(db, OTHER, campaign, 2), *take(db, "+447700900789", campaign, 1)]
    assert two == [None, None] and "4 text messages in 24 hours for one campaign" in str(fifth)
    elsewhere = world.add_campaign(db, world.add_coordinator(db), "Another")
    *one, last = take(db, "+447700900789", elsewhere, 2)
    assert one == [None] and "5 text messages in 24 hours for the whole service" in str(last)


@pytest.mark.usefixtures("few")
def test_what_a_limit_refuses_counts_nowhere(db: Session, campaign: Campaign) -> None:
    take(db, NUMBER, campaign, 2)
    counted = len(db.exec(select(Attempt)).all())
    take(db, NUMBER, campaign, 10)
    assert len(db.exec(select(Attempt)).all()) == counted == 6
    allowance.give_back(db, NUMBER, campaign.id, "link", "text")
    assert len(db.exec(select(Attempt)).all()) == 3
    assert take(db, NUMBER, campaign, 1) == [None]


@pytest.mark.usefixtures("few")
def test_a_day_later_there_is_room_again(
    db: Session, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(db, NUMBER, campaign, 2)
    later = local.now() + allowance.DAY + timedelta(seconds=1)
    monkeypatch.setattr(allowance, "now", lambda: later)
    assert take(db, NUMBER, campaign, 1) == [None]


def test_whose_number_it_is_not_known_yet_is_asked_three_times_a_day(db: Session, campaign: Campaign) -> None:
    *three, fourth = take(db, NUMBER, campaign, 4, "confirm")
    assert three == [None] * 3 and "not confirmed" in str(fourth)
    assert take(db, NUMBER, campaign, 1) == [None], "other texts to it are another matter"


@pytest.mark.usefixtures("few")
def test_no_number_is_kept(db: Session, campaign: Campaign) -> None:
    take(db, NUMBER, campaign, 1, "confirm")
    for row in db.exec(select(Attempt)).all():
        assert b"7700" not in row.who and "7700" not in row.what


@pytest.mark.usefixtures("few")
def test_many_at_once_do_not_all_pass(engine: Engine, campaign: Campaign) -> None:
    campaign_id = campaign.id

    def one(number: int) -> bool:
        with open_session(engine) as own, own.begin():
            return allowance.take(own, f"+4477009001{number:02}", campaign_id, "link", "text") is None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(16))) == 4


@pytest.mark.usefixtures("few")
def test_a_text_that_is_kept_back_waits_in_plain_sight_and_goes_out_later(
    db: Session, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = [by_text(db, campaign) for _ in range(3)]
    claimed = [outbox.claim(db, first(db, offer).id) for offer in offers]
    assert [envelope is not None for envelope in claimed] == [True, True, False]
    message = first(db, offers[2])
    assert message.state == "held" and "24 hours to one number" in (message.error or "")
    assert counting.counts(db, campaign, world.DAY).messages_held == 1
    (shown,) = day_messages.listed(db, campaign, world.DAY, day_messages.read({"state": "held"}), 1).rows
    assert (shown.state, shown.channel) == ("held", "text")
    assert message.id not in outbox.waiting(db), "not looked at again at once"

    soon = local.now() + timedelta(seconds=outbox.HELD_SECONDS + 1)
    monkeypatch.setattr(outbox, "now", lambda: soon)
    assert message.id in outbox.waiting(db, older_than_seconds=0)
    assert outbox.claim(db, message.id) is None
    allowance.give_back(db, NUMBER, campaign.id, "link", "text")
    assert outbox.claim(db, message.id) is not None


@pytest.mark.usefixtures("few")
def test_what_did_not_leave_does_not_count_and_what_may_have_does(db: Session, campaign: Campaign) -> None:
    offer = by_text(db, campaign)
    message = first(db, offer)
    for _ in range(5):
        assert outbox.claim(db, message.id) is not None
        outbox.failed(db, message.id, "500", final=False)
    for _ in range(2):
        assert outbox.claim(db, message.id) is not None
        outbox.unsure(db, message.id, "cut off", final=False)
    assert outbox.claim(db, message.id) is None
    assert first(db, offer).state == "held"


@pytest.mark.usefixtures("few")
def test_to_erase_everything_and_begin_anew_sends_no_more_texts_to_a_stranger(
    db: Session, campaign: Campaign
) -> None:
    for _ in range(4):
        offer = by_text(db, campaign)
        outbox.claim(db, first(db, offer).id)
        people.erase(db, world.person_of(db, offer))
    offer = by_text(db, campaign)
    assert outbox.claim(db, first(db, offer).id) is None


@pytest.mark.usefixtures("few")
def test_letters_to_readers_of_their_own_have_no_such_limit(db: Session, campaign: Campaign) -> None:
    for _ in range(6):
        offer = world.add_offer(db, campaign, confirmed=False)
        assert outbox.claim(db, first(db, offer).id) is not None


def test_a_strangers_mailbox_is_not_flooded_however_its_address_is_written(
    db: Session, campaign: Campaign
) -> None:
    written = [f"sam{'+' * (number % 3 > 0)}{'x' * (number % 3)}@Example.org" for number in range(12)]
    offers = [world.add_offer(db, campaign, confirmed=False, email=email) for email in written]
    claimed = [outbox.claim(db, first(db, offer).id) is not None for offer in offers]
    assert claimed == [True] * allowance.LETTERS_A_DAY + [False] * 2
    message = first(db, offers[-1])
    assert message.state == "held" and "10 letters in 24 hours" in (message.error or "")
    other = world.add_offer(db, campaign, confirmed=False, email="sa@example.org")
    assert outbox.claim(db, first(db, other).id) is not None, "another's mailbox"
    outbox.failed(db, first(db, offers[0]).id, "421", final=False)
    assert outbox.claim(db, message.id) is not None, "what did not leave does not count"


def test_links_asked_for_again_are_counted_by_themselves(db: Session, campaign: Campaign) -> None:
    kinds = ["confirm"] * 11 + ["link"] * 11 + ["matched"] * 11
    taken = [allowance.take(db, "sam@example.org", campaign.id, kind, "email") is None for kind in kinds]
    assert taken == [True] * 10 + [False] + [True] * 10 + [False] + [True] * 11
