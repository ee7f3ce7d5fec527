"""What a publishing writes by statements for all at once: by which channel everybody is told, and nothing left behind."""

from itertools import product

import pytest
from sqlmodel import Session, select, text

from api.services import publishing
from api.services.truth import channel_to
from api.store.tables import Message
from tests.api import world
from tests.api.services.publish_scenes import first
from tests.api.services.test_publishing import Day


@pytest.fixture
def day(db: Session) -> Day:
    return Day(db)


def test_everybody_is_told_by_the_channel_that_any_message_goes_by(day: Day) -> None:
    """In one statement for all of them: the rule is written there once more."""
    run_id = first(day)
    at = day.offers[0].created_at
    cases = list(product(("email", "text", "call"), (None, at), (None, at)))
    made = [world.add_request(day.db, day.campaign, name="Rider9 Private") for _ in cases]
    for row, (reach, email, phone) in zip(made, cases, strict=True):
        person = world.person_of(day.db, row)
        person.phone = "+447700900456"
        person.reach, person.email_confirmed_at, person.phone_confirmed_at = reach, email, phone
        day.db.add(person)
    publishing.publish(day.db, day.campaign, run_id, day.coordinator)
    for row in made:
        message = day.db.exec(
            select(Message).where(Message.person_id == row.person_id, Message.run_id == run_id)
        ).one()
        assert message.channel == channel_to(world.person_of(day.db, row))


def test_nothing_of_it_is_left_in_the_transaction(day: Day) -> None:
    """Statements after it are planned as before, and it may publish another plan."""
    usual = settings(day.db)
    publishing.publish(day.db, day.campaign, first(day), day.coordinator)
    assert settings(day.db) == usual
    run_id = day.solved((day.offers[0], [day.requests[0]]))
    assert publishing.publish(day.db, day.campaign, run_id, day.coordinator).lifts == 1
    tables = text("SELECT count(*) FROM pg_class WHERE relname = 'publication'")
    assert day.db.connection().execute(tables).scalar() == 0


def settings(db: Session) -> list[object]:
    names = ("enable_nestloop", "jit")
    return [db.connection().execute(text(f"SHOW {name}")).scalar() for name in names]
