"""Which cars could take somebody home who has no way back: room, direction, needs, company, and who is kept from whom."""

from typing import Any

import pytest
from sqlmodel import Session, select

from api.services import arrivals, safety, ticking
from api.services.host_views import FreeCar, Stranded
from api.store.tables import LiftStop, Offer
from tests.api import world
from tests.api.door import Door, door, lift_of
from tests.api.pages.scene import password_hash, scene

__all__ = ["door", "password_hash", "scene"]


@pytest.fixture
def missing(db: Session, door: Door) -> Door:
    """Dora did not come, and Dev, who drives Rita and a friend with four seats, lives next to Rafi."""
    ticking.tick(db, door.host, "driver", door.dora.id, "expected:no_show")
    change(db, door.dev, lat=door.rafi.lat, lon=door.rafi.lon, postcode="WF2 9ZZ")
    return door


def change(db: Session, row: Any, **values: Any) -> None:
    row.sqlmodel_update(values)
    db.add(row)
    db.flush()


def stranded(db: Session, door: Door) -> Stranded:
    db.expire_all()
    (one,) = arrivals.board(db, door.host).stranded
    return one


def cars(db: Session, door: Door) -> tuple[FreeCar, ...]:
    return stranded(db, door).cars


def test_a_car_with_room_that_goes_the_same_way_is_named_without_a_door(db: Session, missing: Door) -> None:
    (car,) = cars(db, missing)
    assert (car.driver, car.car, car.plate, car.free) == ("Dev D.", "red Mini", "DEV", 2)
    assert (car.towards, car.here) == ("WF2", False)
    ticking.tick(db, missing.host, "driver", missing.dev.id, "expected:arrived")
    assert cars(db, missing)[0].here


def test_whoever_did_not_come_leaves_their_seats(db: Session, missing: Door) -> None:
    ticking.tick(db, missing.host, "rider", missing.rita.id, "expected:no_show")
    assert cars(db, missing)[0].free == 4


@pytest.mark.parametrize(
    ("whose", "values"),
    [
        ("rafi", {"party": 3}),
        ("rafi", {"needs": ["wheelchair"]}),
        ("rafi", {"company": ["woman"]}),
        ("dev", {"company": ["woman"]}),
        ("rita", {"company": ["woman"]}),
        ("dev", {"lat": 54.9, "lon": -1.6}),
        ("dev", {"max_detour_minutes": -1.0}),
    ],
)
def test_a_car_that_does_not_fit_is_not_named(
    db: Session, missing: Door, whose: str, values: dict[str, Any]
) -> None:
    change(db, getattr(missing, whose), **values)
    assert cars(db, missing) == ()


def test_what_somebody_needs_has_to_be_free_in_the_car(db: Session, missing: Door) -> None:
    change(db, missing.rafi, needs=["child_seat"])
    change(db, missing.dev, offers={"child_seat": 1})
    assert len(cars(db, missing)) == 1
    change(db, missing.rita, needs=["child_seat"])
    assert cars(db, missing) == ()


def test_who_is_kept_apart_is_not_sent_to_ask(db: Session, missing: Door) -> None:
    rafi, dev = (world.person_of(db, row) for row in (missing.rafi, missing.dev))
    safety.keep_apart(db, missing.scene.campaign.id, rafi, [dev])
    assert cars(db, missing) == ()


def test_a_driver_who_does_not_drive_back_or_did_not_come_takes_nobody(db: Session, missing: Door) -> None:
    lift = lift_of(db, missing.dev)
    ticking.tick(db, missing.host, "driver", missing.dev.id, "expected:no_show")
    db.expire_all()
    assert all(one.cars == () for one in arrivals.board(db, missing.host).stranded)
    ticking.tick(db, missing.host, "driver", missing.dev.id, "no_show:expected")
    change(db, lift, home_at=None)
    db.expire_all()
    found = arrivals.board(db, missing.host).stranded
    assert {(one.guest.name, one.why) for one in found} == {
        ("Rafi R.", "driver_missing"),
        ("Rita C.", "no_way_back"),
    }
    assert all(one.cars == () for one in found)


def test_a_rider_without_a_place_on_the_way_back_is_on_top_unless_they_want_none(
    db: Session, door: Door
) -> None:
    stop = db.exec(select(LiftStop).where(LiftStop.request_id == door.rita.id)).one()
    change(db, stop, drop_at=None)
    assert (stranded(db, door).guest.name, stranded(db, door).why) == ("Rita C.", "no_way_back")
    change(db, door.rita, way_back=False)
    db.expire_all()
    assert arrivals.board(db, door.host).stranded == ()


def test_who_has_come_is_before_who_has_not(db: Session, door: Door) -> None:
    for row in (door.dora, door.dev):
        assert isinstance(row, Offer)
        ticking.tick(db, door.host, "driver", row.id, "expected:no_show")
    ticking.tick(db, door.host, "rider", door.rita.id, "expected:arrived")
    db.expire_all()
    names = [one.guest.name for one in arrivals.board(db, door.host).stranded]
    assert names == ["Rita C.", "Rafi R."]
