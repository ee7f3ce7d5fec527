"""An event that has no room for everybody whom a plan brings is seen when the plan is published, not at its door."""

import pytest
from sqlmodel import Session, update

from api.errors import Conflict
from api.services import people, publishing
from api.store.tables import Event
from tests.api import world
from tests.api.services.hands.plan import Hands
from tests.api.services.test_publishing import Day

EVERYBODY = 5


@pytest.fixture
def hands(db: Session) -> Hands:
    return Hands(Day(db))


def places(hands: Hands, number: int) -> None:
    hands.db.exec(update(Event).values(capacity=number))
    hands.db.commit()


def publish(hands: Hands) -> publishing.Published:
    return publishing.publish(hands.db, hands.campaign, hands.run_id, hands.day.coordinator)


def test_a_plan_that_brings_too_many_is_not_published(hands: Hands) -> None:
    places(hands, EVERYBODY - 1)
    said = "“Morning canvass” has places for 4 people now, and the plan brings 5"
    with pytest.raises(Conflict, match=said):
        publishing.preview(hands.db, hands.campaign, hands.run_id)
    with pytest.raises(Conflict, match=said):
        publish(hands)
    hands.db.rollback()
    places(hands, EVERYBODY)
    assert publish(hands).lifts == 2


def test_who_has_cancelled_takes_no_place(hands: Hands) -> None:
    places(hands, EVERYBODY - 1)
    people.cancel(hands.db, world.person_of(hands.db, hands.a))
    hands.db.commit()
    assert publish(hands).lifts == 2


def test_whose_driver_has_cancelled_takes_none(hands: Hands) -> None:
    places(hands, EVERYBODY - 3)
    people.cancel(hands.db, world.person_of(hands.db, hands.one))
    hands.db.commit()
    assert publish(hands).lifts == 1


def test_who_was_taken_out_by_hand_takes_none_either(hands: Hands) -> None:
    hands.take("out", hands.a)
    places(hands, EVERYBODY - 1)
    assert publish(hands).lifts == 2
