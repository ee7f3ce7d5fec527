"""How far cars are driven for each constituency: as the engine's own distance has it, and kept when the lifts have gone."""

import csv
import io
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlmodel import Session, select

from api.services import people, retention, spending
from api.services.campaign_forms import AgentForm
from api.services.local import today
from api.store.queries.spending import ROADS
from api.store.tables import Arrival, Driven, Event, Lift, LiftStop, Offer, Request
from carpool.geo.place import Place, kilometres
from tests.api import world
from tests.api.pages.scene import Pair, Scene, pair, password_hash, scene

__all__ = ["pair", "password_hash", "scene"]


def lift_of(db: Session, offer: Offer) -> tuple[Lift, list[LiftStop]]:
    lift = db.exec(select(Lift).where(Lift.offer_id == offer.id, Lift.state == "published")).one()
    return lift, list(db.exec(select(LiftStop).where(LiftStop.lift_id == lift.id).order_by("position")).all())


def straight(*points: Offer | Request | Event | Place) -> float:
    """Kilometres through these points, one after the other."""
    places = [Place(one.lat, one.lon) for one in points]
    return sum(kilometres(a, b) for a, b in pairwise(places))


def miles(db: Session, scene: Scene) -> float:
    (row,) = spending.of(db, scene.campaign).rows
    return row.miles


def test_a_lift_counts_there_and_back_over_its_stops(db: Session, scene: Scene, pair: Pair) -> None:
    offer, request = pair
    lift, stops = lift_of(db, offer)
    assert lift.home_at is not None and [stop.request_id for stop in stops] == [request.id]
    event = db.get(Event, lift.event_id)
    assert event is not None
    (row,) = spending.of(db, scene.campaign).rows
    way = straight(offer, request, event)
    assert way > straight(offer, event) + 0.1
    assert row.miles == pytest.approx(2 * ROADS * way / spending.KILOMETRES_A_MILE, rel=1e-9)
    assert (row.code, row.cars) == (event.constituency, 1)
    assert row.pounds == pytest.approx(row.miles * 0.45)
    lift.home_at = None
    db.add(lift)
    db.flush()
    assert miles(db, scene) == pytest.approx(row.miles / 2)


def test_the_car_goes_to_the_place_that_was_chosen(db: Session, scene: Scene, pair: Pair) -> None:
    offer, request = pair
    lift, (stop,) = lift_of(db, offer)
    event = db.get(Event, lift.event_id)
    assert event is not None
    far = {"id": "own", "name": "The station", "lat": 53.70, "lon": -1.60, "walk_minutes": 5}
    other = {"id": "other", "name": "The corner", "lat": 51.0, "lon": 0.0, "walk_minutes": 5}
    db.add(request.sqlmodel_update({"places": [other, far]}))
    db.add(stop.sqlmodel_update({"place_id": "own"}))
    db.flush()
    way = straight(offer, Place(53.70, -1.60), event)
    assert miles(db, scene) == pytest.approx(2 * ROADS * way / spending.KILOMETRES_A_MILE, rel=1e-9)


def test_what_did_not_take_place_does_not_count(db: Session, scene: Scene, pair: Pair) -> None:
    offer, _ = pair
    lift, (stop,) = lift_of(db, offer)
    whole = miles(db, scene)
    stop.state = "cancelled"
    db.add(stop)
    db.flush()
    assert miles(db, scene) < whole, "a stop that was called off is not driven to"
    db.add(Arrival(event_id=lift.event_id, offer_id=offer.id, state="no_show"))
    db.flush()
    assert spending.of(db, scene.campaign).rows == []
    other = world.add_campaign(db, scene.coordinator, "Another campaign")
    assert spending.of(db, other).rows == []


def test_a_cancelled_lift_does_not_count(db: Session, scene: Scene, pair: Pair) -> None:
    people.cancel(db, world.person_of(db, pair[0]))
    db.flush()
    assert spending.of(db, scene.campaign).rows == []


def over(db: Session, scene: Scene, days_ago: int) -> date:
    """As if the first day had been so long ago."""
    day = today() - timedelta(days=days_ago)
    for table in (Lift, Offer, Request, Event):
        for row in db.exec(select(table).where(table.day == world.DAY)).all():
            db.add(row.sqlmodel_update({"day": day}))
    db.flush()
    return day


def test_the_sums_stay_when_the_lifts_go(db: Session, scene: Scene, pair: Pair) -> None:
    before = miles(db, scene)
    day = over(db, scene, days_ago=1)
    retention.purge(db)
    assert [(row.day, row.cars) for row in db.exec(select(Driven)).all()] == [(day, 1)]
    # Later nothing of that day changes it any more: not an erasure, and not a second summing up.
    people.erase(db, world.person_of(db, pair[0]))
    retention.purge(db)
    assert miles(db, scene) == pytest.approx(before)
    over(db, scene, days_ago=40)
    retention.purge(db)
    assert db.exec(select(Lift)).all() == []
    assert miles(db, scene) == pytest.approx(before)


def test_what_is_still_to_come_is_not_summed_up(db: Session, scene: Scene, pair: Pair) -> None:
    over(db, scene, days_ago=0)
    retention.purge(db)
    assert db.exec(select(Driven)).all() == []
    assert miles(db, scene) > 0


def test_sums_that_were_late_are_kept_before_anything_is_deleted(
    db: Session, scene: Scene, pair: Pair
) -> None:
    """A worker that was down for a month sums up first."""
    over(db, scene, days_ago=40)
    retention.purge(db)
    assert (len(db.exec(select(Lift)).all()), len(db.exec(select(Driven)).all())) == (0, 1)


def test_days_together_by_themselves_and_as_a_table(db: Session, scene: Scene, pair: Pair) -> None:
    spending.set_rules(db, scene.campaign, scene.coordinator, AgentForm(imprint="By P.", mileage_pence=50))
    earlier = today() - timedelta(days=3)
    for code, cars, far in ((world.LEEDS_NORTH_WEST, 2, 160.9344), ("E14001323", 1, 16.09344)):
        row = Driven(campaign_id=scene.campaign.id, day=earlier, constituency=code, cars=cars, kilometres=far)
        db.add(row)
    db.flush()
    found = spending.of(db, scene.campaign)
    assert (found.first, found.last, found.total.cars) == (earlier, world.DAY, 4)
    then = spending.of(db, scene.campaign, last=earlier)
    assert sorted(round(row.pounds, 2) for row in then.rows) == [5.0, 50.0]
    assert spending.of(db, scene.campaign, first=world.DAY).total.cars == 1
    lines = list(csv.DictReader(io.StringIO(spending.table(db, scene.campaign).decode("utf-8-sig"))))
    assert [line["Cars"] for line in lines] == ["2", "1", "1"]
    assert lines[0]["Pounds at that rate"] == "50.00"
    assert lines[0]["Day"] == f"{earlier:%d/%m/%Y}"
