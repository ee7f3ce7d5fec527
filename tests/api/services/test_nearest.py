"""What is near somebody: need and travel, events, and figures that tell nobody about one person."""

import time as stopwatch
from datetime import timedelta
from statistics import median
from uuid import uuid4

import pytest
from sqlmodel import Session, col, insert, update

from api.errors import Invalid
from api.services import campaigns, figures
from api.services.local import now
from api.services.nearest import near
from api.store.tables import Event, Person
from carpool.geo.constituency import constituencies
from tests.api import world


@pytest.fixture(autouse=True)
def _fresh_figures() -> None:
    figures._keep.cache_clear()


def confirmed_an_hour_ago(db: Session) -> None:
    hour = figures.this_hour() - timedelta(minutes=1)
    db.exec(update(Person).where(col(Person.confirmed_at).is_not(None)).values(confirmed_at=hour))


def test_without_a_campaign_the_closest_results_in_reach_come_first(db: Session) -> None:
    found = near(db, "ls6 2ab", limit=50)
    assert found.place.postcode == "LS6 2AB"
    assert found.constituencies
    assert all(
        row.minutes <= 120 and row.majority_pct < 5 and row.campaign is None for row in found.constituencies
    )
    scores = [row.score for row in found.constituencies]
    assert scores == sorted(scores, reverse=True)


def test_a_campaign_shows_its_key_constituencies_with_their_events(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    event = world.add_event(db, campaign, coordinator, constituency="E14001322")
    campaigns.add_marginal(db, campaign, coordinator, 5.0)
    rows = {row.code: row for row in near(db, "LS6", limit=50).constituencies}
    assert rows["E14001322"].events == (event,)
    assert rows["E14001322"].wanted == "20+"
    assert all(row.campaign and row.campaign.slug == campaign.slug for row in rows.values())
    campaigns.cancel_event(db, campaign, coordinator, event.id)
    assert "E14001322" not in {row.code for row in near(db, "LS6", limit=50).constituencies}


def test_a_constituency_that_is_full_ranks_below_one_that_is_not(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator, constituency="E14001322", wanted=0)
    world.add_event(db, campaign, coordinator, constituency="E14001325", wanted=50)
    rows = near(db, "LS6 2AB", campaign).constituencies
    assert [(row.code, row.full) for row in rows] == [("E14001325", False), ("E14001322", True)]


def test_figures_move_in_steps_and_only_with_the_hour(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    event = world.add_event(db, campaign, coordinator)

    def offers() -> str:
        return near(db, "LS6 2AB", campaign).constituencies[0].offers

    for _ in range(4):
        world.add_offer(db, campaign, event_ids=[event.id])
    confirmed_an_hour_ago(db)
    assert offers() == "none yet"
    world.add_offer(db, campaign)
    assert offers() == "none yet", "the fifth is not of this hour's snapshot"
    figures._keep.cache_clear()
    assert offers() == "none yet", "the fifth confirmed within this hour"
    confirmed_an_hour_ago(db)
    figures._keep.cache_clear()
    assert offers() == "5+"
    world.add_request(db, campaign, confirmed=False)
    assert near(db, "LS6 2AB", campaign).constituencies[0].requests == "none yet"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "none yet"), (4, "none yet"), (5, "5+"), (9, "5+"), (10, "10+"), (49, "20+"), (999, "50+")],
)
def test_the_steps(count: int, words: str) -> None:
    assert figures.in_steps(count) == words


@pytest.mark.parametrize(
    ("typed", "precision"),
    [("LS6 2AB", "district"), ("ls6", "district"), ("Leeds", "town"), ("PO30 1AA", "district")],
)
def test_a_search_starts_from_a_postcode_a_half_one_or_a_town(
    db: Session, typed: str, precision: str
) -> None:
    assert near(db, typed).place.precision == precision


def test_an_event_that_has_ended_is_gone_whatever_the_day(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    event = world.add_event(db, campaign, coordinator)
    assert [x.id for row in near(db, "LS6", campaign).constituencies for x in row.events] == [event.id]
    ended = {"starts_at": now() - timedelta(hours=2), "ends_at": now() - timedelta(minutes=1)}
    db.exec(update(Event).values(**ended))
    assert near(db, "LS6", campaign).constituencies == ()


def test_650_constituencies_and_10_000_events_take_less_than_20_ms(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    campaigns.add_marginal(db, campaign, coordinator, 100.0)
    first = world.add_event(db, campaign, coordinator)
    row = db.exec(Event.__table__.select()).one()._asdict()  # type: ignore[attr-defined]  # SQLModel hides it
    codes = [one.code for one in constituencies()]
    rows = [
        {**row, "id": uuid4(), "constituency": codes[n % len(codes)], "title": f"Canvass {n}"}
        for n in range(10_000)
    ]
    db.exec(insert(Event), params=rows)
    near(db, "LS6 2AB")  # counts the hour's figures
    taken = []
    for _ in range(15):
        db.expunge_all()
        start = stopwatch.perf_counter()
        found = near(db, "LS6 2AB", limit=6)
        taken.append(1000 * (stopwatch.perf_counter() - start))
    assert len(found.constituencies) == 6 and first.constituency
    # A machine that is busy with other tests may take a few times as long as a quiet one, where it is about 8 ms.
    assert median(taken) < 60, taken


@pytest.mark.parametrize("typed", ["", "nowhere", "XX1 1XX", "LS6 2A", "JE2 3AB", "Newcastle"])
def test_what_cannot_be_placed_is_refused_by_field(db: Session, typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        near(db, typed)
    assert list(caught.value.errors) == ["postcode"]


def test_a_postcode_that_nobody_knows_is_taken_with_a_question(db: Session) -> None:
    place = near(db, "LS6 9ZZ").place
    assert (place.precision, place.question) == (
        "district",
        "We know LS6, but not this exact postcode. Is it right?",
    )
