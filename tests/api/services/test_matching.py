"""From rows to an instance without names, and a run's way from queued to done."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import campaigns, matching
from api.store.queries import runs as run_queries
from api.store.session import open_session
from api.store.tables import Campaign, Coordinator, Run
from carpool.files import instance_from_json, instance_to_json
from tests.api import world


def a_day(db: Session) -> tuple[Campaign, Coordinator]:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    return campaign, coordinator


def test_the_instance_holds_what_people_asked_for_and_no_names(db: Session) -> None:
    campaign, coordinator = a_day(db)
    evening = world.add_event(
        db, campaign, coordinator, starts=time(17), ends=time(19), capacity=9, weight=2.5
    )
    offer = world.add_offer(db, campaign, party=2, seats=4, wheelchairs=1, ready_at="9:00", home_by="22:00")
    request = world.add_request(db, campaign, child_seat=True, way_back=False, event_ids=[evening.id])
    world.add_request(db, campaign, confirmed=False)
    instance = matching.build_instance(db, campaign, world.DAY)
    assert [x.weight for x in instance.events] == [pytest.approx(0.5), 2.5]
    [driver], [rider] = instance.drivers, instance.riders
    assert (driver.id, driver.party, driver.seats, driver.offers) == (str(offer.id), 2, 4, {"wheelchair": 1})
    assert driver.ready_at is not None and driver.ready_at.time() == time(9)
    assert (rider.id, rider.needs, rider.way_back, rider.events) == (
        str(request.id), ("child_seat",), False, (str(evening.id),)
    )  # fmt: skip
    text = json.dumps(instance_to_json(instance))
    for private in ("Dora", "Rafi", "example.org", "7700", "library", "Fiesta", "WF1"):
        assert private not in text


def test_who_wants_only_what_is_off_is_left_out(db: Session) -> None:
    campaign, coordinator = a_day(db)
    off = world.add_event(db, campaign, coordinator)
    world.add_request(db, campaign, event_ids=[off.id])
    campaigns.cancel_event(db, campaign, coordinator, off.id)
    instance = matching.build_instance(db, campaign, world.DAY)
    assert (len(instance.events), instance.riders) == (1, ())


def test_one_run_of_a_day_at_a_time(engine: Engine, db: Session) -> None:
    campaign, coordinator = a_day(db)
    db.commit()

    def press(_: int) -> bool:
        with open_session(engine) as own, own.begin():
            mine = campaigns.find(own, campaign.slug)
            try:
                matching.start(own, mine, world.DAY, coordinator)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(press, range(8))) == 1
    run = matching.latest(db, campaign, world.DAY)
    assert run is not None and (run.state, run.started_by) == ("queued", "Priya Shah")


def test_a_run_goes_from_queued_to_done(db: Session) -> None:
    campaign, coordinator = a_day(db)
    world.add_offer(db, campaign)
    run_id = matching.start(db, campaign, world.DAY, coordinator, seconds=5).id
    text = matching.begin(db, run_id)
    assert text is not None and len(instance_from_json(json.loads(text)).drivers) == 1
    assert matching.settings_of(db, run_id) == (5.0, 1)
    progress = {"seconds": 1.0, "score": 1.5, "bound": 3.0, "gap": 0.5, "phase": "search"}
    assert matching.note_progress(db, run_id, progress) is False
    going = matching.latest(db, campaign, world.DAY)
    assert going is not None and (going.score, going.gap, going.phase) == (1.5, 50.0, "search")
    matching.ask_stop(db, campaign, run_id, coordinator)
    assert matching.note_progress(db, run_id, progress) is True
    plan = {
        "score": 2.0,
        "bound": 2.0,
        "gap": 0.0,
        "status": "stopped",
        "volunteers": 1,
        "version": "0",
        "trips": [],
    }
    matching.finish(db, run_id, plan)
    done = matching.latest(db, campaign, world.DAY)
    assert done is not None and (done.state, done.score, done.status) == ("done", 2.0, "stopped")
    assert matching.begin(db, run_id) is None
    matching.fail(db, run_id, "too late")
    assert run_queries.by_id(db, run_id).state == "done"  # type: ignore[union-attr]  # it is there, as just seen


def test_a_run_that_a_lost_worker_had_begun_begins_again_as_it_was(db: Session) -> None:
    campaign, coordinator = a_day(db)
    run_id = matching.start(db, campaign, world.DAY, coordinator).id
    first = matching.begin(db, run_id)
    world.add_offer(db, campaign)
    assert matching.begin(db, run_id) == first
    assert matching.going(db) == [run_id]
    matching.fail(db, run_id, "The solver ran out of memory.")
    failed = matching.latest(db, campaign, world.DAY)
    assert failed is not None and (failed.state, failed.error) == ("failed", "The solver ran out of memory.")
    assert matching.going(db) == []


def test_a_run_of_another_campaign_is_not_there(db: Session) -> None:
    campaign, coordinator = a_day(db)
    other = world.add_campaign(db, coordinator)
    run_id = matching.start(db, campaign, world.DAY, coordinator).id
    with pytest.raises(NotFound):
        matching.find(db, other, run_id)
    with pytest.raises(NotFound):
        matching.ask_stop(db, other, run_id, coordinator)
    with pytest.raises(NotFound):
        matching.find(db, campaign, UUID(int=0))


@pytest.mark.parametrize("seconds", [0, 3601])
def test_a_run_has_a_sensible_length(db: Session, seconds: float) -> None:
    campaign, coordinator = a_day(db)
    with pytest.raises(Invalid):
        matching.start(db, campaign, world.DAY, coordinator, seconds=seconds)
    assert db.get(Run, UUID(int=0)) is None
