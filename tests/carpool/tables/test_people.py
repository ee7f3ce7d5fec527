"""Rows of people and of events: columns guessed, rows understood, what is wrong said cell by cell."""

from datetime import date, time

import pytest

from carpool.tables import (
    EVENTS,
    PEOPLE,
    Layout,
    PersonRow,
    body,
    guess,
    read_pasted,
    understand_event,
    understand_person,
)
from carpool.tables.table import Understood

DAY = date(2026, 11, 27)
NEAR = date(2026, 11, 1)


def people(text: str, usual: date | None = DAY) -> list[Understood[PersonRow]]:
    table = read_pasted(text)
    layout = guess(table, PEOPLE)
    return [understand_person(row, layout, [DAY], NEAR, usual) for row in body(table, layout)]


def person(text: str) -> PersonRow:
    (found,) = people(text)
    assert found.value is not None, found.problems
    return found.value


def columns(*headings: str) -> tuple[str | None, ...]:
    return guess(read_pasted("\t".join(headings) + "\n" + "\t".join("x" for _ in headings)), PEOPLE).columns


def test_headings_as_people_write_them() -> None:
    assert columns("First name", "Surname", "E-Mail address*", "Mobile no.", "Post Code") == (
        "first_name", "last_name", "email", "phone", "postcode",
    )  # fmt: skip
    assert columns("Name", "Can you drive?", "How many seats?", "Do you need a lift?", "Available from", "Home by") == (
        "name", "role", "seats", "needs_lift", "ready_at", "home_by",
    )  # fmt: skip
    assert columns("Volunteer", "Phone number", "Availability", "Which event?", "Access needs", "Favourite colour") == (
        "name", "phone", "times", "events", "needs", None,
    )  # fmt: skip


def test_no_field_is_given_to_two_columns() -> None:
    assert columns("Name", "Phone", "Mobile", "Postcode") in [
        ("name", "phone", None, "postcode"), ("name", None, "phone", "postcode"),
    ]  # fmt: skip


def test_without_headings_the_contents_tell() -> None:
    table = read_pasted(
        "Jo Smith\tjo@example.org\t07700 900 123\tLS6 2AB\tdriver\nAl\tal@example.org\t07700900456\tWF1 1AA\trider"
    )
    layout = guess(table, PEOPLE)
    assert layout.heading is None and layout.columns == (None, "email", "phone", "postcode", "role")


def test_a_title_above_the_headings_is_no_data() -> None:
    table = read_pasted("Volunteers for polling day\t\n\t\nName\tPhone\tPostcode\nJo\t07700 900123\tLS6 2AB")
    layout = guess(table, PEOPLE)
    assert layout.heading == 3 and [row.cells[0] for row in body(table, layout)] == ["Jo"]


def test_a_driver() -> None:
    found = person(
        "Name\tEmail\tPhone\tPostcode\tDriving?\tTimes\tCar\tReg\tDetour\tCan take\n"
        "Jo Smith\tJo <jo@example.org>\t7700900123\t12 High St, Leeds ls62ab\tyes, 2\t"
        "10am-4pm\tblue Fiesta\tAB12 XYZ\thalf an hour\tchild seat"
    )
    assert found == PersonRow(
        "Jo Smith", "jo@example.org", "07700900123", "LS6 2AB", "driver", DAY, seats=2, ready_at=time(10),
        home_by=time(16), takes={"child_seat": 1}, car="blue Fiesta", plate="AB12 XYZ", max_detour_minutes=30,
    )  # fmt: skip


def test_a_rider() -> None:
    found = person(
        "Name\tPhone\tPostcode\tRole\tPeople\tDay\tEarliest\tHome by\tEvents\tNeeds\tReturn\tPick up\n"
        "Al\t07700 900 456\tLS6 2AB\tneeds a lift\tme + 1\tFri 27 Nov\tafter 10\tuntil half past five\t"
        "Morning canvass; Stall\tguide dog, women only\tone way\tby the library"
    )
    assert found == PersonRow(
        "Al", "", "07700 900 456", "LS6 2AB", "rider", DAY, people=2, ready_at=time(10), home_by=time(17, 30),
        way_back=False, events=("Morning canvass", "Stall"), needs=frozenset({"assistance_dog"}), women_only=True,
        pickup="by the library",
    )  # fmt: skip


