"""A constituency and an event as everybody may see them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, update

from api.errors import Invalid, NotFound
from api.services import campaigns, figures, places
from api.services.local import now
from api.store.tables import Event
from tests.api import world

LEEDS, OTHER = world.LEEDS_NORTH_WEST, "E14001325"


@pytest.fixture(autouse=True)
def _fresh_figures() -> None:
    figures._keep.cache_clear()


def test_a_key_constituency_is_there_with_and_without_events(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    campaigns.add_key(db, campaign, coordinator, LEEDS)
    empty = places.constituency(db, campaign, LEEDS)
    assert (empty.events, empty.full, empty.wanted, empty.offers) == ((), False, "none yet", "none yet")
    event = world.add_event(db, campaign, coordinator)
    found = places.constituency(db, campaign, LEEDS)
    assert (found.events, found.wanted) == ((event,), "20+")


def test_one_that_nobody_is_wanted_at_is_full(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator, wanted=0)
    assert places.constituency(db, campaign, LEEDS).full


def test_other_constituencies_and_other_campaigns_events_are_not_there(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    mine, other = world.add_campaign(db, coordinator), world.add_campaign(db, coordinator, "Another")
    event = world.add_event(db, mine, coordinator)
    for code in (OTHER, "E99999999", ""):
        with pytest.raises(NotFound):
            places.constituency(db, mine, code)
    with pytest.raises(NotFound):
        places.constituency(db, other, LEEDS)
    for campaign, event_id in ((other, event.id), (mine, uuid4())):
        with pytest.raises(NotFound):
            places.event(db, campaign, event_id)


def test_an_event_comes_with_what_else_is_on_there(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    first, second = (world.add_event(db, campaign, coordinator, title=title) for title in ("First", "Second"))
    world.add_event(db, campaign, coordinator, constituency=OTHER)
    found, place = places.event(db, campaign, first.id)
    assert (found, place.code, place.events) == (first, LEEDS, (second,))


def test_an_event_that_is_over_or_cancelled_says_so(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    event = world.add_event(db, campaign, coordinator)
    db.exec(update(Event).values(starts_at=now() - timedelta(hours=3), ends_at=now() - timedelta(hours=1)))
    assert places.event(db, campaign, event.id)[0].over
    campaigns.cancel_event(db, campaign, coordinator, event.id)
    db.expire_all()
    assert places.event(db, campaign, event.id)[0].cancelled


def test_how_far_it_is_counts_the_ferry(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    there = places.constituency(db, campaign, LEEDS).place
    assert places.minutes_from(db, "ls6 2ab", there)[0] == "LS6 2AB"
    near, far = (places.minutes_from(db, start, there)[1] for start in ("Southampton", "PO30 1AA"))
    assert far > near + 60
    with pytest.raises(Invalid):
        places.minutes_from(db, "nowhere", there)
