"""Many who cancel at the very same time, each on a connection of their own: one repair for all of them, and nobody lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, text

from api.services import lifts, recovery
from api.services.repair import searching
from api.store.queries import jobs
from api.store.queries import lifts as lift_queries
from api.store.queries import repairs as queries
from api.store.session import open_session
from api.store.tables import Offer, Repair, Request
from tests.api import world
from tests.api.pages.scene import Scene, password_hash, publish, scene
from tests.api.services.repair.day import kinds, repairs_of

__all__ = ["password_hash", "scene"]
CARS = 8


@pytest.fixture
def crowd(db: Session, scene: Scene) -> list[tuple[Offer, Request]]:
    """So many cars with a rider each."""
    only: dict[str, Any] = {"event_ids": [scene.morning.id]}
    found = []
    for number in range(CARS):
        offer = world.add_offer(db, scene.campaign, name=f"Driver {number}", seats=1, **only)
        found.append((offer, world.add_request(db, scene.campaign, name=f"Rider {number}", **only)))
    db.commit()
    publish(db, scene)
    return found


def at_once(engine: Engine, people: list[Offer], cancel: Callable[[Session, Offer], None]) -> list[str]:
    """Each cancels on a connection of their own; what went wrong, if anything."""
    ids, barrier = [one.id for one in people], Barrier(len(people))

    def press(offer_id: UUID) -> str:
        with open_session(engine) as own:
            offer = own.get_one(Offer, offer_id)
            barrier.wait()
            try:
                cancel(own, offer)
                own.commit()
            except SQLAlchemyError as error:
                own.rollback()
                return type(error).__name__
        return ""

    with ThreadPoolExecutor(len(ids)) as threads:
        return [fault for fault in threads.map(press, ids) if fault]


def cancels(db: Session, offer: Offer) -> None:
    lifts.cancel(db, offer, world.person_of(db, offer))


def test_one_repair_gathers_all_and_everybody_is_told_once(
    db: Session, engine: Engine, crowd: list[tuple[Offer, Request]]
) -> None:
    assert at_once(engine, [offer for offer, _ in crowd], cancels) == []
    (repair,) = repairs_of(db)
    assert repair.state == "queued"
    assert jobs.unfinished(db, "carry_out_repair", "repair_id") == {str(repair.id)}
    for _, rider in crowd:
        assert kinds(db, rider).count("driver_cancelled") == 1
    waiting = {request.id for request, _ in queries.unanswered(db, repair.campaign_id, repair.day)}
    assert waiting == {rider.id for _, rider in crowd}


def test_without_the_guard_there_would_be_several(
    db: Session, engine: Engine, scene: Scene, crowd: list[tuple[Offer, Request]]
) -> None:
    """The race is there: with neither the day held nor the constraint, each looks, finds none and begins its own."""
    db.connection().execute(text("DROP INDEX one_repair_waits_to_begin"))
    db.commit()
    barrier = Barrier(CARS)

    def look_then_write(own: Session, offer: Offer) -> None:
        if not queries.of_day(own, offer.campaign_id, offer.day, "queued"):
            barrier.wait()
            own.add(Repair(campaign_id=offer.campaign_id, day=offer.day, cause="driver_cancelled"))

    assert at_once(engine, [offer for offer, _ in crowd], look_then_write) == []
    assert len(repairs_of(db)) == CARS


def test_whoever_cancels_while_one_is_going_has_the_next(
    db: Session, engine: Engine, crowd: list[tuple[Offer, Request]]
) -> None:
    first, *others = [offer for offer, _ in crowd]
    assert at_once(engine, [first], cancels) == []
    assert searching.begin(db, repairs_of(db)[0].id)
    db.commit()
    assert at_once(engine, others, cancels) == []
    assert [repair.state for repair in repairs_of(db)] == ["running", "queued"]


def test_whoever_cancels_as_one_begins_is_in_it_or_in_the_next(
    db: Session, engine: Engine, crowd: list[tuple[Offer, Request]]
) -> None:
    """Beginning and cancelling hold the day in turn: no cancellation slips in behind a repair that has looked already."""
    first, second = crowd[0][0], crowd[1][0]
    assert at_once(engine, [first], cancels) == []
    (repair,) = repairs_of(db)
    barrier = Barrier(2)

    def begin() -> None:
        with open_session(engine) as own:
            barrier.wait()
            assert searching.begin(own, repair.id)
            own.commit()

    def cancel() -> None:
        with open_session(engine) as own:
            offer = own.get_one(Offer, second.id)
            barrier.wait()
            cancels(own, offer)
            own.commit()

    repair_id, day, campaign_id = repair.id, repair.day, repair.campaign_id
    db.rollback()
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(begin), threads.submit(cancel)]:
            done.result()
    states = {one.id: one.state for one in repairs_of(db)}
    assert states[repair_id] == "running"
    if len(states) == 1:  # It cancelled first, and the repair that begins then sees it.
        seen = {request.id for request, _ in queries.unanswered(db, campaign_id, day)}
        assert seen == {rider.id for _, rider in crowd if "driver_cancelled" in kinds(db, rider)}
    else:
        assert sorted(states.values()) == ["queued", "running"]


def test_a_lost_job_is_queued_again_in_its_turn(db: Session, crowd: list[tuple[Offer, Request]]) -> None:
    cancels(db, crowd[0][0])
    db.commit()
    db.connection().execute(text("DELETE FROM procrastinate_jobs"))
    (repair,) = repairs_of(db)
    assert recovery.requeue_lost(db) >= 1
    assert jobs.unfinished(db, "carry_out_repair", "repair_id") == {str(repair.id)}
    lock = text("SELECT lock FROM procrastinate_jobs WHERE task_name = 'carry_out_repair'")
    assert db.connection().execute(lock).scalar_one() == f"repair {repair.campaign_id} {repair.day}"


def test_a_day_is_held_by_whoever_begins_a_repair(
    db: Session, engine: Engine, scene: Scene, crowd: list[tuple[Offer, Request]]
) -> None:
    """The lock itself: while one transaction holds the day, another that cancels waits for it."""
    day: date = crowd[0][0].day
    lift_queries.lock_day(db, scene.campaign.id, day)
    with open_session(engine) as other:
        other.connection().execute(text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(Exception, match="lock timeout"):
            begun_by(other, crowd[0][0].id)


def begun_by(db: Session, offer_id: UUID) -> None:
    cancels(db, db.get_one(Offer, offer_id))
