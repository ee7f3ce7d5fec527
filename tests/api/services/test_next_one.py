"""Tell me about the next one: a consent of its own for 12 months, which outlives the data of the day."""

import base64
import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from api.errors import Conflict, Invalid
from api.services import my_data, next_one, people, retention
from api.services.local import now, today
from api.store.tables import AuditEntry, Campaign, Coordinator, NextOne, Offer, Person
from tests.api import world


@pytest.fixture
def staff(db: Session) -> Coordinator:
    return world.add_coordinator(db)


@pytest.fixture
def campaign(db: Session, staff: Coordinator) -> Campaign:
    made = world.add_campaign(db, staff)
    world.add_event(db, made, staff)
    return made


@pytest.fixture
def offer(db: Session, campaign: Campaign) -> Offer:
    return world.add_offer(db, campaign)


@pytest.fixture
def person(db: Session, offer: Offer) -> Person:
    return world.person_of(db, offer)


def rows(db: Session) -> list[NextOne]:
    return list(db.exec(select(NextOne).execution_options(populate_existing=True)).all())


def test_nobody_is_on_the_list_who_did_not_say_so(db: Session, person: Person) -> None:
    assert rows(db) == []
    asked = next_one.of(db, person)
    assert (asked.may_agree, asked.until) == (True, None)


def test_who_agrees_is_kept_for_a_year_once_with_the_wording(db: Session, person: Person) -> None:
    for _ in range(2):
        next_one.agree(db, person, next_one.WORDING_VERSION)
    (row,) = rows(db)
    assert (row.name, row.channel, row.address) == ("Dora Driver", "email", person.email)
    assert row.consent_version == next_one.WORDING_VERSION
    assert row.expires_at - row.consent_at <= timedelta(days=365, seconds=1)
    asked = next_one.of(db, person)
    assert asked.until is not None
    assert my_data.of(db, person)["next_one"] == {"until": asked.until}


def test_a_wording_that_was_not_shown_and_an_address_that_is_not_proven(
    db: Session, campaign: Campaign
) -> None:
    unproven = world.person_of(db, world.add_offer(db, campaign, confirmed=False))
    assert not next_one.of(db, unproven).may_agree
    with pytest.raises(Conflict):
        next_one.agree(db, unproven, next_one.WORDING_VERSION)
    proven = world.person_of(db, world.add_offer(db, campaign))
    with pytest.raises(Conflict):
        next_one.agree(db, proven, "0")
    assert rows(db) == []


def test_it_outlives_the_person_and_goes_after_a_year(db: Session, offer: Offer, person: Person) -> None:
    next_one.agree(db, person, next_one.WORDING_VERSION)
    offer.day = today() - timedelta(days=40)
    db.add(offer)
    db.flush()
    assert retention.purge(db).people == 1
    (row,) = rows(db)
    row.expires_at = now() + timedelta(minutes=1)
    db.add(row)
    db.flush()
    assert (retention.purge(db).agreements, len(rows(db))) == (0, 1)
    db.add(row.sqlmodel_update({"expires_at": now() - timedelta(seconds=1)}))
    db.flush()
    assert (retention.purge(db).agreements, rows(db)) == (1, [])


def test_it_is_taken_back_on_the_page_and_by_erasing(db: Session, campaign: Campaign, person: Person) -> None:
    other = world.person_of(db, world.add_offer(db, campaign))
    for each in (person, other):
        next_one.agree(db, each, next_one.WORDING_VERSION)
    next_one.forget(db, person)
    assert [row.address for row in rows(db)] == [other.email]
    next_one.agree(db, person, next_one.WORDING_VERSION)
    email = other.email
    people.erase(db, person)
    assert [row.address for row in rows(db)] == [email]


def test_what_has_run_out_does_not_keep_anybody_from_agreeing_again(db: Session, person: Person) -> None:
    next_one.agree(db, person, next_one.WORDING_VERSION)
    db.add(rows(db)[0].sqlmodel_update({"expires_at": now() - timedelta(seconds=1)}))
    db.flush()
    assert next_one.of(db, person).until is None
    next_one.agree(db, person, next_one.WORDING_VERSION)
    assert len(rows(db)) == 1
    assert next_one.of(db, person).until is not None


def test_the_link_in_a_message_takes_it_back_and_no_other_does(
    db: Session, campaign: Campaign, person: Person
) -> None:
    other = world.person_of(db, world.add_offer(db, campaign))
    for each in (person, other):
        next_one.agree(db, each, next_one.WORDING_VERSION)
    mine = next(row for row in rows(db) if row.address == person.email)
    token = next_one.token_of(mine.id)
    bare = base64.urlsafe_b64encode(mine.id.bytes + bytes(16)).rstrip(b"=").decode()
    for wrong in (
        "",
        "x",
        bare,
        token[:-3],
        token + "AAAA",
        token.swapcase(),
        str(mine.id),
        "ä" * 43,
        "=" * 8,
    ):
        next_one.stop(db, wrong)
    next_one.stop(db, next_one.token_of(uuid4()))
    assert len(rows(db)) == 2
    for _ in range(2):
        next_one.stop(db, token)
    assert [row.address for row in rows(db)] == [other.email]


def test_the_list_is_answered_for_recorded_and_of_this_campaign_alone(
    db: Session, campaign: Campaign, staff: Coordinator, person: Person
) -> None:
    elsewhere = world.add_campaign(db, staff, "Elsewhere")
    world.add_event(db, elsewhere, staff)
    stranger = world.person_of(db, world.add_offer(db, elsewhere))
    for each in (person, stranger):
        next_one.agree(db, each, next_one.WORDING_VERSION)
    with pytest.raises(Invalid):
        next_one.table(db, campaign, staff, agreed=False)
    file = next_one.table(db, campaign, staff, agreed=True)
    (line,) = csv.DictReader(io.StringIO(file.read().decode("utf-8-sig")))
    file.close()
    assert (line["First name"], line["By"], line["Address"]) == ("Dora Driver", "e-mail", person.email)
    token = line["Link to stop, for each message"].rsplit("/no-more/", 1)[1]
    next_one.stop(db, token)
    assert [row.address for row in rows(db)] == [stranger.email]
    assert next_one.count(db, campaign) == 0
    db.commit()
    said = [entry.what for entry in db.exec(select(AuditEntry)).all()]
    assert said.count("list for the next one exported") == 1
