"""The download has all that is held of somebody, and nothing about others."""

import json

from fastapi.encoders import jsonable_encoder
from sqlmodel import Session, SQLModel, select

from api.services import avoidances, my_data, next_one, safety
from api.store.tables import Arrival, Lift, Offer, Person, Repair, Ringing, WayHome
from tests.api import world
from tests.api.pages.scene import Pair, Scene, pair, password_hash, scene
from tests.test_papers import goes_with

__all__ = ["pair", "password_hash", "scene"]

IN_IT = {
    "offer": "offer", "request": "request", "lift": "lifts", "lift_stop": "lifts", "way_home": "ways_home",
    "arrival": "arrivals", "message": "messages", "report": "reports", "avoidance": "notes", "friend": "friends",
    "new_contact": "new_contact", "ringing": "rung",
}  # fmt: skip
"""Table → the part of the file that has it."""
KEYS = {"private_link", "private_session", "friend_word"}
"""Hashes of keys: they say nothing of anybody."""
OTHERS = {"demo_letter"}
"""Only where everybody is invented."""


def test_every_table_that_goes_with_a_person_is_in_the_file() -> None:
    with_people = {table for table in SQLModel.metadata.tables if "person" in goes_with(table)}
    assert with_people - KEYS - OTHERS == set(IN_IT)


def test_what_is_in_it(db: Session, scene: Scene, pair: Pair) -> None:
    offer, request = pair
    rider, driver = world.person_of(db, request), world.person_of(db, offer)
    lift = db.exec(select(Lift).where(Lift.offer_id == offer.id)).one()
    avoidances.write(db, rider, "Never with Bob Barker.")
    next_one.agree(db, rider, next_one.WORDING_VERSION)
    db.add(Arrival(event_id=lift.event_id, request_id=request.id, state="arrived"))
    repair = Repair(campaign_id=scene.campaign.id, day=world.DAY, cause="cancelled", state="published")
    db.add(repair)
    db.flush()
    way = WayHome(
        repair_id=repair.id,
        event_id=lift.event_id,
        offer_id=offer.id,
        request_id=request.id,
        drop_at=lift.arrives_at,
    )
    db.add(way)
    db.add(Ringing(person_id=rider.id, coordinator_id=scene.coordinator.id, result="no_answer", tries=2))
    safety.report(db, rider, [], "The driver shouted.")
    db.flush()
    found = my_data.of(db, rider)
    assert set(IN_IT.values()) - {"offer", "new_contact"} <= set(found)
    assert [one["state"] for one in found["arrivals"]] == ["arrived"]
    assert len(found["ways_home"]) == len(found["lifts"]) == 1
    assert [one["said"] for one in found["reports"]] == ["The driver shouted."]
    assert [one["said"] for one in found["notes"]] == ["Never with Bob Barker."]
    assert [(one["result"], one["tries"]) for one in found["rung"]] == [("no_answer", 2)]
    assert found["next_one"]["until"] is not None
    whole = json.dumps(jsonable_encoder(found))
    for others in ("Dora", driver.email, "Fiesta", "XYZ", "WF1 1AA"):
        assert others not in whole
    # What the rider told is not the driver's to read.
    theirs = json.dumps(jsonable_encoder(my_data.of(db, driver)))
    assert "shouted" not in theirs and "Rafi" not in theirs and "Barker" not in theirs


def test_the_person_is_in_it_as_they_gave_themselves(db: Session, scene: Scene) -> None:
    offer = world.add_offer(db, scene.campaign)
    found = my_data.of(db, world.person_of(db, offer))
    assert isinstance(offer, Offer)
    assert set(found["person"]) == set(Person.model_fields) - my_data.LEFT_OUT
    assert set(found["offer"]) == set(Offer.model_fields) - my_data.LEFT_OUT