def test_who_drives_without_a_number_of_seats_has_the_usual_three() -> None:
    assert person("Name\tPhone\tPostcode\tDriver\nJo\t07700900123\tLS6 2AB\tyes").seats == 3


def test_all_that_is_wrong_with_a_row_is_told_at_once_and_hurts_no_other() -> None:
    wrong, right = people(
        "Name\tEmail\tPhone\tPostcode\tDriver\tSeats\tAvailable\tDay\n"
        "\tjo@\tring me\tLS6\tLabour\tlots\twhen the kids sleep\t31/11/2026\n"
        "Al\t\t07700 900456\tLS6 2AB\tno\t\t\t\n"
    )
    assert wrong.number == 2 and wrong.value is None and right.value is not None
    fields = {problem.field for problem in wrong.problems}
    assert fields == {"name", "email", "phone", "postcode", "role", "seats", "times", "day"}
    assert all(problem.words.endswith((".", "!")) for problem in wrong.problems)


def test_whoever_nobody_can_reach_is_not_taken() -> None:
    (found,) = people("Name\tEmail\tPhone\tPostcode\tRole\nJo\t\t\tLS6 2AB\trider")
    assert [problem.words for problem in found.problems] == [
        "There is neither an e-mail address nor a phone number, so nobody could tell them of their lift."
    ]


def test_a_day_is_asked_for_where_there_is_none() -> None:
    (found,) = people("Name\tPhone\tPostcode\tRole\nJo\t07700900123\tLS6 2AB\trider", usual=None)
    assert [problem.field for problem in found.problems] == ["day"]


def test_a_formula_is_named_and_never_kept() -> None:
    (found,) = people(
        'Name\tPhone\tPostcode\tRole\n=HYPERLINK("https://evil.example")\t07700900123\tLS6 2AB\trider'
    )
    assert "formula" in found.problems[0].words


def test_american_dates_are_read_as_such() -> None:
    text = "Name\tPhone\tPostcode\tRole\tDate\nJo\t07700900123\tLS6 2AB\trider\t11/27/2026\n"
    text += "Al\t07700900124\tLS6 2AB\trider\t11/05/2026"
    first, second = people(text)
    assert first.value is not None and first.value.day == DAY
    assert second.value is not None and second.value.day == date(2026, 11, 5)


EVENT = "Event\tVenue\tPostcode\tConstituency\tDate\tStart\tEnd\tVolunteers needed\tMax\tStep free\n"


def test_an_event() -> None:
    table = read_pasted(
        EVENT + "Morning canvass\tMarket Square\tLS6 2AB\tLeeds North West\t27/11/2026\t10\t1\t20\t30\tyes"
    )
    layout = guess(table, EVENTS)
    (found,) = [understand_event(row, layout, near=NEAR) for row in body(table, layout)]
    assert found.value is not None, found.problems
    event = found.value
    assert (event.title, event.place_name, event.postcode, event.constituency) == (
        "Morning canvass", "Market Square", "LS6 2AB", "Leeds North West",
    )  # fmt: skip
    assert (event.day, event.starts, event.ends, event.wanted, event.capacity) == (
        DAY,
        time(10),
        time(13),
        20,
        30,
    )
    assert event.step_free and not event.toilet


@pytest.mark.parametrize(
    ("row", "field"),
    [("\t\tLS6 2AB\t\t27/11/2026\t10\t1\t20", "title"), ("A\tB\tLS6\t\t27/11/2026\t10\t1\t20", "postcode"),
     ("A\tB\tLS6 2AB\t\tsoon\t10\t1\t20", "day"), ("A\tB\tLS6 2AB\t\t27/11/2026\t\t1\t20", "starts"),
     ("A\tB\tLS6 2AB\t\t27/11/2026\t13:00\t10:00\t20", "ends"), ("A\tB\tLS6 2AB\t\t27/11/2026\t10\t1\tmany", "wanted")],
)  # fmt: skip
def test_an_event_that_will_not_do(row: str, field: str) -> None:
    table = read_pasted(EVENT + row)
    layout = guess(table, EVENTS)
    (found,) = [understand_event(each, layout, near=NEAR) for each in body(table, layout)]
    assert field in [problem.field for problem in found.problems]


def test_a_column_that_is_not_there_is_empty() -> None:
    assert Layout(("name", None)).index("phone") is None
