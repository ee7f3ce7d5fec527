"""What there is to choose from: coming days only, the places that are best from here first."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from api.services import campaigns, choices
from api.services.local import today
from api.store.tables import Campaign, Coordinator
from tests.api import world

LEEDS, HULL = world.LEEDS_NORTH_WEST, "E14001313"


@pytest.fixture
def coordinator(db: Session) -> Coordinator:
    return world.add_coordinator(db)


@pytest.fixture
def campaign(db: Session, coordinator: Coordinator) -> Campaign:
    return world.add_campaign(db, coordinator)


def test_only_what_is_still_to_come_is_offered(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    world.add_event(db, campaign, coordinator, day=today() - timedelta(days=1))
    off = world.add_event(db, campaign, coordinator)
    campaigns.cancel_event(db, campaign, coordinator, off.id)
    late = world.add_event(db, campaign, coordinator, day=world.DAY + timedelta(days=1))
    soon = world.add_event(db, campaign, coordinator)
    assert choices.coming_days(db, campaign) == [(soon.day, [soon]), (late.day, [late])]


def test_the_places_best_from_a_postcode_come_first(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    """Without a postcode they stand by name; an event that is out of reach is offered all the same, last."""
    for code in (HULL, LEEDS):
        world.add_event(db, campaign, coordinator, constituency=code)
    (unknown,) = choices.days_to_choose(db, campaign, "", [])
    assert [place.minutes for place in unknown.places] == [None, None]
    names = [place.name for place in unknown.places]
    assert names == sorted(names)
    (near_leeds,) = choices.days_to_choose(db, campaign, "LS6 2AB", [])
    assert near_leeds.places[0].events[0].constituency == LEEDS
    (far,) = choices.days_to_choose(db, campaign, "TR18 2AB", [])
    assert [place.minutes for place in far.places] == [None, None]


def test_a_ticked_event_is_never_folded_away(
    db: Session, campaign: Campaign, coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "FIRST_PLACES", 1)
    events = {code: world.add_event(db, campaign, coordinator, constituency=code) for code in (LEEDS, HULL)}
    for code, opened in ((LEEDS, False), (HULL, True)):
        (day,) = choices.days_to_choose(db, campaign, "LS6 2AB", [str(events[code].id)])
        assert day.more_open is opened


def test_a_place_stands_for_its_events_of_the_first_day(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    first = [world.add_event(db, campaign, coordinator, title=title).id for title in ("A", "B")]
    world.add_event(db, campaign, coordinator, day=world.DAY + timedelta(days=1))
    world.add_event(db, campaign, coordinator, constituency=HULL)
    assert choices.events_in(db, campaign, LEEDS) == (world.DAY, first)
    assert choices.events_in(db, campaign, "E99999999") is None
