"""The database notes when answers change, whoever changes them, and plans made before know their ways back."""

from datetime import timedelta
from importlib import import_module

import pytest
from sqlmodel import Session, col, select, text, update

from api.services.local import now
from api.store.tables import Offer, Planned, Request
from tests.api.services.hands.plan import Hands
from tests.api.services.test_publishing import Day

MIGRATION = import_module("api.store.migrations.versions.0020_changed_since")


@pytest.fixture
def day(db: Session) -> Day:
    return Day(db)


def test_an_old_plan_learns_its_ways_back_when_the_tables_change(day: Day) -> None:
    hands = Hands(day)
    hands.take("swap", hands.one, hands.two)
    hands.take("out", hands.c)
    hands.take("out", hands.b)
    hands.undo()
    rows = select(Planned).order_by(col(Planned.sign_up_id)).execution_options(populate_existing=True)
    kept = [(row.sign_up_id, row.back_at) for row in day.db.exec(rows).all()]
    assert sum(back_at is not None for _, back_at in kept) == 4
    day.db.exec(update(Planned).values(back_at=None))
    day.db.connection().execute(text(MIGRATION.BACK))
    assert [(row.sign_up_id, row.back_at) for row in day.db.exec(rows).all()] == kept


@pytest.mark.parametrize(
    ("column", "value", "is_change"),
    [
        ("seats", 1, True), ("traits", ["woman"], True), ("ready_at", now() + timedelta(days=1), True), ("lat", 53.0, True),
        ("plate", "ABC", False), ("state", "cancelled", False), ("unheard_at", now(), False), ("seats", 3, False),
    ],
)  # fmt: skip
def test_the_database_notes_when_answers_change(
    day: Day, column: str, value: object, is_change: bool
) -> None:
    offer = day.offers[0]
    assert (offer.seats, offer.changed_at) == (3, None)
    day.db.exec(update(Offer).where(col(Offer.id) == offer.id).values({column: value}))
    day.db.commit()
    day.db.refresh(offer)
    assert (offer.changed_at is not None) == is_change


def test_all_that_the_solver_is_told_of_somebody_is_noted() -> None:
    """A column that is none of it has to be named here."""
    kept = {
        "id", "reference", "campaign_id", "person_id", "postcode", "precision", "answers", "state", "idempotency_key",
        "body_hash", "created_at", "changed_at", "car", "plate", "unheard_at", "pickup", "may_ask",
    }  # fmt: skip
    for table in (Offer, Request):
        told = set(MIGRATION.TOLD[table.__tablename__].split(", "))
        assert told == set(table.model_fields) - kept
