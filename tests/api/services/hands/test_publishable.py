"""Whether a plan that was changed by hand may be published: people change after a change was taken."""

import pytest
from sqlmodel import Session

from api.errors import Conflict
from api.services import friends, publishing
from tests.api import world
from tests.api.services.hands.plan import Hands
from tests.api.services.test_publishing import Day


@pytest.fixture
def hands(db: Session) -> Hands:
    return Hands(Day(db))


def _publish(hands: Hands) -> None:
    publishing.publish(hands.db, hands.campaign, hands.run_id, hands.day.coordinator)


def test_friends_found_since_are_in_one_car_or_nothing_is_published(hands: Hands) -> None:
    """The car of one of them is as the solver made it: only the other's was touched."""
    hands.take("pin", hands.one)
    word = friends.make_word(hands.db, world.person_of(hands.db, hands.a))
    friends.join(hands.db, world.person_of(hands.db, hands.c), word)
    hands.db.commit()
    with pytest.raises(Conflict, match=r"Rider[13] and Rider[13] travel together") as error:
        _publish(hands)
    assert "Put them into one car by hand" in str(error.value)
    hands.db.rollback()
    hands.take("ride", hands.c, hands.one)
    _publish(hands)


def test_a_rule_that_was_overridden_with_a_reason_stays_overridden(hands: Hands) -> None:
    hands.two.max_detour_minutes = 0
    hands.db.add(hands.two)
    hands.db.commit()
    hands.take("ride", hands.b, hands.two, reason="They agreed by phone.")
    _publish(hands)


def test_a_plan_that_nobody_touched_is_published_though_friends_found_each_other_since(hands: Hands) -> None:
    word = friends.make_word(hands.db, world.person_of(hands.db, hands.a))
    friends.join(hands.db, world.person_of(hands.db, hands.c), word)
    hands.db.commit()
    _publish(hands)
