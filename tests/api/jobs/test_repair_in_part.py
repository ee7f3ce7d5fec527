"""A large day is repaired in part: what is left alone stays as it is, and its room at the events stays taken."""

from typing import Any

import pytest
from sqlmodel import Session

from api.jobs.repairing import carry_out_repair
from api.jobs.tools import Tools
from api.services.repair import begun, part
from api.store.tables import Event, Offer, Request
from tests.api import world
from tests.api.pages.scene import Scene, password_hash, publish, scene
from tests.api.services.repair.day import cancel, driver_of, in_part, kinds, repairs_of

__all__ = ["in_part", "password_hash", "scene"]
FAR: dict[str, Any] = {"postcode": "HG1 1AA"}
"""North of the event, where nobody from the south comes by."""


def mend(db: Session, tools: Tools) -> str:
    carry_out_repair(tools, repairs_of(db)[-1].id)
    return repairs_of(db)[-1].state


@pytest.fixture
def only(scene: Scene) -> dict[str, Any]:
    return {"event_ids": [scene.morning.id]}


@pytest.fixture
def cars(
    db: Session, scene: Scene, only: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> tuple[Offer, Request, Offer, Request]:
    """A car with a rider from the south, one from the north, both to one event; the day counts as a large one."""
    monkeypatch.setattr(part, "WHOLE_DAY", 0)
    chosen = {"event_ids": only["event_ids"]}
    south = world.add_offer(db, scene.campaign, **only), world.add_request(db, scene.campaign, **chosen)
    north = (
        world.add_offer(db, scene.campaign, name="Nora North", seats=1, **FAR, **only),
        world.add_request(db, scene.campaign, name="Nat North", **FAR, **chosen),
    )
    db.commit()
    publish(db, scene)
    assert (driver_of(db, south[1]), driver_of(db, north[1])) == (south[0].id, north[0].id)
    return *south, *north


def test_the_part_is_those_near_and_the_others_are_counted(
    db: Session, scene: Scene, only: dict[str, Any], cars: tuple[Offer, Request, Offer, Request]
) -> None:
    first, rider, *_ = cars
    sal = world.add_offer(db, scene.campaign, name="Sal Second", **only)
    db.commit()
    cancel(db, first)
    found = part.of_day(db, scene.campaign, world.DAY)
    assert found is not None
    assert found.people == {rider.id, sal.id}
    assert found.coming == {str(scene.morning.id): 2}


def test_a_small_day_has_no_parts(db: Session, scene: Scene, cars: object, monkeypatch: Any) -> None:
    monkeypatch.setattr(part, "WHOLE_DAY", 4)
    assert part.of_day(db, scene.campaign, world.DAY) is None


@pytest.mark.parametrize(("capacity", "rides"), [(4, True), (3, False)])
def test_an_event_is_as_full_as_it_is_with_those_who_are_left_alone(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any], cars: tuple[Offer, Request, Offer, Request],
    capacity: int, rides: bool,
) -> None:  # fmt: skip
    first, rider, north, northern = cars
    event = db.get_one(Event, scene.morning.id)
    event.wanted = event.capacity = capacity
    sal = world.add_offer(db, scene.campaign, name="Sal Second", **only)
    db.commit()
    cancel(db, first)
    told = kinds(db, north), kinds(db, northern)
    assert mend(db, tools) == "published"
    assert driver_of(db, rider) == (sal.id if rides else None)
    assert kinds(db, rider)[-1] == ("matched" if rides else "no_lift")
    assert (kinds(db, north), kinds(db, northern)) == told
    assert driver_of(db, northern) == north.id


def test_whoever_was_not_looked_at_is_not_told_that_there_is_none(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any], cars: tuple[Offer, Request, Offer, Request],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(part, "LOOKED_AT", 6)
    late = [
        world.add_request(db, scene.campaign, name=f"Late {number}", event_ids=only["event_ids"], **FAR)
        for number in range(8)
    ]
    db.commit()
    cancel(db, cars[0])
    assert mend(db, tools) == "published"
    answered = [one for one in late if kinds(db, one)]
    assert 0 < len(answered) < len(late)
    assert answered == late[: len(answered)], "who signed up first comes first"
    assert kinds(db, cars[1])[-1] == "no_lift"


def test_a_seat_that_somebody_leaves_is_for_whoever_was_told_that_there_is_none(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any], in_part: bool
) -> None:
    driver = world.add_offer(db, scene.campaign, seats=1, **only)
    both = [
        world.add_request(db, scene.campaign, name=name, event_ids=only["event_ids"])
        for name in ("Rafi Rider", "Rita Roy")
    ]
    db.commit()
    publish(db, scene)
    rides = next(one for one in both if driver_of(db, one))
    waits = next(one for one in both if one is not rides)
    assert kinds(db, waits) == ["no_lift"]
    cancel(db, rides)
    assert mend(db, tools) == "published"
    assert driver_of(db, waits) == driver.id
    assert kinds(db, waits) == ["no_lift", "matched"]


def test_who_lost_a_car_long_ago_is_looked_for_again(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any], in_part: bool
) -> None:
    driver, rider = (
        world.add_offer(db, scene.campaign, **only),
        world.add_request(db, scene.campaign, event_ids=only["event_ids"]),
    )
    db.commit()
    publish(db, scene)
    cancel(db, driver)
    assert mend(db, tools) == "published"
    assert kinds(db, rider)[-1] == "no_lift"
    late = world.add_offer(db, scene.campaign, name="Lea Late", **only)
    begun.wanted(db, scene.campaign.id, world.DAY, "asked")
    db.commit()
    assert mend(db, tools) == "published"
    assert driver_of(db, rider) == late.id


def test_friends_are_looked_at_together(
    db: Session, scene: Scene, only: dict[str, Any], cars: tuple[Offer, Request, Offer, Request]
) -> None:
    from api.services import friends

    word = friends.make_word(db, world.person_of(db, cars[1]))
    friends.join(db, world.person_of(db, cars[3]), word)
    cancel(db, cars[0])
    found = part.of_day(db, scene.campaign, world.DAY)
    assert found is not None
    assert found.people == {cars[1].id, cars[2].id, cars[3].id}
    assert found.coming == {}
