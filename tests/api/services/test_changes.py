"""Changing answers: what the lift bears leaves it alone, what breaks it gives it up, and both are said before."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from api.errors import Conflict, Invalid
from api.services import changes, matching, people, publishing
from api.services.changes import Meaning
from api.services.forms import Answers, EitherAnswers, OfferAnswers, RequestAnswers
from api.services.local import local
from api.store.queries import campaigns, lifts, sign_ups
from api.store.tables import Offer, Request
from tests.api import world
from tests.api.pages.scene import Scene, match, pair, password_hash, publish, scene

__all__ = ["pair", "password_hash", "scene"]

MODELS: dict[type, type[Answers]] = {Offer: OfferAnswers, Request: RequestAnswers}


def answers_of(sign_up: Offer | Request, **new: Any) -> Answers:
    return MODELS[type(sign_up)].model_validate(sign_up.answers | new)


def meaning(db: Session, sign_up: Offer | Request, **new: Any) -> Meaning:
    return changes.meaning(db, world.person_of(db, sign_up), answers_of(sign_up, **new))


def save(db: Session, sign_up: Offer | Request, *, agreed: bool = False, **new: Any) -> None:
    changes.save(db, world.person_of(db, sign_up), answers_of(sign_up, **new), agreed=agreed)


def has_lift(db: Session, sign_up: Offer | Request) -> bool:
    return lifts.has_lift(db, sign_up)


HARMLESS_FOR_A_DRIVER = [
    {}, {"car": "red Mini", "plate": "ABC"}, {"seats": 5}, {"seats": 1}, {"max_detour_minutes": 45}, {"ready_at": "06:00"},
    {"home_by": "22:00"}, {"child_seats": 2}, {"woman": True}, {"most_days": 1},
]  # fmt: skip
BREAKING_FOR_A_DRIVER = [
    ({"seats": 0}, "not enough seats"), ({"postcode": "LS6 2AB"}, "another place"), ({"way_back": False}, "no way back"),
    ({"ready_at": "09:50"}, "before you can leave"), ({"home_by": "13:05"}, "home too late"),
    ({"max_travel_minutes": 10}, "drive is longer"), ({"max_detour_minutes": 0}, "detour is longer"),
    ({"woman": True, "women_only": True}, "company"),
]  # fmt: skip
HARMLESS_FOR_A_RIDER = [
    {"pickup": "by the gate"}, {"party": 3}, {"way_back": False}, {"step_free": True}, {"may_ask": True},
    {"home_by": "20:00"}, {"max_travel_minutes": 180},
]  # fmt: skip
BREAKING_FOR_A_RIDER = [
    ({"party": 4}, "not enough seats"), ({"child_seat": True}, "does not offer"), ({"extra_minutes": 10}, "stop takes longer"),
    ({"ready_at": "09:55"}, "before you can leave"), ({"home_by": "13:01"}, "home too late"),
    ({"home": False, "own_postcode": "WF2 9AA"}, "no longer among yours"), ({"postcode": "WF1 1AA"}, "another place"),
]  # fmt: skip


@pytest.mark.parametrize("new", HARMLESS_FOR_A_DRIVER)
def test_what_a_drivers_lift_bears(db: Session, pair: tuple[Offer, Request], new: dict[str, Any]) -> None:
    assert meaning(db, pair[0], **new) == Meaning(has_lift=True, told=1)
    save(db, pair[0], **new)
    assert has_lift(db, pair[0]) and has_lift(db, pair[1])
    assert not world.messages_of(db, pair[1], "driver_cancelled")


@pytest.mark.parametrize(("new", "said"), BREAKING_FOR_A_DRIVER)
def test_what_breaks_a_drivers_lift(
    db: Session, pair: tuple[Offer, Request], new: dict[str, Any], said: str
) -> None:
    driver, rider = pair
    means = meaning(db, driver, **new)
    assert means.breaks and said in " ".join(means.why)
    with pytest.raises(Conflict):
        save(db, driver, **new)
    assert has_lift(db, driver)
    save(db, driver, agreed=True, **new)
    assert not has_lift(db, driver) and not has_lift(db, rider)
    assert driver.state == "active" and len(world.messages_of(db, rider, "driver_cancelled")) == 1
    # Whoever changes it themselves is told on the page, not by a letter.
    assert not world.messages_of(db, driver, "cancelled_by_you")


@pytest.mark.parametrize("new", HARMLESS_FOR_A_RIDER)
def test_what_a_riders_lift_bears(db: Session, pair: tuple[Offer, Request], new: dict[str, Any]) -> None:
    assert not meaning(db, pair[1], **new).breaks
    save(db, pair[1], **new)
    assert has_lift(db, pair[1])


@pytest.mark.parametrize(("new", "said"), BREAKING_FOR_A_RIDER)
def test_what_breaks_a_riders_lift(
    db: Session, pair: tuple[Offer, Request], new: dict[str, Any], said: str
) -> None:
    driver, rider = pair
    assert said in " ".join(meaning(db, rider, **new).why)
    save(db, rider, agreed=True, **new)
    assert has_lift(db, driver) and not has_lift(db, rider)
    assert len(world.messages_of(db, driver, "rider_cancelled")) == 1
    assert str(rider.id) in {
        one.id for one in matching.build_instance(db, campaign_of(db, rider), world.DAY).riders
    }


def campaign_of(db: Session, sign_up: Offer | Request) -> Any:
    return campaigns.by_id(db, sign_up.campaign_id)


def test_other_events_and_another_day(db: Session, scene: Scene, pair: tuple[Offer, Request]) -> None:
    lift = lifts.of_offer(db, pair[0].id)
    assert lift is not None
    others = [event.id for event in (scene.morning, scene.afternoon) if event.id != lift.event_id]
    assert "no longer among yours" in " ".join(meaning(db, pair[0], event_ids=[str(others[0])]).why)
    assert not meaning(db, pair[0], event_ids=[str(lift.event_id)]).breaks
    assert "another day" in " ".join(meaning(db, pair[0], day=scene.next_day.day).why)
    save(db, pair[0], agreed=True, day=scene.next_day.day)
    assert pair[0].day == scene.next_day.day


def test_without_a_lift_everything_can_be_changed_and_nobody_is_told(db: Session, scene: Scene) -> None:
    request = world.add_request(db, scene.campaign)
    new: dict[str, Any] = {"postcode": "ls6 2ab", "ready_at": time(9), "party": 4, "child_seat": True}
    assert meaning(db, request, **new) == Meaning()
    save(db, request, **new)
    assert (request.postcode, request.party, request.needs) == ("LS6 2AB", 4, ["child_seat"])
    assert request.ready_at is not None and local(request.ready_at).time() == time(9)
    assert request.answers["party"] == 4


def test_answers_that_will_not_do_change_nothing(db: Session, scene: Scene) -> None:
    request = world.add_request(db, scene.campaign)
    with pytest.raises(Invalid):
        save(db, request, day=world.DAY + timedelta(days=9))
    assert request.day == world.DAY


def test_who_cancelled_has_nothing_to_change(db: Session, scene: Scene) -> None:
    request = world.add_request(db, scene.campaign)
    people.cancel(db, world.person_of(db, request))
    with pytest.raises(Conflict):
        changes.begin(db, world.person_of(db, request))


def test_a_rider_becomes_a_driver_and_a_rider_again(db: Session, pair: tuple[Offer, Request]) -> None:
    _, rider = pair
    person = world.person_of(db, rider)
    drives = OfferAnswers.model_validate(
        {"postcode": "WF2 8AA", "day": world.DAY, "seats": 2, "car": "red Mini"}
    )
    assert "drive instead of riding" in " ".join(changes.meaning(db, person, drives).why)
    changes.save(db, person, drives, agreed=True)
    now = sign_ups.of_person(db, person.id)
    assert isinstance(now, Offer) and (now.seats, now.state, now.reference) == (2, "active", rider.reference)
    assert (rider.state, changes.begin(db, person)) == ("replaced", "offer")
    changes.save(db, person, answers_of(rider), agreed=False)
    assert (rider.state, now.state) == ("active", "replaced") and sign_ups.of_person(db, person.id) == rider


def test_who_would_do_either_and_drives_changes_the_car_and_drives_on(db: Session, scene: Scene) -> None:
    either = world.add_either(db, scene.campaign, postcode="WF1 1AA", car="red Mini")
    rider = world.add_request(db, scene.campaign)
    publish(db, scene)
    person = world.person_of(db, either)
    assert changes.begin(db, person) == "either"
    new = EitherAnswers.model_validate(either.answers | {"car": "green Mini", "seats": 4})
    assert not changes.meaning(db, person, new).breaks
    changes.save(db, person, new, agreed=False)
    offer = sign_ups.of_person(db, person.id)
    assert isinstance(offer, Offer) and (offer.car, offer.seats) == ("green Mini", 4)
    assert (either.state, has_lift(db, rider)) == ("driving", True)
    rides = RequestAnswers.model_validate(
        {name: either.answers[name] for name in RequestAnswers.model_fields}
    )
    assert "ride instead of driving" in " ".join(changes.meaning(db, person, rides).why)
    changes.save(db, person, rides, agreed=True)
    assert (either.state, offer.state, either.can_drive) == ("active", "replaced", None)
    assert not has_lift(db, rider)


def test_a_plan_made_before_a_change_gives_nobody_a_lift_that_no_longer_fits(
    db: Session, scene: Scene
) -> None:
    driver = world.add_offer(db, scene.campaign)
    stays, leaves = world.add_request(db, scene.campaign), world.add_request(db, scene.campaign)
    run = match(db, scene)
    save(db, driver, car="red Mini", seats=4)
    save(db, leaves, child_seat=True)
    publishing.publish(db, scene.campaign, run.id, scene.coordinator)
    assert (has_lift(db, driver), has_lift(db, stays), has_lift(db, leaves)) == (True, True, False)
    assert world.messages_of(db, leaves, "no_lift")


def test_nor_does_one_whose_driver_has_moved(db: Session, scene: Scene) -> None:
    driver, rider = world.add_offer(db, scene.campaign), world.add_request(db, scene.campaign)
    run = match(db, scene)
    save(db, driver, postcode="WF4 1AA")
    publishing.publish(db, scene.campaign, run.id, scene.coordinator)
    assert not has_lift(db, driver) and not has_lift(db, rider)
