"""Closing a coordinator's account: nothing of who they were is left, and the record holds."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from api.errors import Conflict, NotFound
from api.services import campaigns, leaving, login, record
from api.services.local import today
from api.store.tables import AuditEntry, Coordinator, Event, Membership, RecoveryCode
from tests.api import world
from tests.api.app_codes import set_up
from tests.api.pages.scene import PASSWORD

EMAIL, NAME = "ann.canary@example.org", "Ann Canary"


@pytest.fixture
def ann(db: Session) -> Coordinator:
    made = login.add_coordinator(db, EMAIL, NAME, PASSWORD)
    set_up(db, made)
    return made


def test_nothing_of_who_they_were_is_left(db: Session, ann: Coordinator) -> None:
    owner = world.add_coordinator(db)
    campaign = world.add_campaign(db, owner)
    db.add(Membership(coordinator_id=ann.id, campaign_id=campaign.id, role="owner"))
    world.add_event(db, campaign, ann)
    token = login.begin(db, ann, "cookie")
    db.commit()
    assert leaving.close_account(db, " Ann.Canary@Example.org ") == NAME
    db.commit()
    for table in SQLModel.metadata.sorted_tables:
        for row in db.connection().execute(text(f'SELECT * FROM "{table.name}"')).all():  # noqa: S608
            assert "canary" not in str(row).lower(), table.name
    db.refresh(ann)
    assert ann.disabled_at is not None and ann.name.startswith("Somebody who left")
    assert db.exec(select(RecoveryCode)).all() == []
    assert [row.coordinator_id for row in db.exec(select(Membership)).all()] == [owner.id]
    for email in (EMAIL, ann.email):
        with pytest.raises(login.WrongLogin):
            login.verified(db, email, PASSWORD)
    assert login.coordinator_of(db, token, "cookie") is None
    # What they did is still theirs by id, and the chain is whole.
    done = [entry.what for entry in db.exec(select(AuditEntry)).all() if entry.coordinator_id == ann.id]
    assert "event added" in done and "account closed" in done
    assert record.verify(db).broken_at is None
    # The same address may have an account again.
    assert login.add_coordinator(db, EMAIL, NAME, PASSWORD).id != ann.id


def test_the_last_owner_of_what_is_to_come_stays(db: Session, ann: Coordinator) -> None:
    campaign = world.add_campaign(db, ann)
    event = world.add_event(db, campaign, ann)
    db.commit()
    with pytest.raises(Conflict, match="last owner of Polling day"):
        leaving.close_account(db, EMAIL)
    db.rollback()
    assert login.verified(db, EMAIL, PASSWORD).name == NAME
    row = db.get(Event, event.id)
    assert row is not None
    db.add(row.sqlmodel_update({"day": today() - timedelta(days=1)}))
    db.flush()
    leaving.close_account(db, EMAIL)
    assert campaigns.find(db, campaign.slug), "the campaign stays"


def test_nobody(db: Session) -> None:
    with pytest.raises(NotFound):
        leaving.close_account(db, "nobody@example.org")
