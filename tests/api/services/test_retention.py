"""What page one of the forms says about deletion happens."""

from datetime import timedelta

import pytest
from sqlmodel import Session, func, select

from api.services import outbox
from api.services.local import now, today
from api.services.retention import purge
from api.store.tables import Draft, Message, Offer, Person, PrivateLink, PrivateSession, Request
from tests.api import world


def count(db: Session, table: type) -> int:
    return int(db.exec(select(func.count()).select_from(table)).one())


def test_people_go_thirty_days_after_their_day_with_all_that_hangs_on_them(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    old, young = world.add_offer(db, campaign), world.add_request(db, campaign)
    old.day, young.day = today() - timedelta(days=30), today() - timedelta(days=29)
    db.add_all([old, young])
    db.flush()
    assert purge(db).people == 1
    assert [count(db, table) for table in (Person, Offer, Request)] == [1, 0, 1]
    assert [count(db, table) for table in (Message, PrivateLink, PrivateSession)] == [1, 1, 1]


def test_sent_messages_drafts_and_dead_keys_go_and_what_waits_stays(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    sent = world.add_offer(db, campaign)
    waiting = world.add_offer(db, campaign, confirmed=False)
    for message in (*world.messages_of(db, sent, "confirm"), *world.messages_of(db, waiting, "confirm")):
        message.created_at = now() - timedelta(days=8)
        message.sent_at = message.sent_at and now() - timedelta(days=8)
        db.add(message)
    hashes = [outbox.hash_token(text) for text in ("old", "new")]
    db.add(
        Draft(
            token_hash=hashes[0],
            campaign_id=campaign.id,
            updated_at=now() - timedelta(hours=49),
        )
    )
    # Somebody's form was open for a day.
    open_for_a_day = now() - timedelta(hours=25)
    db.add(Draft(token_hash=hashes[1], campaign_id=campaign.id, updated_at=open_for_a_day))
    link = db.exec(select(PrivateLink)).one()
    db.add(link.sqlmodel_update({"expires_at": now() - timedelta(minutes=1)}))
    db.flush()
    purged = purge(db)
    assert (purged.people, purged.messages, purged.drafts, purged.keys) == (0, 1, 1, 1)
    assert [message.person_id for message in db.exec(select(Message)).all()] == [waiting.person_id]


@pytest.mark.parametrize(
    "state,stays",
    [
        ("created", True),
        ("sending", True),
        *((state, False) for state in ("sent", "failed", "unsure", "held", "call", "dropped", "stopped")),
    ],
)
def test_a_message_goes_after_seven_days_unless_it_is_on_its_way(
    db: Session, state: str, stays: bool
) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    sign_up = world.add_offer(db, campaign, confirmed=False)
    old = world.messages_of(db, sign_up, "confirm")[0]
    old.state, old.created_at = state, now() - timedelta(days=7, minutes=1)
    old.sent_at = old.created_at if state == "sent" else None
    db.add(old)
    young = Message(key="young", person_id=sign_up.person_id, campaign_id=campaign.id, kind="matched")
    db.add(young.sqlmodel_update({"state": state, "created_at": now() - timedelta(days=6, hours=23)}))
    db.flush()
    assert purge(db).messages == (0 if stays else 1)
    left = {message.kind for message in db.exec(select(Message)).all()}
    assert left == ({"confirm", "matched"} if stays else {"matched"})
