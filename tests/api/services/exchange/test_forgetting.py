"""What is kept of a table, for how long, and that whoever goes is gone from it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from api.services import people
from api.services.local import now
from api.store.queries import imports
from api.store.tables import Campaign, Coordinator, Offer, Person, PostcodeUnit, TableImport
from tests.api import world
from tests.api.services.exchange.tables import (
    GOOD,
    HEADINGS,
    again,
    bring,
    check,
    names,
    problems,
    rows,
    start,
    take,
)


@pytest.fixture
def coordinator(db: Session) -> Coordinator:
    return world.add_coordinator(db)


@pytest.fixture
def campaign(db: Session, coordinator: Coordinator) -> Campaign:
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    return campaign


def person(db: Session, name: str) -> Person:
    return db.exec(select(Person).where(Person.name == name)).one()


def test_whoever_removes_themselves_is_erased_at_once_and_never_added_again(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    bring(db, campaign, coordinator, HEADINGS + GOOD)
    waiting = check(db, start(db, campaign, coordinator, HEADINGS + GOOD.replace("Jo Smith", "J. Smith")))
    people.erase(db, person(db, "Jo Smith"))
    db.flush()
    # Not a trace in the table that waits, nor in what was taken.
    assert not [row for row in rows(db) if "jo@example.org" in row.cells]
    assert names(db) == ["Al Jones", "Bo"]
    made = check(db, start(db, campaign, coordinator, HEADINGS + GOOD))
    assert "had themselves removed" in problems(db, made)[2][0][1]
    assert again(db, waiting).state == "checked"
    # Another campaign does not know them.
    other = world.add_campaign(db, coordinator, "Another")
    world.add_event(db, other, coordinator)
    assert check(db, start(db, other, coordinator, HEADINGS + GOOD)).good == 3


def test_a_phone_number_written_in_another_way_is_found_when_somebody_is_erased(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    bring(db, campaign, coordinator, HEADINGS + GOOD)
    start(db, campaign, coordinator, HEADINGS + "A. J.\t\t(07700) 900-456\tWF2 8AA\tno\t\t\n")
    people.erase(db, person(db, "Al Jones"))
    assert not [row for row in rows(db) if "A. J." in row.cells]


def test_a_table_that_nobody_takes_is_deleted_after_two_days(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    made = start(db, campaign, coordinator, HEADINGS + GOOD)
    assert imports.drop_older(db, now() - timedelta(hours=48)) == 0
    made.updated_at = now() - timedelta(hours=49)
    db.add(made)
    db.flush()
    assert imports.drop_older(db, now() - timedelta(hours=48)) == 1
    assert db.exec(select(TableImport)).all() == [] and rows(db) == []


def test_units_place_people_exactly(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
    db.add(PostcodeUnit(postcode="WF11AA", lat=53.68, lon=-1.5))
    made = check(db, start(db, campaign, coordinator, HEADINGS + GOOD))
    assert (made.good, made.rough) == (3, 1)
    take(db, made)
    offer = db.exec(select(Offer)).one()
    assert (offer.precision, offer.lat) == ("unit", 53.68)
