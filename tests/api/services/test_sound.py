"""Rows that no form would have let in: the day's run is about everybody else, and the coordinator reads whom it left out."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session, col, update

from api.services import instances, matching
from api.store.tables import Event, Offer, Request
from carpool.files import instance_from_json, instance_to_json
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, match, password_hash, scene

__all__ = ["password_hash", "scene"]
Spoil = Callable[[Session, Offer | Request], None]


def _set(**values: Any) -> Spoil:
    def spoil(db: Session, row: Offer | Request) -> None:
        db.exec(update(type(row)).where(col(type(row).id) == row.id).values(**values))

    return spoil


OF_BOTH: dict[str, Spoil] = {
    "at sea": _set(lat=0.0, lon=0.0),
    "nowhere": _set(lat=float("nan")),
    "a party of two millions": _set(party=2_000_000),
    "a party of nine hundred": _set(party=900),
    "an island without a ferry": _set(island="Atlantis"),
    "twice the same wish": _set(company=["woman", "woman"]),
    "a wish that is a number": _set(traits=[{"a": 1}]),
    "a list that is none": _set(traits=5),
    "a wish without words": _set(company=[7]),
    "events that are none": _set(event_ids=[{"a": 1}]),
    "no list of events": _set(event_ids=5),
    "a journey of less than no time": _set(max_travel_minutes=-1.0),
}
OF_OFFERS = {
    "a need that nobody can count": _set(offers={"child_seat": -3}),
    "no list of needs": _set(offers=[1]),
    "half a seat": _set(offers={"child_seat": 0.5}),
    "a car of thousands": _set(seats=4000),
}
OF_REQUESTS: dict[str, Spoil] = {
    "a car without seats": _set(can_drive={"car": "red"}),
    "a place without a position": _set(places=[{"id": "library"}]),
    "half a seat": _set(
        can_drive={"seats": 1.5, "max_detour_minutes": 20, "max_travel_minutes": 20, "offers": {}}
    ),
    "nowhere to be picked up": _set(home_pickup=False, places=[]),
}
CASES = [
    *((Offer, spoil) for spoil in (OF_BOTH | OF_OFFERS).values()),
    *((Request, spoil) for spoil in (OF_BOTH | OF_REQUESTS).values()),
]
NAMES = [
    *(f"offer, {name}" for name in OF_BOTH | OF_OFFERS),
    *(f"request, {name}" for name in OF_BOTH | OF_REQUESTS),
]


def instance_of(db: Session, scene: Scene) -> Any:
    return matching.build_instance(db, scene.campaign, world.DAY)


@pytest.mark.parametrize(("table", "spoil"), CASES, ids=NAMES)
def test_the_instance_is_as_if_the_row_were_absent(
    db: Session, scene: Scene, table: type[Offer | Request], spoil: Spoil
) -> None:
    world.add_offer(db, scene.campaign)
    add = world.add_offer if table is Offer else world.add_request
    row = add(db, scene.campaign, name="Bad Row")
    world.add_request(db, scene.campaign)
    row.state = "cancelled"
    db.commit()
    without = instance_of(db, scene)
    row.state = "active"
    db.commit()
    assert len(instance_of(db, scene).index) == 3
    spoil(db, row)
    db.commit()
    built = instances.build(db, scene.campaign, world.DAY)
    assert built.instance == without
    # What the solver's process is handed can be read there.
    assert instance_from_json(json.loads(json.dumps(instance_to_json(built.instance)))) == without
    assert built.left_out == (row.id,)


def test_an_event_that_cannot_be_right_is_as_if_it_were_off(db: Session, scene: Scene) -> None:
    offer = world.add_offer(db, scene.campaign, event_ids=[scene.afternoon.id])
    world.add_offer(db, scene.campaign)
    db.exec(update(Event).where(col(Event.id) == scene.afternoon.id).values(lat=0.0))
    db.commit()
    built = instances.build(db, scene.campaign, world.DAY)
    assert str(scene.afternoon.id) not in built.instance.event_by_id
    assert str(offer.id) not in built.instance.index and built.left_out == ()


def test_the_coordinator_reads_who_was_left_out_and_finds_them(
    app: FastAPI, db: Session, scene: Scene
) -> None:
    world.add_offer(db, scene.campaign)
    world.add_request(db, scene.campaign)
    row = world.add_request(db, scene.campaign, name="Bella Bad")
    OF_BOTH["at sea"](db, row)
    db.commit()
    run = match(db, scene)
    client = log_in(browser(app), "priya@example.org")
    desk = f"/coordinate/{scene.campaign.slug}/{world.DAY}"
    page = read(client.get(f"{desk}/runs/{run.id}")).text
    assert "One sign-up was left out" in page and row.reference in page
    assert "Bella B." in read(client.get(f"{desk}/people", params={"q": row.reference.lower()})).text
    db.exec(text("DELETE FROM person WHERE name = 'Bella Bad'"))  # type: ignore[call-overload]
    db.commit()
    assert "left out" not in read(client.get(f"{desk}/runs/{run.id}")).text


def test_nobody_is_left_out_of_a_day_that_is_right(db: Session, scene: Scene) -> None:
    world.add_offer(db, scene.campaign)
    assert instances.build(db, scene.campaign, world.DAY).left_out == ()
    assert UUID(instance_of(db, scene).drivers[0].id)
