"""Lifts that were planned by road: publishing, a change by hand and a repair judge them by the same minutes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select, update

from api.jobs.matching import carry_out
from api.jobs.tools import Tools
from api.services import matching, publishing
from api.services.hands import corner
from api.store.queries import runs
from api.store.tables import Lift, LiftStop, Offer, Request, Run, now
from tests.api import world
from tests.api.jobs.test_repairing import mend, only
from tests.api.pages.scene import Scene, password_hash, scene
from tests.api.services.repair.day import cancel, driver_of, in_part, repairs_of
from tests.osrm import Osrm, by_road, one_way, roads

__all__ = ["by_road", "in_part", "only", "password_hash", "roads", "scene"]
pytestmark = pytest.mark.usefixtures("in_part")

Two = tuple[Offer, Request]


@pytest.fixture
def two(db: Session, scene: Scene, only: dict[str, Any], by_road: Osrm) -> Two:
    """Dora and Rafi, in a land where every drive takes half as long again as the model says."""
    by_road.seconds = lambda a, b: 1.5 * (one_way(a, b) or 0)
    both = world.add_offer(db, scene.campaign, **only), world.add_request(db, scene.campaign, **only)
    db.commit()
    return both


def planned(db: Session, tools: Tools, scene: Scene) -> Run:
    run = matching.start(db, scene.campaign, world.DAY, scene.coordinator, 5)
    db.commit()
    carry_out(tools, run.id)
    db.rollback()
    found = runs.by_id(db, run.id)
    assert (
        found is not None and found.state == "done" and found.roads is not None and found.roads["known"] > 0
    )
    return found


def published(db: Session, tools: Tools, scene: Scene) -> Lift:
    publishing.publish(db, scene.campaign, planned(db, tools, scene).id, scene.coordinator)
    db.commit()
    return db.exec(select(Lift)).one()


@pytest.mark.parametrize("who", [Offer, Request])
def test_whoever_changed_nothing_that_matters_stays_in_the_car(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any], two: Two, who: type[Offer | Request]
) -> None:
    """Their car alone is judged again when it is published, and its times are those of the road."""
    for name in ("Sal Second", "Thea Third", "Finn Fourth"):
        world.add_offer(db, scene.campaign, name=name, postcode="BD1 1AA", **only)
    db.commit()
    run = planned(db, tools, scene)
    for table in (Offer, Request):
        db.exec(update(table).values(changed_at=now() - timedelta(hours=1)))
    mine = two[0].id if who is Offer else two[1].id
    db.exec(update(who).where(col(who.id) == mine).values(changed_at=now(), traits=["woman"]))
    db.commit()
    publishing.publish(db, scene.campaign, run.id, scene.coordinator)
    assert db.exec(select(LiftStop.request_id)).all() == [two[1].id]


def test_whoever_moved_house_meanwhile_does_not(db: Session, tools: Tools, scene: Scene, two: Two) -> None:
    run = planned(db, tools, scene)
    db.exec(update(Request).values(changed_at=now(), lat=53.9))
    db.commit()
    publishing.publish(db, scene.campaign, run.id, scene.coordinator)
    assert db.exec(select(LiftStop.request_id)).all() == []


def test_a_change_by_hand_sees_the_minutes_of_the_run(
    db: Session, tools: Tools, scene: Scene, two: Two
) -> None:
    run = planned(db, tools, scene)
    assert run.plan is not None
    here = corner.read(db, scene.campaign, run, [two[0].id]).corner.instance
    home, rider, goal = (
        here.index[str(two[0].id)],
        here.index[str(two[1].id)],
        here.event_index[str(scene.morning.id)],
    )
    minutes = here.travel.minutes(home, rider) + 2 + here.travel.minutes(rider, goal)
    assert minutes == pytest.approx(run.plan["trips"][0]["drive_minutes"], abs=0.006)


def test_a_repair_finds_its_car_by_road_and_leaves_the_others_their_hours(
    db: Session, tools: Tools, scene: Scene, only: dict[str, Any], two: Two
) -> None:
    first = published(db, tools, scene)
    second = world.add_offer(db, scene.campaign, name="Sal Second", **only)
    db.commit()
    cancel(db, two[0])
    assert mend(db, tools) == "published"
    assert driver_of(db, two[1]) == second.id
    lift = db.exec(select(Lift).where(Lift.offer_id == second.id)).one()
    assert lift.drive_minutes == pytest.approx(first.drive_minutes, abs=0.011)
    assert lift.departs_at == first.departs_at
    assert len(repairs_of(db)) >= 1
