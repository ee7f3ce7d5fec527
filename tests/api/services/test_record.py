"""Tampering with the record shows, and a campaign's part of it can be looked through."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from api.services import audit, record
from api.services.local import today
from api.services.record import Filter
from api.store.tables import Campaign, Coordinator, Host, now
from tests.api import world

UNGUARD = "ALTER TABLE audit DISABLE TRIGGER record_stays"


@pytest.fixture
def ann(db: Session) -> Coordinator:
    return world.add_coordinator(db, "Ann")


@pytest.fixture
def campaign(db: Session, ann: Coordinator) -> Campaign:
    """With five entries beside the one of its beginning."""
    campaign = world.add_campaign(db, ann)
    for number in range(5):
        what = "rules changed" if number % 2 else "number looked at"
        audit.record(db, ann, what, campaign_id=campaign.id, subject_id=ann.id)
    db.commit()
    return campaign


@pytest.mark.parametrize(
    ("statement", "at", "why"),
    [
        ("UPDATE audit SET what = 'nothing much' WHERE id = 3", 3, "changed"),
        ("UPDATE audit SET subject_id = NULL WHERE id = 3", 3, "changed"),
        ("UPDATE audit SET at = at + interval '1 microsecond' WHERE id = 3", 3, "changed"),
        ("UPDATE audit SET hash = sha256('x') WHERE id = 3", 3, "changed"),
        ("DELETE FROM audit WHERE id = 3", 4, "missing or was put in"),
        ("DELETE FROM audit WHERE id = 1", 2, "missing or was put in"),
        ("UPDATE audit SET id = CASE id WHEN 3 THEN 104 ELSE id END", 4, "missing or was put in"),
        (
            "INSERT INTO audit SELECT 100, at, coordinator_id, campaign_id, what, subject_id, host_id, previous, hash"
            " FROM audit WHERE id = 3",
            100,
            "missing or was put in",
        ),
    ],
)
def test_whoever_gets_past_the_guard_is_seen(
    db: Session, campaign: Campaign, statement: str, at: int, why: str
) -> None:
    db.connection().execute(text(UNGUARD))
    db.connection().execute(text(statement))
    db.expire_all()
    found = record.verify(db)
    assert found.broken_at == at and why in found.why


def test_what_was_cut_off_at_the_end_is_seen_by_what_was_noted(db: Session, campaign: Campaign) -> None:
    noted = record.verify(db)
    assert (noted.entries, noted.last, noted.broken_at) == (6, 6, None)
    assert record.holds(db, noted.last, noted.hash)
    db.connection().execute(text(UNGUARD))
    db.connection().execute(text("DELETE FROM audit WHERE id = 6"))
    db.expire_all()
    assert record.verify(db).broken_at is None
    assert not record.holds(db, noted.last, noted.hash)


def test_an_empty_record_holds(db: Session) -> None:
    assert (record.verify(db).entries, record.verify(db).broken_at) == (0, None)


def test_a_campaigns_record_is_its_own_newest_first(
    db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    world.add_campaign(db, ann, "Another")
    db.commit()
    found = record.page(db, campaign, Filter(), 1)
    assert [entry.number for entry in found.entries] == [6, 5, 4, 3, 2, 1]
    assert {entry.who for entry in found.entries} == {"Ann"}
    assert found.what == ("campaign created", "number looked at", "rules changed")
    assert found.entries[0].about == ann.id.hex[:8] and found.entries[-1].about == ""


def test_it_is_looked_through_by_person_what_and_day(
    db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    bob = world.add_coordinator(db, "Bob")
    audit.record(db, bob, "rules changed", campaign_id=campaign.id)
    host = Host(campaign_id=campaign.id, event_id=campaign.id, name="Hana", email="hana@example.org")
    audit.record(db, host, "rider no_show", campaign_id=campaign.id)
    db.commit()

    def counted(wanted: Filter) -> int:
        return record.page(db, campaign, wanted, 1).total

    assert counted(Filter(who=str(bob.id))) == 1
    assert counted(Filter(what="rules changed")) == 3
    assert counted(Filter(who=str(ann.id), what="rules changed", day=today())) == 2
    assert counted(Filter(day=today() - timedelta(days=1))) == 0
    (entry,) = record.page(db, campaign, Filter(who=record.HOSTS), 1).entries
    assert (entry.who, entry.what) == ("A host", "rider no show")


def test_it_comes_in_pages_of_fifty(db: Session, ann: Coordinator, campaign: Campaign) -> None:
    for _ in range(100):
        audit.record(db, ann, "number looked at", campaign_id=campaign.id)
    db.commit()
    first, last = (record.page(db, campaign, Filter(), number) for number in (1, 999))
    assert (first.total, first.pages, len(first.entries)) == (106, 3, 50)
    assert (last.page, [entry.number for entry in last.entries]) == (3, [6, 5, 4, 3, 2, 1])


def test_an_entry_is_dated_when_it_was_done(db: Session, ann: Coordinator, campaign: Campaign) -> None:
    (newest, *_) = record.page(db, campaign, Filter(), 1).entries
    assert timedelta(0) <= now() - newest.at < timedelta(minutes=1)
