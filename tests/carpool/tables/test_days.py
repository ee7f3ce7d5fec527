"""Days as people write them."""

from datetime import date

import pytest

from carpool.tables import Unclear, days

FRIDAY = date(2026, 11, 27)
SATURDAY = date(2026, 11, 28)
NEAR = date(2026, 11, 1)


@pytest.mark.parametrize(
    "text",
    [
        "27/11/2026", "27/11/26", "27.11.2026", "27-11-2026", "2026-11-27", "2026-11-27 00:00", "2026-11-27T10:00:00",
        "27 Nov", "Fri 27 Nov", "Friday 27 November", "Friday, 27th of November 2026", "27th November", "Nov 27",
        "November 27, 2026", "27 nov 26", "27-Nov-2026", "27/11", "46353", "Friday", "this Friday", "Fri",
    ],
)  # fmt: skip
@pytest.mark.parametrize("known", [[FRIDAY], [FRIDAY, SATURDAY]])
def test_one_day_in_many_ways(text: str, known: list[date]) -> None:
    assert days.day(text, known, NEAR) == FRIDAY


def test_without_known_days_the_next_one_is_meant() -> None:
    assert days.day("Sat", near=NEAR) == date(2026, 11, 7)
    assert days.day("3 Jan", near=NEAR) == date(2027, 1, 3)
    assert days.day("31 Oct", near=NEAR) == date(2026, 10, 31)
    assert days.day("29 Feb 2028") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Sat 27 Nov", "27/11/2026 is a Friday"),
        ("31/11/2026", "no such day"),
        ("soon", "Write a day"),
        ("both", "Write a day"),
        ("27/11/26 and 28/11/26", "Write a day"),
        ("Monday", "nothing on a Monday"),
        ("27/11/1926", "year looks wrong"),
        ("29 Feb 2027", "no such day"),
    ],
)
def test_what_cannot_be_is_said(text: str, says: str) -> None:
    with pytest.raises(Unclear, match=says):
        days.day(text, [FRIDAY, SATURDAY], NEAR)


def test_two_saturdays_are_asked_about() -> None:
    with pytest.raises(Unclear, match="more than one Saturday"):
        days.day("Saturday", [SATURDAY, date(2026, 12, 5)], NEAR)


def test_without_a_year_and_anything_near_it_is_asked_for() -> None:
    with pytest.raises(Unclear, match="the year too"):
        days.day("27 Nov")


def test_american_dates_are_known_by_those_that_can_be_nothing_else() -> None:
    assert days.order_of(["11/05/2026", "11/27/2026"]) == "mdy"
    assert days.order_of(["11/05/2026", "27/11/2026"]) == "dmy"
    assert days.order_of(["11/05/2026", "11/27/2026", "27/11/2026"]) == "dmy"
    assert days.day("11/05/2026", order="mdy") == date(2026, 11, 5)
    assert days.day("11/05/2026") == date(2026, 5, 11)
