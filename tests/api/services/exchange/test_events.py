"""Events out of a table."""

import pytest
from sqlmodel import Session, select

from api.services.exchange import telling
from api.services.local import local
from api.store.tables import Campaign, Coordinator, Event, Message
from tests.api import world
from tests.api.services.exchange.tables import bring, check, problems, start

HEADINGS = "What\tVenue\tPostcode\tConstituency\tDate\tTime\tVolunteers needed\tMax\tStep free\n"
ROW = f"Canvass\tMarket Square\tLS6 2AB\tleeds north west\t{world.DAY:%d/%m/%Y}\t10-1\t20\t30\tyes\n"


@pytest.fixture
def coordinator(db: Session) -> Coordinator:
    return world.add_coordinator(db)


@pytest.fixture
def campaign(db: Session, coordinator: Coordinator) -> Campaign:
    return world.add_campaign(db, coordinator)


def test_an_event_is_as_if_it_had_been_typed(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    made = bring(db, campaign, coordinator, HEADINGS + ROW, "events")
    assert (made.state, made.good) == ("done", 1)
    event = db.exec(select(Event)).one()
    assert (event.title, event.place_name, event.constituency, event.kind) == (
        "Canvass", "Market Square", world.LEEDS_NORTH_WEST, "canvass",
    )  # fmt: skip
    assert (event.day, local(event.starts_at).hour, local(event.ends_at).hour) == (world.DAY, 10, 13)
    assert (event.wanted, event.capacity, event.step_free) == (20, 30, True)
    assert db.exec(select(Message)).all() == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("leeds north west", "Leeds Nort West", "Did you mean Leeds North West?"),
        ("leeds north west", "", "Write the constituency"),
        (f"{world.DAY:%d/%m/%Y}", "1/2/2020", "This day is over"),
        ("LS6 2AB", "LS6", "first half of a postcode"),
        ("20\t30", "lots\t30", "how many people you want"),
    ],
)
def test_what_is_wrong_is_said(
    db: Session, campaign: Campaign, coordinator: Coordinator, old: str, new: str, words: str
) -> None:
    made = check(db, start(db, campaign, coordinator, HEADINGS + ROW.replace(old, new), "events"))
    assert made.good == 0 and words in problems(db, made)[2][0][1]


def test_the_same_event_is_never_doubled(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
    made = bring(db, campaign, coordinator, HEADINGS + ROW + ROW.replace("Canvass", "CANVASS"), "events")
    assert (made.good, made.wrong) == (1, 1)
    assert "in row 2 already" in problems(db, made)[3][0][1]
    made = check(db, start(db, campaign, coordinator, HEADINGS + ROW, "events"))
    assert "in the campaign already" in problems(db, made)[2][0][1]


def test_the_preview_tells_it_in_words(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
    made = check(db, start(db, campaign, coordinator, HEADINGS + ROW, "events"))
    (row,) = telling.good_rows(db, campaign, made)
    assert dict(row.said)["Where"] == "Market Square, LS6 2AB" and "10:00 to 13:00" in dict(row.said)["When"]
