"""A lift that is lost: another one, or the plain word that there is none, and nobody moved who was not touched."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.jobs.repairing import carry_out_repair
from api.jobs.solving import Solver
from api.jobs.tools import Tools
from api.services.repair import answering, begun, searching
from api.store.session import open_session
from api.store.tables import Campaign, Coordinator, Offer, Request
from tests.api import world
from tests.api.pages.scene import Scene, password_hash, publish, scene
from tests.api.services.repair.day import cancel, driver_of, in_part, kinds, repairs_of

__all__ = ["in_part", "password_hash", "scene"]
pytestmark = pytest.mark.usefixtures("in_part")


def mend(db: Session, tools: Tools) -> str:
    """Carry out the newest repair; how it stands then."""
    carry_out_repair(tools, repairs_of(db)[-1].id)
    repair = repairs_of(db)[-1]
    assert repair.error is None
    return repair.state


@pytest.fixture
def only(scene: Scene) -> dict[str, Any]:
    return {"event_ids": [scene.morning.id]}


def test_whoever_loses_a_lift_gets_a_free_seat_near_by(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any]
) -> None:
    first = world.add_offer(db, scene.campaign, **only)
    rider = world.add_request(db, scene.campaign, **only)
    db.commit()
    publish(db, scene)
    second = world.add_offer(db, scene.campaign, name="Sal Second", **only)
    db.commit()
    cancel(db, first)
    assert kinds(db, rider) == ["matched", "driver_cancelled"]
    assert mend(db, tools) == "published"
    assert driver_of(db, rider) == second.id
    assert kinds(db, rider) == ["matched", "driver_cancelled", "matched"]
    assert kinds(db, second) == ["matched"]
    assert kinds(db, first)[-1] == "cancelled_by_you"


def test_without_another_car_the_word_is_plain_and_comes_once(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any]
) -> None:
    first = world.add_offer(db, scene.campaign, **only)
    rider = world.add_request(db, scene.campaign, **only)
    db.commit()
    publish(db, scene)
    cancel(db, first)
    assert mend(db, tools) == "published"
    assert kinds(db, rider) == ["matched", "driver_cancelled", "no_lift"]
    begun.wanted(db, scene.campaign.id, world.DAY, "asked")
    db.commit()
    assert mend(db, tools) == "published"
    assert kinds(db, rider) == ["matched", "driver_cancelled", "no_lift"]


def two_cars(
    db: Session, scene: Scene, only: dict[str, Any], **second: Any
) -> tuple[Offer, Offer, Request, Request]:
    """Dora with Rafi near Wakefield, Dev with Rita near Halifax."""
    dora = world.add_offer(db, scene.campaign, seats=1, **only)
    rafi = world.add_request(db, scene.campaign, **only)
    values: dict[str, Any] = {"seats": 2, "name": "Dev Dhar", "postcode": "WF3 1AA"} | second
    dev = world.add_offer(db, scene.campaign, **only, **values)
    rita = world.add_request(db, scene.campaign, name="Rita Roy", postcode="WF3 1AB", **only)
    db.commit()
    publish(db, scene)
    assert {driver_of(db, rafi), driver_of(db, rita)} == {dora.id, dev.id}
    return dora, dev, rafi, rita


def test_nobody_who_was_not_touched_is_moved_without_a_coordinators_word(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any]
) -> None:
    """The only seat left is far round for the people of another car: that waits for an answer."""
    dora, dev, rafi, rita = two_cars(db, scene, only, max_detour_minutes=60, seats=3)
    gone, rest = (dora, (dev, rita)) if driver_of(db, rafi) == dora.id else (dev, (dora, rita))
    left = rafi
    cancel(db, gone)
    told = {one.id: kinds(db, one) for one in rest}
    assert mend(db, tools) == "waiting"
    assert {one.id: kinds(db, one) for one in rest} == told
    assert driver_of(db, left) is None
    assert "no_lift" not in kinds(db, left)
    repair = repairs_of(db)[-1]
    assert repair.effect is not None
    assert [row["who"] for row in repair.effect["gets"]] == [str(left.id)]
    assert {row["who"] for row in repair.effect["moves"]} <= {str(one.id) for one in rest}
    assert repair.effect["moves"]
    answering.approve(db, scene.campaign, repair.id, scene.coordinator)
    db.commit()
    assert driver_of(db, left) is not None
    assert kinds(db, left)[-1] == "matched"
    assert kinds(db, rest[0])[-1] == "changed"
    assert repairs_of(db)[-1].instance is None


@pytest.fixture
def asked(db: Session, tools: Tools, scene: Scene, only: dict[str, Any]) -> tuple[Request, Offer]:
    """A campaign that is always asked: Rafi lost Dora's car, and Sal's is proposed."""
    scene.campaign.repairs_alone = False
    db.add(scene.campaign)
    first = world.add_offer(db, scene.campaign, **only)
    rider = world.add_request(db, scene.campaign, **only)
    db.commit()
    publish(db, scene)
    second = world.add_offer(db, scene.campaign, name="Sal Second", **only)
    db.commit()
    cancel(db, first)
    assert mend(db, tools) == "waiting"
    assert kinds(db, rider) == ["matched", "driver_cancelled"]
    return rider, second


def test_of_two_who_answer_one_wins_and_the_other_is_told_who(
    db: Session, scene: Scene, asked: tuple[Request, Offer]
) -> None:
    (repair,) = repairs_of(db)
    other = world.add_coordinator(db, "Olu Other")
    answering.approve(db, scene.campaign, repair.id, scene.coordinator)
    db.commit()
    for answer in (answering.approve, answering.refuse):
        with pytest.raises(Conflict, match="Priya Shah has approved this already"):
            answer(db, scene.campaign, repair.id, other)
    assert driver_of(db, asked[0]) == asked[1].id
    assert kinds(db, asked[0]) == ["matched", "driver_cancelled", "matched"]


def test_two_at_the_very_same_time(
    db: Session, engine: Engine, scene: Scene, asked: tuple[Request, Offer]
) -> None:
    repair_id, campaign_id, who = repairs_of(db)[0].id, scene.campaign.id, scene.coordinator.id
    db.rollback()
    barrier = Barrier(2)

    def press(_: int) -> str:
        with open_session(engine) as own:
            campaign, coordinator = own.get(Campaign, campaign_id), own.get(Coordinator, who)
            assert campaign is not None and coordinator is not None
            barrier.wait()
            try:
                answering.approve(own, campaign, repair_id, coordinator)
            except Conflict as error:
                return error.message
            own.commit()
            return "won"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(press, range(2)))
    assert answers[1] == "won" and answers[0].startswith("Priya Shah has approved")
    assert kinds(db, asked[0]) == ["matched", "driver_cancelled", "matched"]


def test_refusing_says_plainly_that_there_is_no_lift(
    db: Session, scene: Scene, asked: tuple[Request, Offer]
) -> None:
    answering.refuse(db, scene.campaign, repairs_of(db)[0].id, scene.coordinator)
    db.commit()
    assert kinds(db, asked[0])[-1] == "no_lift"
    assert repairs_of(db)[0].instance is None


@pytest.mark.parametrize(("publishes", "last"), [(False, "no_lift"), (True, "matched")])
def test_without_an_answer_it_is_never_silence(
    db: Session, scene: Scene, asked: tuple[Request, Offer], publishes: bool, last: str
) -> None:
    scene.campaign.repairs_unanswered = publishes
    assert answering.lapse_due(db) == 0
    (repair,) = repairs_of(db)
    assert repair.answer_by is not None
    repair.answer_by -= timedelta(minutes=11)
    db.add(repair)
    db.add(scene.campaign)
    db.commit()
    assert answering.lapse_due(db) == 1
    db.commit()
    assert kinds(db, asked[0])[-1] == last
    assert answering.lapse_due(db) == 0
    with pytest.raises(Conflict, match="Nothing was"):
        answering.approve(db, scene.campaign, repair.id, scene.coordinator)


def test_who_cancels_before_the_answer_is_left_out(
    db: Session, tools: Tools, scene: Scene, asked: tuple[Request, Offer]
) -> None:
    """It counts as it can still be; what happened since, when a car is gone, is a new search, and the old proposal is over."""
    rider, _ = asked
    cancel(db, rider)
    (repair,) = repairs_of(db)
    answering.approve(db, scene.campaign, repair.id, scene.coordinator)
    db.commit()
    assert driver_of(db, rider) is None
    assert kinds(db, rider)[-1] == "cancelled_by_you"


def test_a_newer_search_takes_the_place_of_a_proposal(
    db: Session, tools: Tools, scene: Scene, asked: tuple[Request, Offer]
) -> None:
    old = repairs_of(db)[0].id
    begun.wanted(db, scene.campaign.id, world.DAY, "asked")
    db.commit()
    assert mend(db, tools) == "waiting"
    with pytest.raises(Conflict, match="new search"):
        answering.approve(db, scene.campaign, old, scene.coordinator)
    answering.approve(db, scene.campaign, repairs_of(db)[-1].id, scene.coordinator)
    db.commit()
    assert driver_of(db, asked[0]) == asked[1].id


def test_of_another_campaign_nobody_may_answer(
    db: Session, scene: Scene, asked: tuple[Request, Offer]
) -> None:
    other = world.add_campaign(db, world.add_coordinator(db), "Another")
    with pytest.raises(NotFound):
        answering.approve(db, other, repairs_of(db)[0].id, scene.coordinator)


def test_a_worker_killed_in_mid_repair_leaves_it_to_the_next(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any]
) -> None:
    first = world.add_offer(db, scene.campaign, **only)
    rider = world.add_request(db, scene.campaign, **only)
    db.commit()
    publish(db, scene)
    cancel(db, first)
    assert searching.begin(db, repairs_of(db)[0].id)
    db.commit()
    late = world.add_offer(db, scene.campaign, name="Lea Late", **only)
    db.commit()
    assert mend(db, tools) == "published"
    assert driver_of(db, rider) == late.id


def test_a_solver_that_breaks_off_is_no_silence(
    db: Session, engine: Engine, tools: Tools, scene: Scene, only: dict[str, Any]
) -> None:
    first = world.add_offer(db, scene.campaign, **only)
    rider = world.add_request(db, scene.campaign, **only)
    db.commit()
    publish(db, scene)
    cancel(db, first)
    broken = Solver("tests.api.jobs.works:killed")
    carry_out_repair(replace(tools, own_repairer=broken), repairs_of(db)[0].id)
    broken.close()
    (repair,) = repairs_of(db)
    assert repair.state == "failed" and "killed" in (repair.error or "")
    assert kinds(db, rider)[-1] == "no_lift"
