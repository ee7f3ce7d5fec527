"""Where riders are picked up: what is offered near them, what is kept of their choice, and what the solver makes of it."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from api.errors import Invalid
from api.services import importing, matching, my_page, pickups
from api.store.queries import public_places
from carpool.geo.constituency import postcode_districts
from tests.api import world

# District LS6's middle, from which a postcode in it is placed while no unit postcodes are imported.
MIDDLE = postcode_districts()["LS6"]


@pytest.fixture
def places(db: Session) -> dict[str, str]:
    """Name → id of some places around the middle of LS6, at so many thousandths of a degree north of it."""
    rows = {
        "Market Cross (opp)": ("bus stop", 2.0),
        "Market Cross (adj)": ("bus stop", 2.3),
        "Library": ("car park", 4.0),
        "Church": ("bus stop", 3.5),
        "Far Corner": ("bus stop", 17.0),
        "Next Town": ("railway station", 60.0),
    }
    public_places.replace(
        db,
        "own:test",
        [(name, kind, MIDDLE.lat + north / 1000, MIDDLE.lon) for name, (kind, north) in rows.items()],
    )
    frame = (49, -9, 61, 3)
    return {place.name: str(place.id) for place in public_places.within(db, *frame)}


def test_the_nearest_are_offered_without_the_other_side_of_the_road(
    db: Session, places: dict[str, str]
) -> None:
    offered = pickups.choices(db, "ls6 2ab")
    assert offered is not None and (offered.postcode, offered.exact) == ("LS6 2AB", False)
    assert [(place.name, place.ticked) for place in offered.places] == [
        ("Market Cross (opp)", True), ("Library", True), ("Far Corner", False),
    ]  # fmt: skip
    walks = [place.walk_minutes for place in offered.places]
    assert walks == sorted(walks) and walks[0] == 4 and 28 <= walks[2] <= 33


def test_where_a_car_can_wait_is_worth_a_longer_walk(db: Session, places: dict[str, str]) -> None:
    offered = pickups.choices(db, "LS6 2AB")
    # The car park is 55 m further than the church, too near to it for both.
    assert offered is not None and "Church" not in [place.name for place in offered.places]


@pytest.mark.parametrize("typed", ["", "Leeds", "LS6", "ZZ1 1AA"])
def test_without_a_postcode_there_is_nothing_to_choose(db: Session, typed: str) -> None:
    assert pickups.choices(db, typed) is None


def test_what_is_chosen_stays_although_the_table_changes(db: Session, places: dict[str, str]) -> None:
    campaign = world.add_campaign(db, world.add_coordinator(db))
    world.add_event(db, campaign, world.add_coordinator(db))
    chosen = [places["Library"], places["Market Cross (opp)"]]
    request = world.add_request(
        db,
        campaign,
        postcode="LS6 2AB",
        home=False,
        pickup="",
        places=chosen,
        own_place="the mill",
        own_postcode="LS6 1AA",
    )
    public_places.replace(db, "own:test", [])
    kept = {place["name"]: place for place in request.places}
    assert set(kept) == {"Market Cross (opp)", "Library", "the mill, LS6 1AA"} and not request.home_pickup
    assert kept["the mill, LS6 1AA"]["id"] == "own"
    (rider,) = matching.build_instance(db, campaign, world.DAY).riders
    assert not rider.home_pickup
    assert {place.id for place in rider.places} == {*chosen, "own"}
    answers = dict(my_page.of(db, world.person_of(db, request)).sign_up.answers)
    assert "the mill, LS6 1AA" in answers["Pick-up"] and "door" not in answers["Pick-up"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"places": [uuid4()]}, "places"),
        ({"own_postcode": "TR18 2AB"}, "places"),
    ],
)
def test_a_place_that_is_gone_or_too_far_is_refused_by_field(
    db: Session, places: dict[str, str], change: dict[str, Any], field: str
) -> None:
    campaign = world.add_campaign(db, world.add_coordinator(db))
    world.add_event(db, campaign, world.add_coordinator(db))
    with pytest.raises(Invalid) as caught:
        world.add_request(db, campaign, postcode="LS6 2AB", home=False, pickup="", **change)
    assert set(caught.value.errors) == {field}


def test_a_file_takes_the_place_of_the_one_of_the_same_name_only(db: Session, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("name,kind,lat,lon\nMill,corner,53.8,-1.5\nOak,corner,53.81,-1.5\n")
    second.write_text("name,kind,lat,lon\nInn,corner,53.82,-1.5\n")
    assert importing.import_places(db, str(first)).total == 2
    assert importing.import_places(db, str(second)).total == 3
    first.write_text("name,kind,lat,lon\nMill,corner,53.8,-1.5\n")
    done = importing.import_places(db, str(first))
    assert (done.stored, done.passed_over, done.total) == (1, 0, 2)
