"""What people say of needs, times, days and events, as it is kept and as the solver gets it."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select, update

from api.errors import Invalid
from api.services import intake, matching
from api.services.local import local, now
from api.services.views import EventView
from api.store.tables import Campaign, Event, Person, Request
from tests.api import world

Scene = tuple[Campaign, EventView]


@pytest.fixture
def scene(db: Session) -> Scene:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    return campaign, world.add_event(db, campaign, coordinator)


def receive(db: Session, campaign: Campaign, **changes: Any) -> None:
    intake.receive(db, campaign, world.request_form(**changes), "a-key-of-sixteen")


def refusal(db: Session, campaign: Campaign, **changes: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        receive(db, campaign, **changes)
    return caught.value.errors


def test_access_needs_reach_the_solver_as_needs_and_time_at_the_stop(db: Session, scene: Scene) -> None:
    campaign, _ = scene
    world.add_offer(db, campaign, child_seats=2, wheelchair_places=1, assistance_dogs=1)
    request = world.add_request(
        db, campaign, wheelchair_place=True, assistance_dog=True, step_free=True, extra_minutes=5
    )
    instance = matching.build_instance(db, campaign, world.DAY)
    [driver], [rider] = instance.drivers, instance.riders
    assert driver.offers == {"child_seat": 2, "wheelchair_place": 1, "assistance_dog": 1}
    # Any car can stop where there are no steps: that keeps nobody out of one.
    assert rider.needs == ("wheelchair_place", "assistance_dog") and "step_free" in request.needs
    assert rider.dwell_minutes == 10.0


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [({}, None), ({"wheelchair": True}, 5.0), ({"wheelchair": True, "extra_minutes": 15}, 17.0), ({"extra_minutes": 5}, 7.0)],
)  # fmt: skip
def test_extra_time_at_the_stop(
    db: Session, scene: Scene, asked: dict[str, Any], minutes: float | None
) -> None:
    assert world.add_request(db, scene[0], **asked).dwell_minutes == minutes


def test_either_is_a_rider_who_can_drive(db: Session, scene: Scene) -> None:
    either = {
        "ready_at": time(8),
        "way_back": False,
        "max_detour_minutes": 30,
        "max_travel_minutes": 90,
        "child_seats": 1,
    }
    request = world.add_either(db, scene[0], car="red Mini", **either)
    [rider] = matching.build_instance(db, scene[0], world.DAY).riders
    driver = rider.as_driver()
    assert driver is not None and driver.id == str(request.id)
    assert (driver.seats, driver.offers, driver.way_back) == (3, {"child_seat": 1}, False)
    assert (driver.max_detour_minutes, driver.max_travel_minutes) == (30, 90)
    assert driver.ready_at is not None and driver.ready_at.time() == time(8)


def test_who_must_be_somewhere_else_is_home_in_time_to_get_there(db: Session, scene: Scene) -> None:
    # From Wakefield to Leeds by car takes half an hour or so, and ten minutes are to spare.
    request = world.add_request(db, scene[0], elsewhere="LS6 2AB", elsewhere_by=time(18))
    assert request.home_by is not None
    assert time(17) < local(request.home_by).time() < time(17, 40)
    sooner = world.add_request(db, scene[0], elsewhere="LS6 2AB", elsewhere_by=time(18), home_by=time(15))
    assert sooner.home_by is not None and local(sooner.home_by).time() == time(15)


def test_a_place_that_cannot_be_reached_is_said(db: Session, scene: Scene) -> None:
    far = refusal(db, scene[0], elsewhere="ZE1 0AA", elsewhere_by=time(12), ready_at=time(8))
    assert "takes about" in far["elsewhere_by"]


def test_an_event_that_is_over_is_said(db: Session, scene: Scene) -> None:
    campaign, event = scene
    later = world.add_event(db, campaign, world.add_coordinator(db), starts=time(15), ends=time(17))
    past = {"starts_at": now() - timedelta(hours=2), "ends_at": now() - timedelta(minutes=1)}
    db.exec(update(Event).where(Event.id == event.id).values(**past))  # type: ignore[arg-type]
    assert "is over" in refusal(db, campaign, event_ids=[event.id])["event_ids"]
    db.exec(update(Event).where(Event.id == later.id).values(**past))  # type: ignore[arg-type]
    assert "nothing on that day any more" in refusal(db, campaign)["day"]


def test_several_days_are_a_sign_up_each_confirmed_by_one_letter(db: Session, scene: Scene) -> None:
    campaign, _ = scene
    next_day = world.DAY + timedelta(days=1)
    coordinator = world.add_coordinator(db)
    stall = world.add_event(db, campaign, coordinator, title="Stall", day=next_day)
    world.add_event(db, campaign, coordinator, title="Another", day=next_day)
    request = world.add_request(db, campaign, also=[next_day], event_ids=[stall.id], most_days=1)
    first, second = db.exec(select(Request).order_by(Request.day)).all()  # type: ignore[arg-type]
    assert first.id == request.id and (first.day, second.day) == (world.DAY, next_day)
    # On the day of which no event was ticked any will do.
    assert (first.event_ids, second.event_ids) == (None, [str(stall.id)])
    assert all(person.confirmed_at for person in db.exec(select(Person)).all())
    assert not world.messages_of(db, second, "confirm")
    assert first.answers["also"] == [] and second.answers["day"] == next_day.isoformat()


def test_the_same_key_with_several_days_changes_nothing(db: Session, scene: Scene) -> None:
    next_day = world.DAY + timedelta(days=1)
    world.add_event(db, scene[0], world.add_coordinator(db), day=next_day)
    form = world.request_form(also=[next_day])
    one, two = (intake.receive(db, scene[0], form, "a-key-of-sixteen") for _ in range(2))
    assert (one.created, two.created, one.reference) == (True, False, two.reference)
    assert len(db.exec(select(Request)).all()) == 2


def test_the_answers_are_kept_without_name_and_contact(db: Session, scene: Scene) -> None:
    request = world.add_request(db, scene[0], party=2)
    assert request.answers["party"] == 2 and request.answers["postcode"] == "WF2 8AA"
    assert not {"name", "email", "phone", "consent"} & set(request.answers)
