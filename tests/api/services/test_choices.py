"""What there is to choose from: coming days only, the places that are best from here first."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from api.services import campaigns, choices, yardstick
from api.services.local import today
from api.store.queries import campaigns as queries
from api.store.tables import Campaign, Coordinator, Event
from carpool.geo.constituency import constituencies
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
    days = choices.at_a_glance(db, campaign)
    assert [(day.day, day.count, [place.events for place in day.places]) for day in days] == [
        (soon.day, 1, [(soon,)]),
        (late.day, 1, [(late,)]),
    ]
    assert [choices.places_of_day(db, campaign, day) != [] for day in (today(), soon.day, late.day)] == [
        False,
        True,
        True,
    ]


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


def test_an_event_is_found_by_itself_while_it_is_to_come(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    event = world.add_event(db, campaign, coordinator)
    assert choices.events_in(db, campaign, str(event.id)) == (world.DAY, [event.id])
    other = world.add_campaign(db, coordinator, "Another")
    assert choices.events_in(db, other, str(event.id)) is None
    campaigns.cancel_event(db, campaign, coordinator, event.id)
    db.expire_all()
    assert choices.events_in(db, campaign, str(event.id)) is None


@pytest.fixture
def everywhere(db: Session, campaign: Campaign) -> dict[str, Event]:
    """Something on in every constituency on one day; code → event."""
    rows = {one.code: yardstick.event(campaign.id, one, 0) for one in constituencies()}
    queries.add_events(db, list(rows.values()))
    return rows


def test_of_very_many_places_the_best_are_offered_and_the_rest_are_counted(
    db: Session, campaign: Campaign, everywhere: dict[str, Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "MOST_EVENTS", 20)
    (day,) = choices.days_to_choose(db, campaign, "LS6 2AB", [])
    assert (len(day.places), day.left) == (20, 630)
    assert all(place.minutes is not None for place in day.places) and not day.more_open
    monkeypatch.setattr(choices, "MOST_EVENTS", 1)
    (day,) = choices.days_to_choose(db, campaign, "LS6 2AB", [])
    assert len(day.places) == choices.FIRST_PLACES, "the first ones in any case"


def test_what_is_ticked_is_offered_however_far_it_is(
    db: Session, campaign: Campaign, everywhere: dict[str, Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "MOST_EVENTS", 20)
    far = everywhere["E14001488"]
    (day,) = choices.days_to_choose(db, campaign, "LS6 2AB", [str(far.id), "no id"])
    assert (day.places[-1].code, day.more_open, day.left) == (far.constituency, True, 629)


def test_a_large_campaign_shows_a_few_places_and_lists_all(
    db: Session, campaign: Campaign, everywhere: dict[str, Event]
) -> None:
    (day,) = choices.at_a_glance(db, campaign)
    assert (len(day.places), day.count) == (choices.PLACES_AT_A_GLANCE, 650)
    listed = choices.places_of_day(db, campaign, day.day)
    assert [row.name for row in listed[:6]] == [place.name for place in day.places]
    assert (len(listed), {row.count for row in listed}) == (650, {1})
