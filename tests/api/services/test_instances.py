"""Who is in a day's instance: nobody who has enough days already."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from api.services import matching, publishing
from api.services.people import erase
from api.store.tables import Offer, Request
from tests.api import world
from tests.api.pages.scene import Scene, match, password_hash, publish, scene

__all__ = ["password_hash", "scene"]

NEXT_DAY = world.DAY + timedelta(days=1)


def people_of(db: Session, scene: Scene, days: int) -> set[str]:
    instance = matching.build_instance(db, scene.campaign, world.DAY + timedelta(days=days))
    return {person.id for person in instance.drivers} | {person.id for person in instance.riders}


def both_days(db: Session, scene: Scene, most_days: int | None) -> tuple[Offer, Offer]:
    """Somebody who signs up for each of the two days by themselves."""
    who: dict[str, Any] = {"email": "dora@example.org", "most_days": most_days}
    return world.add_offer(db, scene.campaign, **who), world.add_offer(
        db, scene.campaign, day=NEXT_DAY, **who
    )


@pytest.mark.parametrize(("most_days", "comes"), [(1, False), (2, True), (None, True)])
def test_who_has_a_lift_on_so_many_days_is_left_out_of_further_ones(
    db: Session, scene: Scene, most_days: int | None, comes: bool
) -> None:
    first, second = both_days(db, scene, most_days=most_days)
    assert str(second.id) in people_of(db, scene, 1)
    publish(db, scene)
    assert (str(second.id) in people_of(db, scene, 1)) is comes
    # The day itself is promised, and stays.
    assert str(first.id) in people_of(db, scene, 0)


def test_another_person_of_the_same_address_has_their_own_days(db: Session, scene: Scene) -> None:
    _, second = both_days(db, scene, most_days=1)
    sister = world.add_offer(
        db, scene.campaign, day=NEXT_DAY, email="dora@example.org", name="Sue", most_days=1
    )
    publish(db, scene)
    assert people_of(db, scene, 1) == {str(sister.id)} and sister.id != second.id


def test_a_lift_that_is_off_leaves_the_day_free(db: Session, scene: Scene) -> None:
    first, second = both_days(db, scene, most_days=1)
    publish(db, scene)
    erase(db, world.person_of(db, first))
    assert people_of(db, scene, 1) == {str(second.id)}


def test_a_rider_too(db: Session, scene: Scene) -> None:
    world.add_offer(db, scene.campaign)
    world.add_request(db, scene.campaign, email="rafi@example.org", most_days=1)
    second = world.add_request(db, scene.campaign, email="rafi@example.org", day=NEXT_DAY, most_days=1)
    publish(db, scene)
    assert str(second.id) not in people_of(db, scene, 1)


def test_who_would_do_either_and_is_told_to_drive_drives_from_then_on(db: Session, scene: Scene) -> None:
    either = world.add_either(db, scene.campaign, postcode="WF1 1AA", car="red Mini", plate="KDX")
    rider = world.add_request(db, scene.campaign)
    run = match(db, scene)
    preview = publishing.preview(db, scene.campaign, run.id)
    assert db.get(Offer, either.id) is None
    assert publishing.publish(db, scene.campaign, run.id, scene.coordinator) == preview
    offer = db.get(Offer, either.id)
    assert offer is not None and (offer.seats, offer.car, offer.reference) == (
        3,
        "red Mini",
        either.reference,
    )
    assert either.state == "driving"
    instance = matching.build_instance(db, scene.campaign, world.DAY)
    assert [driver.id for driver in instance.drivers] == [str(either.id)]
    assert [one.id for one in instance.riders] == [str(rider.id)]
    assert instance.published[0].driver == str(either.id)
    # Published again without a change, it changes nothing.
    assert publishing.preview(db, scene.campaign, match(db, scene).id).messages == 0


def test_who_would_do_either_rides_where_there_is_a_car(db: Session, scene: Scene) -> None:
    world.add_offer(db, scene.campaign, seats=1)
    either = world.add_either(db, scene.campaign, postcode="WF1 1AA", seats=0)
    publish(db, scene)
    db.refresh(either)
    assert isinstance(either, Request) and either.state == "active" and db.get(Offer, either.id) is None
