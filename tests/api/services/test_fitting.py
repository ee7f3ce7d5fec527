"""Whether a trip still fits when it is published: people may have been kept apart since it was planned."""

import pytest
from sqlmodel import Session, select

from api.services import publishing, roles, safety
from api.store.tables import LiftStop, Offer, Request
from tests.api import world
from tests.api.services.test_publishing import Day


@pytest.fixture
def day(db: Session) -> Day:
    return Day(db)


def riding(db: Session) -> set[object]:
    return set(db.exec(select(LiftStop.request_id)).all())


def as_driver(either: Request) -> Offer:
    """The offer that would stand for them."""
    offer = roles.as_offer(either)
    assert offer is not None
    return offer


def apart(day: Day, one: Offer | Request, other: Offer | Request) -> None:
    people = [world.person_of(day.db, sign_up) for sign_up in (one, other)]
    safety.keep_apart(day.db, day.campaign.id, people[0], people[1:])


def test_who_is_kept_apart_from_the_driver_since_the_run_is_not_in_the_car(db: Session, day: Day) -> None:
    driver, (first, second, _) = day.offers[0], day.requests
    run_id = day.solved((driver, [first, second]))
    apart(day, first, driver)
    publishing.publish(db, day.campaign, run_id, day.coordinator)
    assert riding(db) == {second.id}
    assert "no_lift" in day.sent(first) and "matched" in day.sent(second)


def test_of_two_riders_who_are_kept_apart_since_the_run_one_stays(db: Session, day: Day) -> None:
    driver, (first, second, third) = day.offers[0], day.requests
    run_id = day.solved((driver, [first, second, third]))
    apart(day, first, second)
    publishing.publish(db, day.campaign, run_id, day.coordinator)
    assert third.id in riding(db) and len(riding(db) & {first.id, second.id}) == 1


def test_others_are_not_touched(db: Session, day: Day) -> None:
    driver, (first, second, third) = day.offers[0], day.requests
    run_id = day.solved((driver, [first, second]))
    apart(day, first, third)
    publishing.publish(db, day.campaign, run_id, day.coordinator)
    assert riding(db) == {first.id, second.id}


def test_who_drives_since_another_plan_was_published_no_longer_rides_in_an_older_one(
    db: Session, day: Day
) -> None:
    """Two plans are made; by the later one somebody who would do either drives, by the earlier one they ride."""
    either, (first, second, _) = world.add_either(db, day.campaign), day.requests
    rides, drives = day.solved((day.offers[0], [either, first])), day.solved((as_driver(either), [second]))
    publishing.publish(db, day.campaign, drives, day.coordinator)
    assert publishing.preview(db, day.campaign, rides).lifts == 1
    publishing.publish(db, day.campaign, rides, day.coordinator)
    standing = set(db.exec(select(LiftStop.request_id).where(LiftStop.state == "published")).all())
    assert standing == {first.id}
    assert "lift_off" in day.sent(either)
