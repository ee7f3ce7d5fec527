"""The tables refuse by themselves what must never be, whatever the code above them does."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, func, select

from api.services.local import now
from api.store.tables import Event, Message, Offer, Person, Request, Run
from tests.api import world


def count(db: Session, table: type[SQLModel]) -> int:
    return db.exec(select(func.count()).select_from(table)).one()


@pytest.fixture
def rows(db: Session) -> dict[type, dict[str, Any]]:
    """A good row of each kind, as values to change."""
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    event = world.add_event(db, campaign, coordinator)
    offer, request = world.add_offer(db, campaign), world.add_request(db, campaign)
    run = Run(campaign_id=campaign.id, day=world.DAY, started_by=coordinator.id)
    db.add(run)
    db.flush()
    found: list[SQLModel | None] = [db.get(Event, event.id), offer, request, run]
    message = world.messages_of(db, offer, "confirm")[0]
    return {type(row): row.model_dump(exclude={"id"}) for row in (*found, message) if row is not None}


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        (Event, {"ends_at": now() - timedelta(days=400)}, "ends_after_start"),
        (Event, {"wanted": -1}, "counts"),
        (Event, {"capacity": -1}, "counts"),
        (Event, {"weight": 0}, "weight_positive"),
        (Event, {"state": "postponed"}, "state_known"),
        (Offer, {"seats": -1, "reference": "x", "idempotency_key": "x"}, "counts"),
        (Offer, {"reference": "x"}, "idempotency_key"),
        (Offer, {"idempotency_key": "x"}, "reference"),
        (Request, {"party": 0, "reference": "x", "idempotency_key": "x"}, "counts"),
        (Run, {}, "one_run_at_a_time"),
        (Run, {"state": "lost"}, "state_known"),
        (Message, {}, "key"),
        (Message, {"key": "x", "state": "maybe"}, "state_known"),
    ],
)
def test_a_bad_row_is_refused(
    db: Session,
    rows: dict[type, dict[str, Any]],
    table: type[SQLModel],
    change: dict[str, Any],
    constraint: str,
) -> None:
    with pytest.raises(IntegrityError, match=constraint), db.begin_nested():
        db.add(table(**rows[table] | change))
        db.flush()


def test_all_that_hangs_on_somebody_goes_with_them(db: Session, rows: dict[type, dict[str, Any]]) -> None:
    person = db.get(Person, rows[Offer]["person_id"])
    assert person is not None
    before = [count(db, table) for table in (Offer, Message)]
    db.delete(person)
    db.flush()
    assert [count(db, table) for table in (Offer, Message)] == [number - 1 for number in before]
