"""A lift in a calendar and in a navigation app: it follows every change, and says nothing of who travels and what for."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import Session

from api.calendars import Entry, calendar_file
from api.errors import NotFound
from api.services import legs, lifts, my_page
from api.store.tables import Offer, Request
from tests.api import world
from tests.api.pages.scene import Pair, Scene, pair, password_hash, publish, scene

__all__ = ["pair", "password_hash", "scene"]
URL = "https://lifts.org.uk/my"


def entries(db: Session, sign_up: Offer | Request) -> list[Entry]:
    return legs.calendar(db, world.person_of(db, sign_up), URL)


def test_there_is_an_entry_for_each_leg_and_it_keeps_its_name(db: Session, pair: Pair) -> None:
    for sign_up in pair:
        there, back = entries(db, sign_up)
        lift = my_page.of(db, world.person_of(db, sign_up)).lift
        assert lift is not None and not (there.cancelled or back.cancelled)
        assert there.ends_at == lift.arrives_at and back.starts_at == lift.event.ends_at
        assert [entry.uid for entry in (there, back)] == [
            f"{leg}-{sign_up.id}@keyseat-carpool" for leg in ("there", "back")
        ]
        assert [entry.sequence for entry in entries(db, sign_up)] == [there.sequence, back.sequence]


def test_an_entry_says_nothing_of_who_travels_and_what_for(db: Session, pair: Pair, scene: Scene) -> None:
    for sign_up in pair:
        text = calendar_file(entries(db, sign_up)).decode().replace("\r\n ", "")
        for private in (
            "Dora",
            "Rafi",
            scene.morning.title,
            scene.campaign.name,
            "07700",
            "Ford",
            sign_up.reference,
        ):
            assert private not in text
        assert URL in text


def test_a_lift_that_is_off_goes_out_of_the_calendar(db: Session, pair: Pair) -> None:
    offer, request = pair
    before = entries(db, request)
    lifts.cancel(db, offer, world.person_of(db, offer))
    db.flush()
    for entry, earlier in zip(entries(db, request), before, strict=True):
        assert entry.cancelled and entry.uid == earlier.uid and entry.sequence > earlier.sequence
    assert all(entry.cancelled for entry in entries(db, offer))


def test_nobody_without_a_lift_gets_a_file(db: Session, scene: Scene) -> None:
    request = world.add_request(db, scene.campaign)
    with pytest.raises(NotFound):
        entries(db, request)


def test_who_travels_one_way_has_no_way_back_in_the_calendar(db: Session, scene: Scene) -> None:
    world.add_offer(db, scene.campaign)
    request = world.add_request(db, scene.campaign, way_back=False)
    db.commit()
    publish(db, scene)
    there, back = entries(db, request)
    assert not there.cancelled and back.cancelled


def query(lift: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(legs.navigation(lift)).query)


def test_one_address_opens_all_stops_in_order(db: Session, pair: Pair, scene: Scene) -> None:
    offer, request = pair
    driver = my_page.of(db, world.person_of(db, offer)).lift
    rider = my_page.of(db, world.person_of(db, request)).lift
    place = f"{scene.morning.lat:.5f},{scene.morning.lon:.5f}"
    at = f"{request.lat:.5f},{request.lon:.5f}"
    assert query(driver) == {
        "api": ["1"],
        "destination": [place],
        "travelmode": ["driving"],
        "waypoints": [at],
    }
    assert query(rider) == {"api": ["1"], "destination": [at], "travelmode": ["walking"]}
