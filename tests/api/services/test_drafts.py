"""Drafts: what somebody has answered is there on the next page, for this browser alone, until it is sent."""

from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.services import drafts
from api.store.session import open_session
from api.store.tables import Campaign, Draft


@pytest.fixture
def campaign_id(db: Session) -> UUID:
    campaign = Campaign(
        slug="polling-day", name="Polling day", organiser="Ada", contact_email="ada@example.org"
    )
    db.add(campaign)
    db.commit()
    return campaign.id


def test_answers_add_up_over_the_pages_and_the_key_stays(db: Session, campaign_id: UUID) -> None:
    token = drafts.new_token()
    first = drafts.save(db, token, campaign_id, {"postcode": "LS6 2AB", "party": 1}).id
    second = drafts.save(db, token, campaign_id, {"party": 2})
    assert (second.id, second.answers) == (first, {"postcode": "LS6 2AB", "party": 2})
    db.commit()
    db.expunge_all()
    found = drafts.load(db, token, campaign_id)
    assert found is not None and found.answers == {"postcode": "LS6 2AB", "party": 2}


def test_a_draft_is_found_by_its_token_and_its_campaign_only(db: Session, campaign_id: UUID) -> None:
    token = drafts.new_token()
    drafts.save(db, token, campaign_id, {"party": 1})
    assert drafts.load(db, drafts.new_token(), campaign_id) is None
    assert drafts.load(db, None, campaign_id) is None
    assert drafts.load(db, token, UUID(int=0)) is None


def test_the_token_itself_is_nowhere_in_the_row(db: Session, campaign_id: UUID) -> None:
    token = drafts.new_token()
    draft = drafts.save(db, token, campaign_id, {})
    assert token.encode() not in draft.token_hash
    assert len(draft.token_hash) == 32
    assert len(token) * 6 >= 128


def test_a_discarded_draft_is_gone(db: Session, campaign_id: UUID) -> None:
    token = drafts.new_token()
    drafts.save(db, token, campaign_id, {"party": 1})
    drafts.discard(db, token, campaign_id)
    drafts.discard(db, None, campaign_id)
    assert drafts.load(db, token, campaign_id) is None


def test_two_tabs_at_once_keep_the_answers_of_both(engine: Engine, db: Session, campaign_id: UUID) -> None:
    token = drafts.new_token()

    def answer(number: int) -> None:
        with open_session(engine) as own, own.begin():
            drafts.save(own, token, campaign_id, {f"answer_{number}": number})

    tabs = [Thread(target=answer, args=(number,)) for number in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    (draft,) = db.exec(select(Draft)).all()
    assert draft.answers == {f"answer_{number}": number for number in range(8)}
