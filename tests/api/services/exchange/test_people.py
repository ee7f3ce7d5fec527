"""People out of a table: taken as if they had signed up, with who vouches for them, never twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from api.errors import Conflict, Invalid
from api.services import matching, outbox, people
from api.services.exchange import bringing, telling, working
from api.services.local import local
from api.store.tables import AuditEntry, Campaign, Coordinator, Message, Offer, Person, Request
from tests.api import world
from tests.api.services.exchange.tables import (
    DAY_AS_WRITTEN,
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


def test_three_people_as_they_were_written(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
    made = bring(db, campaign, coordinator, HEADINGS + GOOD)
    assert (made.state, made.good, made.wrong, made.rough) == ("done", 3, 0, 3)
    offer = db.exec(select(Offer)).one()
    assert (offer.person_id, offer.seats, offer.day, offer.postcode) == (
        person(db, "Jo Smith").id,
        3,
        world.DAY,
        "WF1 1AA",
    )
    assert offer.ready_at and offer.home_by
    assert (local(offer.ready_at).hour, local(offer.home_by).hour) == (8, 18)
    asked = {one.person_id: one for one in db.exec(select(Request)).all()}
    assert asked[person(db, "Al Jones").id].needs == ["assistance_dog"]
    assert asked[person(db, "Bo").id].can_drive is not None
    assert [row.number for row in rows(db)] == [1]


def test_who_vouches_and_why_is_kept_and_they_can_be_matched_at_once(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    bring(db, campaign, coordinator, HEADINGS + GOOD)
    jo, al = person(db, "Jo Smith"), person(db, "Al Jones")
    assert (jo.vouched_by, jo.basis, jo.signed_up_by, jo.reach) == (
        "Sam Jones",
        "form",
        coordinator.id,
        "email",
    )
    assert jo.confirmed_at and jo.email_confirmed_at and not jo.phone_confirmed_at
    assert (al.reach, al.phone, al.phone_typed) == ("text", "+447700900456", "07700 900 456")
    instance = matching.build_instance(db, campaign, world.DAY)
    assert (len(instance.drivers), len(instance.riders)) == (1, 2)
    db.commit()
    what = db.exec(select(AuditEntry.what)).all()
    assert "table brought in" in what and "people brought in" in what


def test_the_first_message_says_who_added_them(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    bring(db, campaign, coordinator, HEADINGS + GOOD + "Di\t\t0113 496 2345\tWF1 1AA\tno\t\t\n")
    assert person(db, "Di").reach == "call"
    kinds = {(message.kind, message.state) for message in db.exec(select(Message)).all()}
    assert kinds == {("added", "created"), ("added", "call")}
    message = db.exec(select(Message).where(Message.person_id == person(db, "Jo Smith").id)).one()
    envelope = outbox.claim(db, message.id)
    assert envelope is not None and envelope.to == "jo@example.org"
    assert (envelope.page.added_by, envelope.page.basis) == (
        "Sam Jones",
        "you filled in a form or signed a list",
    )
    assert envelope.page.status == "waiting"


def test_one_bad_row_hurts_no_other(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
    bad = "Cy\tcy@\tring me\tLS6\tLabour\twhen it rains\toxygen\n"
    made = check(db, start(db, campaign, coordinator, HEADINGS + bad + GOOD))
    assert (made.state, made.good, made.wrong) == ("checked", 3, 1)
    assert {field for field, _ in problems(db, made)[2]} == {
        "email",
        "phone",
        "postcode",
        "role",
        "times",
        "needs",
    }
    assert take(db, made).good == 3 and names(db) == ["Al Jones", "Bo", "Jo Smith"]
    left = telling.left_out(db, again(db, made)).decode("utf-8-sig").splitlines()
    assert left[0].startswith("Row,What to mend,Name,E-mail") and left[1].startswith("2,")
    assert "ring me" in left[1] and len(left) == 2


def test_the_rows_left_out_come_back_once_they_are_mended(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    bad = "Cy\tcy@example.org\t+44 7700 900789\tLS6\tyes\t\t\n"
    made = take(db, check(db, start(db, campaign, coordinator, HEADINGS + bad + GOOD)))
    mended = telling.left_out(db, made).replace(b"LS6", b"LS6 2AB")
    assert b"'+44 7700" in mended
    second = take(db, check(db, start(db, campaign, coordinator, mended)))
    assert (second.good, second.wrong) == (1, 0)
    assert person(db, "Cy").phone == "+447700900789"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Jo again\tJO@example.org\t\tWF1 1AA\tno\t\t\n", "The same e-mail address as in row 2"),
        ("Jo’s mum\t\t+44 7700 900123\tWF1 1AA\tno\t\t\n", "The same phone number as in row 2"),
    ],
)
def test_the_same_person_twice_in_a_table_is_named_and_taken_once(
    db: Session, campaign: Campaign, coordinator: Coordinator, row: str, words: str
) -> None:
    made = bring(db, campaign, coordinator, HEADINGS + GOOD + row)
    assert (made.good, made.wrong) == (3, 1)
    assert words in problems(db, made)[5][0][1]


def test_whoever_is_on_the_list_already_is_named_and_not_added(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    world.add_offer(db, campaign, email="jo@example.org", phone="")
    gone = world.add_request(db, campaign, email="bo@example.org", phone="")
    people.cancel(db, world.person_of(db, gone))
    made = bring(db, campaign, coordinator, HEADINGS + GOOD)
    found = problems(db, made)
    assert "on the list for this day already" in found[2][0][1]
    assert "has cancelled for this day" in found[4][0][1]
    assert made.good == 1


def test_the_same_table_again_adds_nobody(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
    bring(db, campaign, coordinator, HEADINGS + GOOD)
    made = check(db, start(db, campaign, coordinator, HEADINGS + GOOD))
    assert (made.good, made.wrong) == (0, 3) and len(names(db)) == 3
    with pytest.raises(Conflict):
        take(db, made)


def test_another_day_is_another_sign_up(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
    bring(db, campaign, coordinator, HEADINGS + GOOD)
    world.add_event(db, campaign, coordinator, day=world.DAY + timedelta(days=1))
    made = start(db, campaign, coordinator, HEADINGS + GOOD)
    assert made.usual_day is None
    assert check(db, made, usual_day=world.DAY + timedelta(days=1)).good == 3


def test_days_and_events_are_those_of_the_campaign(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    headings = "Name\tPhone\tPostcode\tRole\tDay\tEvents\n"
    stall = world.add_event(db, campaign, coordinator, title="Stall, High Street", place_name="High Street")
    lines = (
        ("Any", DAY_AS_WRITTEN, "any"),
        ("One", DAY_AS_WRITTEN, "stall, high street"),
        ("Two", "", "Morning canvass; Stall, High Street"),
        ("Bad", DAY_AS_WRITTEN, "Picnic"),
        ("Off", "1/1/2040", ""),
    )
    table = headings + "".join(
        f"{name}\t07700 90010{number}\tWF1 1AA\trider\t{day}\t{events}\n"
        for number, (name, day, events) in enumerate(lines)
    )
    made = bring(db, campaign, coordinator, table)
    requests = db.exec(select(Request)).all()
    chosen = {world.person_of(db, request).name: request.event_ids for request in requests}
    assert chosen["Any"] is None and chosen["One"] == [str(stall.id)] and len(chosen["Two"] or []) == 2
    found = problems(db, made)
    assert "no such event" in found[5][0][1] and "Morning canvass" in found[5][0][1]
    assert "nothing on that day" in found[6][0][1]


def test_all_or_none(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
    made = check(db, start(db, campaign, coordinator, HEADINGS + GOOD))
    bringing.ask_to_take(db, made, only_all=True, vouched_by="Sam", basis="told", agreed=True)
    # Somebody signs up between the press and the work.
    world.add_offer(db, campaign, email="jo@example.org", phone="")
    working.carry_out(db, made.id)
    made = again(db, made)
    assert made.state == "checked" and "Nothing was added" in (made.error or "")
    assert names(db) == ["Dora Driver"] and (made.good, made.wrong) == (2, 1)
    with pytest.raises(Invalid):
        bringing.ask_to_take(db, made, only_all=True, vouched_by="Sam", basis="told", agreed=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"vouched_by": ""}, "vouched_by"),
        ({"basis": ""}, "basis"),
        ({"basis": "guess"}, "basis"),
        ({"agreed": False}, "agreed"),
    ],
)
def test_nobody_is_added_without_who_vouches_and_how_they_agreed(
    db: Session, campaign: Campaign, coordinator: Coordinator, changes: dict[str, Any], field: str
) -> None:
    made = check(db, start(db, campaign, coordinator, HEADINGS + GOOD))
    with pytest.raises(Invalid) as refused:
        take(db, made, **changes)
    assert list(refused.value.errors) == [field] and names(db) == []


def test_columns_that_are_needed_are_asked_for(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    made = start(db, campaign, coordinator, HEADINGS + GOOD)
    for columns, field in (
        (["name", "email", "phone", "", "role"], "column-0"),
        (["name", "email", "email", "postcode", "role"], "column-2"),
        (["name", "email", "phone", "postcode"], "usual_role"),
    ):
        with pytest.raises(Invalid) as refused:
            bringing.confirm_columns(db, made, columns, heading=1, usual_day=world.DAY, usual_role="")
        assert list(refused.value.errors) == [field]
    assert check(db, made, usual_role="rider").good == 3


def test_pressing_twice_and_two_workers_add_everybody_once(
    db: Session, campaign: Campaign, coordinator: Coordinator
) -> None:
    made = check(db, start(db, campaign, coordinator, HEADINGS + GOOD))
    take(db, made)
    working.carry_out(db, made.id)
    with pytest.raises(Conflict):
        take(db, again(db, made))
    assert len(names(db)) == 3
